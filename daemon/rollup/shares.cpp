#include "rollup/shares.h"

#include <algorithm>
#include <iterator>

#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

std::vector<std::string> names_of(const std::vector<const FactDefinition*>& facts) {
  std::vector<std::string> names;
  for (const FactDefinition* fact : facts) names.push_back(fact->name);
  return names;
}

}  // namespace

Shares::Shares(source::Snapshot& snapshot, Counting& counting, bool follow) : snapshot_(snapshot), counting_(counting) {
  std::copy_if(counting.facts().begin(), counting.facts().end(), std::back_inserter(facts_),
               [](const FactDefinition* fact) { return !fact->shares.empty(); });
  if (!follow || facts_.empty()) return;
  std::vector<std::string> versions;
  for (const FactDefinition* fact : facts_) versions.push_back(counting_.version(*fact));
  snapshot_
      .run(sql::shared_minutes.name, sql::shared_minutes.text,
           {{"facts", text_array(names_of(facts_))}, {"versions", text_array(versions)}}, true)
      .each([&](const Row& row) {
        const auto fact =
            std::find_if(facts_.begin(), facts_.end(), [&](const auto* one) { return one->name == row.text("fact"); });
        minutes_[*fact].emplace(row.instant("start"), row.instant("until"));
      });
}

bool Shares::follow(const FactDefinition& fact, const StoredPeriod& minute, const TouchedMinute* where,
                    std::optional<Instant> known_since) const {
  const auto minutes = minutes_.find(&fact);
  if (minutes == minutes_.end()) return false;
  const auto stored = minutes->second.find(minute.start);
  if (stored == minutes->second.end() || (where != nullptr && where->elsewhere)) return false;
  return stored->second == minute.until || (known_since && stored->second >= *known_since);
}

void Shares::count(const FactDefinition& fact, const std::set<StoredPeriod>& minutes, const Stale& stale,
                   std::optional<Instant> counting_since) {
  std::vector<Instant> starts;
  std::vector<std::string> parts;
  for (const StoredPeriod& minute : minutes) {
    const TouchedMinute* const where = stale.touched_in(fact, minute.start);
    if (where == nullptr) continue;
    std::set<std::string_view> once;
    for (const std::string* part : where->parts) once.insert(*part);
    starts.insert(starts.end(), once.size(), minute.start);
    parts.insert(parts.end(), once.begin(), once.end());
  }
  counting_.count_shares(fact, {minutes.begin(), minutes.end()}, starts, parts, counting_since);
}

void Shares::forget() {
  if (facts_.empty()) return;
  std::vector<Instant> befores;
  for (const FactDefinition* fact : facts_)
    befores.push_back(snapshot_.as_of() - (changes_for_days(*fact) ? shares_of_campaigns_kept : shares_kept));
  snapshot_.write(sql::forget_old_shares.name, sql::forget_old_shares.text,
                  {{"facts", text_array(names_of(facts_))}, {"befores", source::bind_instants(befores)}});
}

}  // namespace crm::rollup
