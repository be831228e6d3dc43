#include "rollup/dated.h"

#include <algorithm>

#include <fmt/format.h>

#include "step_sql.h"

namespace crm::rollup {

void Dated::find_out(const std::vector<const FactDefinition*>& facts) {
  constexpr std::chrono::days furthest{100 * 365};
  const Instant now = snapshot_.as_of();
  Instant until = now;
  for (const FactDefinition* fact : facts) {
    if (fact->lasts()) continue;  // counted as time goes on, whatever is written
    const Rows rows =
        snapshot_.run("dated/" + fact->name,
                      fmt::format("SELECT max(f.at::timestamptz) AS at FROM ({}) f WHERE isfinite(f.at)", fact->sql),
                      {{"from", {to_iso(now), "timestamptz"}}, {"to", {to_iso(now + furthest), "timestamptz"}}}, true);
    if (!rows.empty() && !rows[0].is_null("at")) until = std::max(until, rows[0].instant("at"));
  }
  write(until);
}

void Dated::take(const std::vector<Change>& changes) {
  Instant until = snapshot_.as_of();
  for (const Change& change : changes) {
    if (change.at) until = std::max(until, *change.at);
  }
  if (until > snapshot_.as_of()) write(until);
}

void Dated::write(Instant until) {
  snapshot_.write(sql::note_dated.name, sql::note_dated.text, {{"until", {to_iso(until), "timestamptz"}}});
}

}  // namespace crm::rollup
