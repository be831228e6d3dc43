#include "rollup/crowded_hours.h"

#include <algorithm>
#include <iterator>

#include "step_sql.h"

namespace crm::rollup {
namespace {

bool counts_messages(const FactDefinition& fact) {
  return std::any_of(fact.touched_by.begin(), fact.touched_by.end(),
                     [](Touch touch) { return touch == Touch::message || touch == Touch::delivery; });
}

}  // namespace

std::vector<StoredPeriod> CrowdedHours::among(const std::vector<StoredPeriod>& hours, const FactDefinition& fact) {
  std::vector<StoredPeriod> crowded;
  if (!counts_messages(fact)) return crowded;
  look_at(hours);
  std::copy_if(hours.begin(), hours.end(), std::back_inserter(crowded), [&](const StoredPeriod& hour) {
    const auto found = crowded_.find(hour.start);
    return found != crowded_.end() && found->second;
  });
  return crowded;
}

void CrowdedHours::look_at(const std::vector<StoredPeriod>& hours) {
  std::vector<Instant> starts;
  std::vector<Instant> untils;
  for (const StoredPeriod& hour : hours) {
    if (hour.start < snapshot_.as_of() - crowded_minutes_kept || !crowded_.emplace(hour.start, false).second) continue;
    starts.push_back(hour.start);
    untils.push_back(hour.until);
  }
  if (starts.empty()) return;
  snapshot_
      .run(sql::crowded_hours.name, sql::crowded_hours.text,
           {{"starts", source::bind_instants(starts)},
            {"untils", source::bind_instants(untils)},
            {"crowd", {std::to_string(crowd_), "bigint"}}},
           true)
      .each([&](const Row& row) { crowded_[row.instant("start")] = true; });
}

}  // namespace crm::rollup
