#pragma once
// Hours that were left stale, and grew old before the next step came: an old hour adds to the counters what it has more
// than was stored, but their minutes have added some of that already.

#include <map>
#include <set>

#include "rollup/counting.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Of one step; used by its thread.
class GrownOld {
 public:
  GrownOld(source::Snapshot& snapshot, Counting& counting) : snapshot_(snapshot), counting_(counting) {}

  // Before anything is counted: they become the sums of their minutes, which is what the counters have got of them.
  // They are to be counted in the same step.
  void settle(Instant last_step);

  using Hours = std::map<const FactDefinition*, std::set<StoredPeriod>>;
  const Hours& hours() const { return hours_; }

  // Is that minute of one of them?
  bool has(Instant minute) const;

 private:
  source::Snapshot& snapshot_;
  Counting& counting_;
  Hours hours_;
};

}  // namespace crm::rollup
