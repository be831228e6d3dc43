#pragma once
// `crm-metricsd rollup`: fills the history of days gone by; `rollup status`: what is stored; `rollup verify`: is it
// what the CRM's rows say? `rollup export`: the past as Prometheus would have scraped it.

#include <iosfwd>
#include <stop_token>

#include "app/command_line.h"
#include "app/house.h"
#include "rollup/backfill.h"

namespace crm::app {

struct RollupConsole {
  std::ostream& out;
  std::ostream& err;  // progress and errors
  bool terminal = false;
  std::stop_token stop = {};
  rollup::BackfillWatcher watcher = {};  // told what the progress is
};

// 1 after an error, and where `verify` finds a difference; 128 + the signal's number when stopped by one.
int rollup(const CommandLine& line);
int rollup(const CommandLine& line, RollupConsole& console);

// The four commands. They throw std::exception for what cannot be done; but for export, `house` has a writer.
int fill_history(const RollupOptions& options, const House& house, RollupConsole& console);
int print_stored(const House& house, RollupConsole& console);
int verify_stored(const RollupOptions& options, const House& house, RollupConsole& console);
int export_past(const RollupOptions& options, const House& house, RollupConsole& console);

}  // namespace crm::app
