#pragma once

#include <iosfwd>

#include "app/command_line.h"

namespace crm::app {

// Who is talked to: on a terminal he is asked before his tables are changed.
struct Console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
  bool terminal = false;
};

// The daemon's own schema, or with --source what the CRM's tables need: applied, printed, or told what is pending. 1
// where that failed, or where --status finds something pending.
int migrate(const CommandLine& line);
int migrate(const CommandLine& line, Console& console);

}  // namespace crm::app
