#pragma once
// Counts the past into storage, beside the steps of live daemons: the newest days first, few enough at a time that
// nobody waits long. Each turn is a transaction of its own, so that what is stored when it breaks off stays, and holds.

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "rollup/step.h"

namespace crm::rollup {

struct BackfillRules {
  Window span{};                                // whole business days; the last one need not be over
  std::chrono::milliseconds turn{1'000};        // about how long a daemon's step has to wait
  std::chrono::milliseconds turn_alone{8'000};  // where no daemon takes steps: longer turns cost less
  std::chrono::milliseconds timeout{300'000};   // of one turn's transaction
  std::chrono::milliseconds lock_timeout{5'000};
  std::size_t lanes = 2;              // turns at once, each on a connection of the writer's
  std::optional<bool> fed = {};       // do triggers note every change? Nothing: as the last step found it
  std::optional<Instant> as_of = {};  // the database's clock if not given
  std::stop_token stop = {};
};

struct BackfillState {
  enum class Phase { facts, tables };  // the tables for other readers
  Phase phase = Phase::facts;
  std::size_t facts = 0;                      // that there are to be counted
  std::size_t counted = 0;                    // facts' days, by this backfill
  std::size_t wanted = 0;                     // facts' days that were not stored, or did not hold
  std::size_t days_counted = 0;               // days that all facts have now
  std::size_t days = 0;                       // that some fact lacked
  std::size_t stored_before = 0;              // facts' days that were stored and hold
  std::optional<Instant> complete_from = {};  // the oldest day from which on all is stored
  std::size_t weeks_shown = 0;                // of analytics_snapshots
  std::optional<Instant> derived_from = {};   // conversations created since then are derived
  bool waits = false;                         // for its turn
};

// Told after each turn, and while a turn is long in coming; from any thread of the backfill, one at a time.
using BackfillWatcher = std::function<void(const BackfillState&)>;

// Takes the changes that wait, as a daemon does, but begins no counters; then counts facts; then writes
// analytics_snapshots and, beside them, conversation_metrics of conversations created since the span began. Throws what
// a snapshot throws, once its threads have ended; when stopped, it returns with what has been done.
BackfillState backfill(const RollupHouse& house, const BackfillRules& rules, const BackfillWatcher& watcher);

}  // namespace crm::rollup
