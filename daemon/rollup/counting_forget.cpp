// Counting: minutes that no window needs any more go.

#include <set>

#include "rollup/counting.h"
#include "rollup/stored_sql.h"
#include "rollup/text_array.h"
#include "step_sql.h"

namespace crm::rollup {

// Business hours of which minutes are stored that began before then.
std::vector<StoredPeriod> Counting::hours_with_minutes(Instant before) {
  constexpr std::chrono::hours longest{2};
  std::vector<std::string> names;
  for (const FactDefinition* fact : facts_) names.push_back(fact->name);
  std::set<StoredPeriod> found;
  snapshot_
      .run(sql::old_minutes.name, sql::old_minutes.text,
           {{"facts", text_array(names)}, {"before", {to_iso(before), "timestamptz"}}}, true)
      .each([&](const Row& row) {
        const Instant at = row.instant("at");
        for (const StoredPeriod& hour : hours({at - longest, at + 2 * longest})) {
          if (hour.start <= at && at < hour.until) found.insert(hour);
        }
      });
  return {found.begin(), found.end()};
}

void Counting::forget_minutes() {
  constexpr std::chrono::hours some{2};  // so that it is not done for each
  const Instant before = snapshot_.as_of() - minutes_kept - some;
  const std::vector<StoredPeriod> old = hours_with_minutes(before);
  for (const FactDefinition* fact : facts_) {
    const std::vector<StoredPeriod> kept = fed_ ? crowded_.among(old, *fact) : std::vector<StoredPeriod>();
    const source::Binding binding{{"fact", {fact->name, "text"}},
                                  {"before", {to_iso(before), "timestamptz"}},
                                  {"kept_froms", source::bind_instants(starts_of(kept))},
                                  {"kept_untils", source::bind_instants(untils_of(kept))}};
    snapshot_.write(sql::forget_minutes.name, sql::forget_minutes.text, binding);
    snapshot_.write("forget-minutes/" + fact->name, forget_minutes_sql(*fact), binding);
  }
}

}  // namespace crm::rollup
