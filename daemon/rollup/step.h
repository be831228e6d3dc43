#pragma once
// A step of the rollup: takes noted changes, marks what they touch, counts again what does not hold any more, counts
// what has newly ended, in one transaction under one lock. Facts are replaced, so that a step that is repeated, cut off
// or outrun changes nothing.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "calendar/zone.h"
#include "rollup/counting.h"
#include "rollup/fact_registry.h"
#include "source/postgres.h"
#include "source/snapshot.h"

namespace crm::rollup {

struct StepRules {
  std::int64_t most_changes = 40'000;         // noted, and as many messages that are not
  std::chrono::milliseconds budget{1'000};    // when spent, nothing more is begun
  std::chrono::milliseconds timeout{60'000};  // of the whole transaction
  std::chrono::milliseconds lock_timeout{500};
  std::int64_t crowd = crowd_of_an_hour;  // messages of an hour, from which on it is one of very many
  std::chrono::days fill{62};             // how far back days are counted without being asked for
  // Also for what is missing of the past; else only for what is new or known to be stale.
  bool look_everywhere = true;
  // Leaves minutes for later where so many changes are taken that they may lie in more than there is time for
  // (late_minutes.h). Nothing: every minute is counted.
  std::optional<std::size_t> hurries_from = {};
  // Keeps young minutes by conversation where so many changes are taken (shares.h). Nothing: never.
  std::optional<std::size_t> shares_from = {};
  bool everywhere_after_an_hour = true;  // a step that sees an hour end does, too
  bool begin_counters = true;            // Prometheus's counters begin with this step, if they have not yet
  std::optional<bool> fed = {};          // nothing: as the last step found it
  std::optional<Instant> as_of = {};     // the database's clock if not given
  std::stop_token stop = {};
};

struct StepResult {
  Instant as_of{};
  std::size_t changes = 0;
  std::int64_t periods = 0;   // counted
  std::int64_t followed = 0;  // of those, minutes told by their shares
  bool more = false;          // there is more to do
  bool hurried = false;       // it may have left minutes for later
  bool fed = false;
  std::vector<std::string> notes = {};     // for the log: what does not happen every day
  std::vector<std::string> warnings = {};  // and what should not happen at all
};

// What the rollup counts, and how.
struct RollupHouse {
  source::Postgres* writer = nullptr;
  std::vector<const FactDefinition*> facts;
  const calendar::Zone* zone = nullptr;
};

// Every fact there is. Those that read a view that the CRM lacks, or whose rows are hidden, are left out by each step.
std::vector<const FactDefinition*> all_facts(const FactRegistry& registry);

// Those of the house's facts that this database's views allow to be counted; what is true now only where triggers note
// every change.
std::vector<const FactDefinition*> countable_facts(const RollupHouse& house, const source::Snapshot& snapshot,
                                                   bool fed);

// Busy, Outrun, SourceUnavailable, DeadlineExceeded: nothing is kept, try again.
StepResult take_step(const RollupHouse& house, const StepRules& rules);

}  // namespace crm::rollup
