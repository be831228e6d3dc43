#pragma once
// Minutes for which a step has no time. Where very much is written, each step finds changes in ever more minutes
// (messages are read minutes and hours after they were sent), and each minute has very many rows. Then a step counts
// the minutes that go on, and of the others as many as it has time for; those that are left wait for later steps. They
// still answer, and the answer says that it is not exact: were they read from the raw rows, answers would take the time
// that steps lack.

#include <chrono>
#include <functional>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "rollup/counting.h"
#include "rollup/stale.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Of one step; used by its thread.
class LateMinutes {
 public:
  // Finds those that earlier steps have left.
  LateMinutes(source::Snapshot& snapshot, const Counting& counting, Stale& stale);

  // By fact, those that have waited for longest first.
  using Minutes = std::vector<std::pair<const FactDefinition*, std::vector<StoredPeriod>>>;
  const Minutes& found() const { return found_; }

  // Of those found, the ones that are not to wait.
  Stale::Periods take(const std::function<bool(Instant)>& is_taken);

  // Counts the other ones found, and these, until `time` is spent, but at least some; notes those that are left.
  using Count = std::function<void(const FactDefinition&, const std::set<StoredPeriod>&)>;
  void count(const Stale::Periods& wanted, std::chrono::milliseconds time, const Count& count);

  bool any_left() const { return !left_.empty(); }
  // Is one of those that were left among these?
  bool any_in(const FactDefinition& fact, const StoredPeriod& period) const;

 private:
  void leave();

  source::Snapshot& snapshot_;
  Stale& stale_;
  Minutes found_;
  std::map<const FactDefinition*, std::set<Instant>> left_;
};

}  // namespace crm::rollup
