#include "rollup/wanted_periods.h"

#include <algorithm>
#include <iterator>

#include "rollup/fact_version.h"
#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {

const std::string& WantedPeriods::version(const FactDefinition& fact) {
  std::string& version = versions_[fact.name];
  if (version.empty()) version = version_of(fact, settings_);
  return version;
}

source::Binding WantedPeriods::about(const std::vector<StoredPeriod>& periods,
                                     const std::vector<const FactDefinition*>& facts) {
  std::vector<std::string> names;
  std::vector<std::string> versions;
  for (const FactDefinition* fact : facts) {
    names.push_back(fact->name);
    versions.push_back(version(*fact));
  }
  return {{"facts", text_array(names)},
          {"versions", text_array(versions)},
          {"first", {to_iso(periods.front().start), "timestamptz"}},
          {"last", {to_iso(periods.back().start), "timestamptz"}}};
}

std::vector<const FactDefinition*> WantedPeriods::lacking_minutes(const std::vector<StoredPeriod>& minutes,
                                                                  const std::vector<const FactDefinition*>& facts) {
  std::map<std::string, std::size_t, std::less<>> held;
  snapshot_.run(sql::holding_minutes.name, sql::holding_minutes.text, about(minutes, facts), true)
      .each([&](const Row& row) {
        held[std::string(row.text("fact"))] = static_cast<std::size_t>(row.integer("minutes"));
      });
  std::vector<const FactDefinition*> lacking;
  std::copy_if(facts.begin(), facts.end(), std::back_inserter(lacking),
               [&](const FactDefinition* fact) { return held[fact->name] != minutes.size(); });
  return lacking;
}

std::vector<Wanted> WantedPeriods::wanting(const std::vector<StoredPeriod>& periods,
                                           const std::vector<const FactDefinition*>& facts) {
  constexpr std::size_t many = 120;
  if (periods.empty() || facts.empty()) return {};
  if (periods.front().grain != Grain::minutes || periods.size() <= many) return wanting_each(periods, facts);
  // Minutes of a day are usually all there but for the last ones: they are counted before they are looked at one by
  // one.
  const auto recent = periods.end() - 5;
  const std::vector<StoredPeriod> older(periods.begin(), recent);
  std::vector<Wanted> wanted = wanting_each({recent, periods.end()}, facts);
  const std::vector<Wanted> others = wanting_each(older, lacking_minutes(older, facts));
  wanted.insert(wanted.end(), others.begin(), others.end());
  return wanted;
}

std::vector<Wanted> WantedPeriods::wanting_each(const std::vector<StoredPeriod>& periods,
                                                const std::vector<const FactDefinition*>& facts) {
  if (facts.empty()) return {};
  source::Binding binding = about(periods, facts);
  binding["grain"] = {std::string(to_string(periods.front().grain)), "text"};
  struct Stored {
    Instant until;
    bool holds;
  };
  std::map<std::string, std::map<Instant, Stored>, std::less<>> stored;  // by fact and start
  snapshot_.run(sql::periods_between.name, sql::periods_between.text, binding, true).each([&](const Row& row) {
    stored[std::string(row.text("fact"))].emplace(row.instant("start"),
                                                  Stored{row.instant("until"), row.boolean("holds")});
  });
  std::vector<Wanted> wanted;
  for (auto period = periods.rbegin(); period != periods.rend(); ++period) {
    for (const FactDefinition* fact : facts) {
      const auto& of_fact = stored[fact->name];
      const auto found = of_fact.find(period->start);
      const bool there = found != of_fact.end();
      if (there && found->second.holds && found->second.until == period->until) continue;
      wanted.push_back({fact, *period, there, std::nullopt});
      if (there && found->second.holds) wanted.back().counted_to = found->second.until;
    }
  }
  return wanted;
}

}  // namespace crm::rollup
