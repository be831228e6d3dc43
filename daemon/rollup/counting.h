#pragma once
// Counting facts into storage, within a step: periods from the raw rows, hours from their minutes, days from their
// hours.

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "calendar/zone.h"
#include "rollup/crowded_hours.h"
#include "rollup/fact_registry.h"
#include "rollup/grain.h"
#include "rollup/wanted_periods.h"
#include "source/snapshot.h"

namespace crm::rollup {

class Counting {
 public:
  Counting(source::Snapshot& snapshot, const Settings& settings, std::vector<const FactDefinition*> facts,
           const calendar::Zone& zone, bool fed, std::int64_t crowd = crowd_of_an_hour)
      : snapshot_(snapshot),
        wanted_(snapshot, settings),
        facts_(std::move(facts)),
        zone_(zone),
        fed_(fed),
        crowded_(snapshot, crowd) {}

  const std::vector<const FactDefinition*>& facts() const { return facts_; }

  const std::string& version(const FactDefinition& fact) { return wanted_.version(fact); }

  // As WantedPeriods says.
  std::vector<Wanted> wanting(const std::vector<StoredPeriod>& periods,
                              const std::vector<const FactDefinition*>& facts) {
    return wanted_.wanting(periods, facts);
  }

  // Counts periods of one fact and grain, ascending, from the raw rows: all that lie between them are read. Without
  // `counting_since` nothing is added to the counters. `stored`: something may be, for one of them.
  void count(const FactDefinition& fact, const std::vector<StoredPeriod>& periods,
             std::optional<Instant> counting_since, bool stored = true);

  // As count(), of periods that may lie far from each other.
  void count_runs(const FactDefinition& fact, const std::set<StoredPeriod>& periods,
                  std::optional<Instant> counting_since, bool stored = true);

  // From now on the shares of young minutes are stored with them, of facts that have any (shares.h).
  void begin_shares() { sharing_ = true; }

  // Minutes whose shares are stored, ascending: these (each with the start of its minute), and those that time has
  // changed, are counted anew, and the minutes' numbers follow. As count() otherwise.
  void count_shares(const FactDefinition& fact, const std::vector<StoredPeriod>& minutes,
                    const std::vector<Instant>& starts, const std::vector<std::string>& parts,
                    std::optional<Instant> counting_since);

  // Minutes of which nothing is to be counted: nothing has happened in them, or nothing more.
  void carry_on(const std::vector<Wanted>& quiet);

  // Minutes that a step has left for later (late_minutes.h), those first that have waited for longest.
  std::vector<Wanted> late_minutes() const;

  // Adds up the parts of each of `wholes`, all stored; the parts are of one grain. With `counting_since`, what the sums
  // are more than those stored before is added to the counters; else the parts have done so.
  using Parts = std::vector<std::vector<StoredPeriod>>;  // as `wholes`
  void add_up(const FactDefinition& fact, const std::vector<StoredPeriod>& wholes, const Parts& parts,
              bool stored = true, std::optional<Instant> counting_since = std::nullopt);

  // Business days, ascending: minutes of theirs that were left for later, their hours, as far as they are wanting and
  // over, and their sums. What another zone left in them goes.
  void count_days(const FactDefinition& fact, const std::vector<StoredPeriod>& days,
                  std::optional<Instant> counting_since);
  // Business hours, the young ones from their minutes if those are all there, and crowded ones from theirs, which are
  // counted where they are not there: with an hour of the time before counting, or when something changes in it. An old
  // hour adds to the counters, and its minutes do not; of a young one, only its minutes.
  void count_hours(const FactDefinition& fact, const std::vector<StoredPeriod>& hours,
                   std::optional<Instant> counting_since, bool stored = true);

  std::vector<StoredPeriod> hours(const Window& window) const;  // those that lie within
  std::vector<StoredPeriod> days(const Window& window) const;
  static std::vector<StoredPeriod> minutes(const Window& window);  // the last one ends with the window

  bool is_old(const StoredPeriod& hour) const { return hour.start < snapshot_.as_of() - minutes_kept; }

  // Minutes that no window needs any more, but for those of crowded hours, which may change for some time yet.
  void forget_minutes();

  std::int64_t counted() const { return counted_; }    // periods
  std::int64_t followed() const { return followed_; }  // of those, minutes told by their shares

 private:
  std::vector<StoredPeriod> add_up_young(const FactDefinition& fact, const std::vector<StoredPeriod>& hours,
                                         bool stored);
  std::vector<StoredPeriod> add_up_crowded(const FactDefinition& fact, const std::vector<StoredPeriod>& hours,
                                           std::optional<Instant> counting_since, bool stored);
  void count_late_minutes(const FactDefinition& fact, const Window& window, const std::vector<StoredPeriod>& hours,
                          std::optional<Instant> counting_since);
  std::vector<StoredPeriod> hours_with_minutes(Instant before);
  std::vector<Wanted> late_minutes(const std::vector<const FactDefinition*>& facts, const Window& window) const;
  void forget_other_periods(const FactDefinition& fact, Grain grain, const Window& day,
                            const std::vector<StoredPeriod>& kept);
  void forget(const FactDefinition& fact, Grain grain, const std::vector<Instant>& starts);
  std::optional<Instant> recount_at(const StoredPeriod& period) const;
  bool shares(const FactDefinition& fact, const StoredPeriod& period) const;

  source::Snapshot& snapshot_;
  WantedPeriods wanted_;
  const std::vector<const FactDefinition*> facts_;
  const calendar::Zone& zone_;
  const bool fed_;
  CrowdedHours crowded_;
  bool sharing_ = false;
  std::int64_t counted_ = 0;
  std::int64_t followed_ = 0;
};

}  // namespace crm::rollup
