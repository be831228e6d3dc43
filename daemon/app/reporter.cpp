#include "app/reporter.h"

#include <algorithm>
#include <map>

#include <crm/sdk/errors.h>

#include "rollup/run_sources.h"

namespace crm::app {
namespace {

void note_skipped(Met& met, std::string_view reason) {
  constexpr std::string_view null = "is NULL";
  const bool is_null = reason.size() >= null.size() && reason.substr(reason.size() - null.size()) == null;
  ++(is_null ? met.rows_with_null : met.rows_malformed);
}

// A page behind the first is of the first one's window: "today" is what it was then.
Period period_of(const House& house, const Description& description, const Ask& ask, Instant as_of) {
  const calendar::WindowRules rules = window_rules(house, description);
  const Instant now = std::min(ask.window_end.value_or(as_of), as_of);
  const Period asked = calendar::resolve(ask.window, rules, *house.zone, now);
  return description.always_now ? calendar::resolve({}, rules, *house.zone, now) : asked;
}

bool names_no_window(const calendar::WindowQuery& query) {
  return !query.date_range && !query.start_date && !query.end_date;
}

Report collect(const House& house, const Ask& ask, Taken& taken) {
  if (!house.postgres) throw SourceUnavailable("no database is configured (database.url)");
  const Description& description = ask.collector->description();
  const bool sampling = ask.purpose == source::Pool::For::sampling;
  const auto snapshot = house.postgres->open({.scope = ask.scope,
                                              .deadline = ask.deadline,
                                              .stop = ask.stop,
                                              .as_of = ask.past ? std::optional(ask.past->at) : std::nullopt,
                                              .purpose = ask.purpose,
                                              .note = ask.note});
  taken.as_of = snapshot->as_of();
  taken.at = std::chrono::steady_clock::now();
  const Period period = period_of(house, description, ask, taken.as_of);
  taken.window_end = period.window.to;
  CollectorLog log(house.ground.log, description.name);
  rollup::RunObserver observer{[&](std::string_view reason) { note_skipped(taken.met, reason); },
                               [&](std::string_view view, std::string_view column, std::int64_t rows) {
                                 taken.met.unknown.push_back({std::string(view), std::string(column), rows});
                               }};
  rollup::History history(*snapshot, house.values().settings);
  rollup::Counters* const counters = ask.past ? ask.past->counters : house.ground.counters.get();
  const bool stored = house.values().rollup.store && !ask.past;
  rollup::RunSources sources(*snapshot, house.facts, description, period, log, observer, sampling ? counters : nullptr,
                             ask.past ? nullptr : &house.infrastructure, stored ? &history : nullptr);
  const Request request{period.window,
                        period.previous,
                        ask.scope,
                        taken.as_of,
                        ask.params,
                        *house.zone,
                        ask.deadline,
                        ask.stop,
                        ask.page,
                        sampling,
                        names_no_window(ask.window)};
  Report report = (**ask.collector).collect(request, sources);
  taken.exact = history.exact();
  taken.rebuilding = history.rebuilding();
  return report;
}

}  // namespace

calendar::WindowRules window_rules(const House& house, const Description& description) {
  return {std::chrono::floor<std::chrono::days>(house.values().api.max_range), description.window};
}

Ask sampling_ask(std::shared_ptr<const plugin::LoadedCollector> collector, Deadline deadline, std::stop_token stop) {
  const Description& description = collector->description();
  std::map<std::string, std::string, std::less<>> defaults;
  for (const Param& param : description.params) defaults.emplace(param.name, param.otherwise);
  Ask ask{std::move(collector), Scope::everyone(), {}, Params(std::move(defaults)), deadline, std::move(stop)};
  ask.purpose = source::Pool::For::sampling;
  if (description.paging) ask.page.limit = description.paging->limit;
  return ask;
}

Taken take_report(const House& house, const Ask& ask) noexcept {
  Taken taken;
  taken.outcome = plugin::run([&] { return collect(house, ask, taken); });
  return taken;
}

}  // namespace crm::app
