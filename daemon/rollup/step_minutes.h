#pragma once
// The minutes of a step: which are counted, which hold as they are because nothing happened in them, and which wait
// for a later step.

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "rollup/counting.h"
#include "rollup/dated.h"
#include "rollup/grown_old.h"
#include "rollup/late_minutes.h"
#include "rollup/shares.h"
#include "rollup/stale.h"
#include "rollup/step.h"

namespace crm::rollup {

// What a step has found out before it counts them.
struct MinutesOfStep {
  const StepRules& rules;
  Counting& counting;
  Stale& stale;
  const GrownOld& grown_old;
  const Dated& dated;
  std::optional<Instant> counting_since;
  std::optional<Instant> last_step;
  std::size_t changes = 0;          // taken
  bool fed = false;                 // every change is noted
  bool all_again = false;           // what is stored may lack anything
  bool changes_known = false;       // all that there were since the last step
  bool some_stale_unknown = false;  // more is stale than `stale` has
  bool everywhere = true;           // also those before the last step that are missing
};

// Used by the step's thread.
class StepMinutes {
 public:
  StepMinutes(source::Snapshot& snapshot, const MinutesOfStep& step);

  // By the minute, up to now. Where more has changed than there is time for, those that go on, those whose shares tell
  // what has changed, and of the others some.
  void count();

  // What is kept no longer.
  void forget() { shares_.forget(); }

  bool hurried() const { return hurried_; }  // it may have left some for later
  bool any_late() const { return late_.any_left(); }
  bool any_late_in(const FactDefinition& fact, const StoredPeriod& period) const { return late_.any_in(fact, period); }

  // Its hour must hold before it is an old one, which would add to the counters what its minutes have added.
  bool grows_old(Instant start) const;

 private:
  Instant now() const { return snapshot_.as_of(); }
  Instant looked_back_to() const;
  std::optional<Instant> known_since() const;
  bool is_quiet(const Wanted& minute) const;
  bool follows(const FactDefinition& fact, const StoredPeriod& minute) const;
  bool may_wait(Instant minute) const;
  bool is_of_stale_old_hour(const FactDefinition& fact, const StoredPeriod& minute) const;
  StoredPeriod of_minute(Instant start) const;
  std::vector<Wanted> to_count();
  std::pair<std::set<StoredPeriod>, std::set<StoredPeriod>> by_growth(const FactDefinition& fact,
                                                                      const std::set<StoredPeriod>& minutes) const;
  void count(const FactDefinition& fact, const std::set<StoredPeriod>& minutes);
  void follow(const FactDefinition& fact, const std::set<StoredPeriod>& minutes);

  const source::Snapshot& snapshot_;
  const MinutesOfStep step_;
  LateMinutes late_;
  Shares shares_;
  const bool hurried_;
};

}  // namespace crm::rollup
