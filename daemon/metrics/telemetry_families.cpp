#include "metrics/telemetry_families.h"

#include <array>

namespace crm::metrics {

CollectorFamilies::CollectorFamilies(prometheus::Registry& registry)
    : success(
          gauges(registry, "crm_collector_success",
                 "1 if the last run of the collector succeeded, wholly or in part; 0 if it failed or none has ended."),
          {"collector"}),
      duration(gauges(registry, "crm_collector_duration_seconds", "How long the last run of the collector took."),
               {"collector"}),
      last_success(gauges(registry, "crm_collector_last_success_timestamp_seconds",
                          "When the last successful run of the collector ended."),
                   {"collector"}),
      as_of(gauges(registry, "crm_collector_as_of_timestamp_seconds",
                   "The instant at which the rows behind the collector's last good samples were counted."),
            {"collector"}),
      stuck(gauges(registry, "crm_collector_stuck",
                   "1 while a run of the collector goes on past its deadline and does not let itself be stopped."),
            {"collector"}),
      dropped(gauges(registry, "crm_collector_dropped_series",
                     "Series of the last successful run that are not shown under their own labels: agents above "
                     "max_agents, values that are no finite number."),
              {"collector"}),
      timeouts(counters(registry, "crm_collector_timeouts_total", "Runs of the collector that passed their deadline."),
               {"collector"}),
      skipped_ticks(counters(registry, "crm_collector_skipped_ticks_total",
                             "Times that the collector was due while its last run still went on."),
                    {"collector"}),
      runs(counters(registry, "crm_collector_runs_total", "Runs of the collector by how they ended."),
           {"collector", "result"}),
      rows_skipped(counters(registry, "crm_collector_rows_skipped_total",
                            "Rows that the collector left out because a value was NULL or could not be read."),
                   {"collector", "reason"}) {}

void CollectorFamilies::add(std::string_view collector) {
  for (auto* family : {&success, &stuck, &dropped}) (*family)({collector}).Set(0);
  for (auto* family : {&timeouts, &skipped_ticks}) (*family)({collector}).Increment(0);
  for (const char* result : {"ok", "partial", "failed", "timeout"}) runs({collector, result}).Increment(0);
  for (const char* reason : {"null", "malformed"}) rows_skipped({collector, reason}).Increment(0);
}

void CollectorFamilies::remove(std::string_view collector) {
  for (auto* family : {&success, &duration, &last_success, &as_of, &stuck, &dropped}) family->remove(collector);
  for (auto* family : {&timeouts, &skipped_ticks}) family->remove(collector);
  for (auto* family : {&runs, &rows_skipped}) family->remove(collector);
}

UnknownWordFamily::UnknownWordFamily(prometheus::Registry& registry)
    : rows_(gauges(registry, "crm_collector_unknown_words",
                   "Rows whose word is not in the contract's vocabulary, met in the last run of each collector."),
            {"view", "column"}) {}

// Names come from plugins: one that passes data for a name must not grow the exposition without end.
UnknownWordFamily::Column UnknownWordFamily::admitted(const UnknownWords& words) {
  constexpr std::size_t most_columns = 200;
  Column column{words.view, words.column};
  if (known_.contains(column)) return column;
  if (known_.size() >= most_columns) return {"other", "other"};
  known_.insert(column);
  return column;
}

void UnknownWordFamily::replace(const std::string& collector, const std::vector<UnknownWords>& words) {
  Rows& own = of_collector_[collector];
  Rows changed = std::exchange(own, {});
  for (auto& [column, rows] : changed) rows = 0;
  for (const UnknownWords& word : words) {
    const Column column = admitted(word);
    own[column] += word.rows;
    changed[column] = 0;
  }
  for (auto& [column, total] : changed) {
    for (const auto& [name, columns] : of_collector_) {
      const auto found = columns.find(column);
      if (found != columns.end()) total += found->second;
    }
    rows_({column.first, column.second}).Set(static_cast<double>(total));
  }
  if (own.empty()) of_collector_.erase(collector);
}

Telemetry::Families::Families(const Build& build)
    : collector(registry),
      unknown_words(registry),
      postgres_up(gauges(registry, "crm_postgres_up", "1 if the last attempt to reach PostgreSQL succeeded.").Add({})),
      redis_up(gauges(registry, "crm_redis_up",
                      "1 if the last attempt to reach the configured Redis succeeded; absent where none is.")),
      gateway_up(
          gauges(registry, "crm_gateway_up",
                 "1 if the last attempt to read the sessions of a WhatsApp gateway succeeded, of all its phones.")),
      pool(gauges(registry, "crm_pool_connections", "Connections to PostgreSQL by state."), {"state"}),
      query_duration(histograms(registry, "crm_query_duration_seconds", "How long statements took in PostgreSQL."),
                     {"statement"}, Buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}),
      query_rows(counters(registry, "crm_query_rows_total", "Rows that statements returned."), {"statement"}),
      rollup_steps(counters(registry, "crm_rollup_steps_total",
                            "Steps of the rollup by how they ended; busy: another daemon's turn."),
                   {"result"}),
      rollup_changes(
          counters(registry, "crm_rollup_changes_total", "Changes of the CRM's rows that this daemon has counted.")),
      rollup_periods(counters(registry, "crm_rollup_periods_total", "Periods of facts that this daemon has counted.")),
      rollup_lag(gauges(registry, "crm_rollup_lag_seconds",
                        "Age of the oldest change of the CRM's rows that is not counted yet; 0 when none waits.")),
      in_flight(gauges(registry, "crm_http_requests_in_flight", "Requests being answered."), {"listener"}),
      request_duration(
          histograms(registry, "crm_http_request_duration_seconds", "How long it took to answer requests."),
          {"route", "method", "code"}, Buckets{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10}),
      reload_successful(gauges(registry, "crm_config_last_reload_successful",
                               "1 if the last loading of the configuration succeeded; 0: an older one is in force.")),
      reload_timestamp(
          gauges(registry, "crm_config_last_reload_timestamp_seconds", "When the configuration in force was loaded.")),
      plugins(gauges(registry, "crm_plugins_loaded",
                     "1 for each configured plugin that is loaded, 0 for one that could not be."),
              {"plugin"}) {
  gauges(registry, "crm_build_info", "1, labelled with the version and revision that this daemon was built from.")
      .Add({{"version", build.version}, {"revision", build.revision}})
      .Set(1);
  for (const char* state : {"idle", "busy"}) pool({state}).Set(0);
  for (const char* listener : {"api", "admin"}) in_flight({listener}).Set(0);
}

}  // namespace crm::metrics
