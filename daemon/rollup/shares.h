#pragma once
// Shares: what each conversation contributes to a minute's numbers, and each message without one (a broadcast). Where
// very much is written, a minute has very many rows, and changes concern it for hours (messages are read long after
// they were sent). A minute whose shares are stored is not counted again as a whole: the shares in which something has
// changed are, and the minute's numbers become what they were and what these shares are more than before.
//
// They hold as the minute's numbers do. Whenever nobody knows whose rows of a minute have changed, all of it is
// counted, and its shares go or are stored anew.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rollup/counting.h"
#include "rollup/stale.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Of one step; used by its thread.
class Shares {
 public:
  // `follow`: every change is noted, and this step knows those that it has taken. Else no minute is followed.
  Shares(source::Snapshot& snapshot, Counting& counting, bool follow);

  // Can what has changed in that minute be told by shares? `where`: null, nothing has but the time. `known_since`: from
  // then on all that was written is known to this step, so that the minute may go on from there.
  bool follow(const FactDefinition& fact, const StoredPeriod& minute, const TouchedMinute* where,
              std::optional<Instant> known_since) const;

  // Those that follow.
  void count(const FactDefinition& fact, const std::set<StoredPeriod>& minutes, const Stale& stale,
             std::optional<Instant> counting_since);

  // What is too old to be kept.
  void forget();

 private:
  source::Snapshot& snapshot_;
  Counting& counting_;
  std::vector<const FactDefinition*> facts_;
  std::map<const FactDefinition*, std::map<Instant, Instant>> minutes_;  // until when, by their start
};

}  // namespace crm::rollup
