#pragma once
// The one way in which a report is taken, whoever asks: open a snapshot, resolve the window at its instant, collect,
// check.

#include <memory>
#include <optional>
#include <string>

#include "app/house.h"
#include "calendar/window_query.h"
#include "plugin/run.h"
#include "source/snapshot.h"

namespace crm::app {

// A run of the past: at that instant, of the raw rows as they stand now, without what has no past (queues, sessions).
struct Past {
  Instant at;
  rollup::Counters* counters;  // what counters would have said
};

struct Ask {
  std::shared_ptr<const plugin::LoadedCollector> collector;
  Scope scope;
  calendar::WindowQuery window;
  Params params;
  Deadline deadline;
  std::stop_token stop = {};
  source::Pool::For purpose = source::Pool::For::people;  // sampling: samples are wanted, and counters go on
  Page page = {};
  std::optional<Instant> window_end = {};  // of the first page, for those behind it
  source::StatementNote note = {};         // `check` looks at the plans of what it hears
  std::optional<Past> past = {};
};

// What the scheduler asks: everyone's rows, the default window, every parameter at its default.
Ask sampling_ask(std::shared_ptr<const plugin::LoadedCollector> collector, Deadline deadline,
                 std::stop_token stop = {});

// What a run met on its way.
struct Met {
  std::int64_t rows_with_null = 0;
  std::int64_t rows_malformed = 0;
  std::vector<metrics::UnknownWords> unknown;
};

struct Taken {
  plugin::Outcome outcome;
  Instant as_of{};                             // of the snapshot; the epoch if none could be opened
  std::chrono::steady_clock::time_point at{};  // the same moment of the steady clock
  Instant window_end{};
  bool exact = true;        // every number is what the CRM's rows say at as_of
  bool rebuilding = false;  // the history that it was asked of is being counted again
  Met met;
};

calendar::WindowRules window_rules(const House& house, const Description& description);

// Never throws: the outcome says what went wrong.
Taken take_report(const House& house, const Ask& ask) noexcept;

}  // namespace crm::app
