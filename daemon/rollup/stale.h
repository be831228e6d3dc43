#pragma once
// Stored periods that do not hold any more, of one step: those in which a change was noted, those that earlier steps
// had no time for, and those that time alone has changed. Used by the step's thread.

#include <functional>
#include <map>
#include <set>
#include <vector>

#include "rollup/counting.h"
#include "rollup/touched.h"

namespace crm::rollup {

class Stale {
 public:
  // Of `facts`, only `countable` ones can be counted now: what is touched of the others waits.
  Stale(source::Snapshot& snapshot, const std::vector<const FactDefinition*>& facts,
        const std::vector<const FactDefinition*>& countable)
      : snapshot_(snapshot), facts_(facts), countable_(countable) {}

  using Concerns = std::function<bool(const FactDefinition&)>;

  // What was touched does not hold, of the facts that it concerns. It is kept.
  void touch(Touched touched, const Concerns& concerns);

  // Periods older than the horizon that were touched stay as they are, for good.
  void freeze(const Touched& touched, const Concerns& concerns);

  // Those that were stale before, or have come due. Returns whether there are more than it took.
  bool find_others();

  // Has this step found a change in that minute?
  bool is_touched(const FactDefinition& fact, Instant minute) const;
  // Where in that minute, of a fact that has shares; nothing where it is not touched.
  const TouchedMinute* touched_in(const FactDefinition& fact, Instant minute) const;

  using Periods = std::map<const FactDefinition*, std::set<StoredPeriod>>;
  const Periods& of(Grain grain) { return stale_[grain]; }

  void counted(const FactDefinition& fact, const StoredPeriod& period);

  // What this step did not count waits for the next one.
  void leave();

 private:
  using Instants = std::map<const FactDefinition*, std::set<Instant>>;
  Instants instants_of(const Touched& touched, const Concerns& concerns) const;
  void keep(Touched touched, const Concerns& concerns);
  void take(const Rows& rows, const std::function<bool(const FactDefinition&, const StoredPeriod&)>& is_stale,
            std::map<Grain, Periods>* also);

  source::Snapshot& snapshot_;
  const std::vector<const FactDefinition*>& facts_;
  const std::vector<const FactDefinition*>& countable_;
  Instants touched_;
  std::vector<Touched> kept_;
  std::map<const FactDefinition*, TouchedMinutes> touched_minutes_;
  std::map<Grain, Periods> stale_;
  std::map<Grain, Periods> unnoted_;  // those of which the database does not know yet
};

}  // namespace crm::rollup
