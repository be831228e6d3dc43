#pragma once
// Hours with very many messages, a campaign's mostly. Answers to them, deliveries and conversions come for days, and
// each changes a number of that hour: so that it need not be counted anew each time, its minutes are kept. Used by the
// step's thread.

#include <map>
#include <vector>

#include "rollup/fact_registry.h"
#include "rollup/grain.h"
#include "source/snapshot.h"

namespace crm::rollup {

class CrowdedHours {
 public:
  // `crowd`: messages of such an hour, or more.
  CrowdedHours(source::Snapshot& snapshot, std::int64_t crowd) : snapshot_(snapshot), crowd_(crowd) {}

  // Those of these hours whose minutes of that fact are to be kept.
  std::vector<StoredPeriod> among(const std::vector<StoredPeriod>& hours, const FactDefinition& fact);

 private:
  void look_at(const std::vector<StoredPeriod>& hours);

  source::Snapshot& snapshot_;
  const std::int64_t crowd_;
  std::map<Instant, bool> crowded_;  // by the hour's start, of those looked at
};

}  // namespace crm::rollup
