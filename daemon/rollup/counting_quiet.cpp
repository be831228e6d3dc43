// Counting: minutes in which nothing happens, and minutes for which there was no time.

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "rollup/counting.h"
#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {

void Counting::carry_on(const std::vector<Wanted>& quiet) {
  if (quiet.empty()) return;
  std::vector<std::string> facts;
  std::vector<std::string> versions;
  std::vector<std::string> shown;
  std::vector<StoredPeriod> minutes;
  for (const Wanted& minute : quiet) {
    facts.push_back(minute.fact->name);
    versions.push_back(wanted_.version(*minute.fact));
    shown.emplace_back(minute.fact->of_now ? "true" : "false");
    minutes.push_back(minute.period);
  }
  snapshot_.write(sql::carry_on.name, sql::carry_on.text,
                  {{"facts", text_array(facts)},
                   {"versions", text_array(versions)},
                   {"shown", text_array(shown, "boolean[]")},
                   {"starts", source::bind_instants(starts_of(minutes))},
                   {"untils", source::bind_instants(untils_of(minutes))}});
}

std::vector<Wanted> Counting::late_minutes(const std::vector<const FactDefinition*>& facts,
                                           const Window& window) const {
  constexpr std::int64_t most = 5'000;
  std::vector<std::string> names;
  for (const FactDefinition* fact : facts) names.push_back(fact->name);
  std::vector<Wanted> late;
  snapshot_
      .run(sql::late_minutes.name, sql::late_minutes.text,
           {{"facts", text_array(names)},
            {"from", {to_iso(window.from), "timestamptz"}},
            {"to", {to_iso(window.to), "timestamptz"}},
            {"most", {std::to_string(most), "bigint"}}},
           true)
      .each([&](const Row& row) {
        const auto fact =
            std::find_if(facts.begin(), facts.end(), [&](const auto* one) { return one->name == row.text("fact"); });
        late.push_back({*fact, {Grain::minutes, row.instant("start"), row.instant("until")}});
      });
  return late;
}

std::vector<Wanted> Counting::late_minutes() const {
  const Instant now = snapshot_.as_of();
  return late_minutes(facts_, {now - crowded_minutes_kept, now});
}

// Those within the window. Of those of an old hour that is stored (`hours`: which are counted again), the hour adds to
// the counters.
void Counting::count_late_minutes(const FactDefinition& fact, const Window& window,
                                  const std::vector<StoredPeriod>& hours, std::optional<Instant> counting_since) {
  std::set<StoredPeriod> of_old_hours;
  std::set<StoredPeriod> others;
  for (const Wanted& late : late_minutes({&fact}, window)) {
    const bool old = std::any_of(hours.begin(), hours.end(), [&](const StoredPeriod& hour) {
      return is_old(hour) && hour.start <= late.period.start && late.period.start < hour.until;
    });
    (old ? of_old_hours : others).insert(late.period);
  }
  count_runs(fact, others, counting_since);
  count_runs(fact, of_old_hours, std::nullopt);
}

}  // namespace crm::rollup
