#include "rollup/stored_lookups.h"

#include <algorithm>

#include "history_sql.h"
#include "rollup/fact_version.h"
#include "rollup/text_array.h"

namespace crm::rollup {
namespace {

using Wanted = StoredLookups::Wanted;

// What is looked up for other facts as well must not be much.
constexpr std::int64_t most_periods_together = 200;

std::int64_t periods_within(const std::vector<Wanted>& all) {
  std::int64_t count = 0;
  for (const Wanted& wanted : all) count += wanted.window.length() / usual(wanted.grain) + 1;
  return count;
}

bool contains(const Window& window, const Window& other) {
  return window.from <= other.from && other.to <= window.to;
}

}  // namespace

const std::string& StoredLookups::version(const FactDefinition& fact) {
  std::string& known = versions_[fact.name];
  if (known.empty()) known = version_of(fact, settings_);
  return known;
}

bool StoredLookups::knows(const std::string& fact, const Wanted& wanted) const {
  const auto known = known_.find({fact, wanted.grain});
  return known != known_.end() && std::any_of(known->second.windows.begin(), known->second.windows.end(),
                                              [&](const Window& window) { return contains(window, wanted.window); });
}

void StoredLookups::look_up(const FactDefinition& fact, const std::vector<Wanted>& wanted, Instant trusted_until) {
  std::vector<Wanted> missing;
  std::copy_if(wanted.begin(), wanted.end(), std::back_inserter(missing),
               [&](const Wanted& one) { return !knows(fact.name, one); });
  if (missing.empty()) return;
  std::vector<std::string> facts{fact.name};
  std::vector<std::string> versions{version(fact)};
  if (periods_within(missing) <= most_periods_together) {
    for (const FactDefinition* other : expected_) {
      const bool known =
          std::all_of(missing.begin(), missing.end(), [&](const Wanted& one) { return knows(other->name, one); });
      if (known || other->name == fact.name) continue;
      facts.push_back(other->name);
      versions.push_back(version(*other));
    }
  }
  std::vector<std::string_view> grains;
  std::vector<Instant> froms;
  std::vector<Instant> tos;
  for (const auto& [grain, window] : missing) {
    grains.push_back(to_string(grain));
    froms.push_back(window.from);
    tos.push_back(window.to);
    for (const std::string& name : facts) known_[{name, grain}].windows.push_back(window);
  }
  snapshot_
      .run_own(sql::stored_periods.name, sql::stored_periods.text,
               {{"facts", text_array(facts)},
                {"versions", text_array(versions)},
                {"grains", text_array(grains)},
                {"froms", source::bind_instants(froms)},
                {"tos", source::bind_instants(tos)},
                {"trusted_until", {to_iso(trusted_until), "timestamptz"}}})
      .each([&](const Row& row) {
        const Grain grain = grain_of(row.text("grain"));
        const Instant start = row.instant("start");
        known_[{std::string(row.text("fact")), grain}].found.insert_or_assign(
            start, Lookup{{grain, start, row.instant("until")},
                          row.boolean("frozen"),
                          row.boolean("holds"),
                          row.boolean("late")});
      });
}

std::vector<Lookup> StoredLookups::within(const FactDefinition& fact, Grain grain,
                                          const std::vector<Window>& windows) const {
  std::vector<Lookup> all;
  const auto known = known_.find({fact.name, grain});
  if (known == known_.end()) return all;
  for (const Window& window : windows) {
    const auto& found = known->second.found;
    for (auto at = found.lower_bound(window.from); at != found.end() && at->first < window.to; ++at) {
      if (at->second.period.until <= window.to) all.push_back(at->second);
    }
  }
  return all;
}

}  // namespace crm::rollup
