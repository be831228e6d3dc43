#include "rollup/grown_old.h"

#include <algorithm>
#include <string>
#include <vector>

#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {

void GrownOld::settle(Instant last_step) {
  std::vector<std::string> facts;
  std::vector<std::string> versions;
  for (const FactDefinition* fact : counting_.facts()) {
    if (fact->of_now) continue;  // no counter has it
    facts.push_back(fact->name);
    versions.push_back(counting_.version(*fact));
  }
  const auto age = std::chrono::duration_cast<std::chrono::seconds>(minutes_kept);
  snapshot_
      .run(sql::grown_old.name, sql::grown_old.text,
           {{"facts", text_array(facts)},
            {"versions", text_array(versions)},
            {"age", {std::to_string(age.count()) + " seconds", "interval"}},
            {"last_step", {to_iso(last_step), "timestamptz"}}},
           true)
      .each([&](const Row& row) {
        const auto& all = counting_.facts();
        const auto fact =
            std::find_if(all.begin(), all.end(), [&](const auto* one) { return one->name == row.text("fact"); });
        hours_[*fact].insert({Grain::hour, row.instant("start"), row.instant("until")});
      });
  for (const auto& [fact, hours] : hours_) {
    const std::vector<StoredPeriod> wholes(hours.begin(), hours.end());
    Counting::Parts parts;
    for (const StoredPeriod& hour : wholes) parts.push_back(Counting::minutes({hour.start, hour.until}));
    counting_.add_up(*fact, wholes, parts);
  }
}

bool GrownOld::has(Instant minute) const {
  return std::any_of(hours_.begin(), hours_.end(), [&](const auto& of_fact) {
    return std::any_of(of_fact.second.begin(), of_fact.second.end(),
                       [&](const StoredPeriod& hour) { return hour.start <= minute && minute < hour.until; });
  });
}

}  // namespace crm::rollup
