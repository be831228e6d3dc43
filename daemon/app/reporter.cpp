#include "app/reporter.h"

#include <crm/sdk/errors.h>

#include "rollup/run_sources.h"

namespace crm::app {
namespace {

void note_skipped(Met& met, std::string_view reason) {
  constexpr std::string_view null = "is NULL";
  const bool is_null = reason.size() >= null.size() && reason.substr(reason.size() - null.size()) == null;
  ++(is_null ? met.rows_with_null : met.rows_malformed);
}

Period period_of(const House& house, const Description& description, const calendar::WindowQuery& query, Instant now) {
  const calendar::WindowRules rules = window_rules(house, description);
  const Period asked = calendar::resolve(query, rules, *house.zone, now);
  return description.always_now ? calendar::resolve({}, rules, *house.zone, now) : asked;
}

Report collect(const House& house, const Ask& ask, Taken& taken) {
  if (!house.postgres) throw SourceUnavailable("no database is configured (database.url)");
  const Description& description = ask.collector->description();
  const auto snapshot = house.postgres->open({ask.scope, ask.deadline, ask.stop, {}, ask.purpose});
  taken.as_of = snapshot->as_of();
  taken.at = std::chrono::steady_clock::now();
  const Period period = period_of(house, description, ask.window, taken.as_of);
  CollectorLog log(house.ground.log, description.name);
  rollup::RunObserver observer{[&](std::string_view reason) { note_skipped(taken.met, reason); },
                               [&](std::string_view view, std::string_view column, std::int64_t rows) {
                                 taken.met.unknown.push_back({std::string(view), std::string(column), rows});
                               }};
  rollup::RunSources sources(*snapshot, house.facts, description, period, log, observer);
  const Request request{period.window, period.previous, ask.scope,    taken.as_of,
                        ask.params,    *house.zone,     ask.deadline, ask.stop};
  return (**ask.collector).collect(request, sources);
}

}  // namespace

calendar::WindowRules window_rules(const House& house, const Description& description) {
  return {std::chrono::floor<std::chrono::days>(house.values().api.max_range), description.window};
}

Taken take_report(const House& house, const Ask& ask) noexcept {
  Taken taken;
  taken.outcome = plugin::run([&] { return collect(house, ask, taken); });
  return taken;
}

}  // namespace crm::app
