#include "metrics/telemetry.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "metrics/process.h"
#include "metrics/telemetry_families.h"
#include "metrics/text_format.h"

namespace crm::metrics {
namespace {

using std::chrono::steady_clock;

double seconds(steady_clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

double unix_seconds(Instant instant) {
  return std::chrono::duration<double>(instant.time_since_epoch()).count();
}

std::string_view to_string(RunResult result) {
  switch (result) {
    case RunResult::ok:
      return "ok";
    case RunResult::partial:
      return "partial";
    case RunResult::failed:
      return "failed";
    case RunResult::timeout:
      break;
  }
  return "timeout";
}

std::string_view to_string(Listener listener) {
  return listener == Listener::api ? "api" : "admin";
}

std::string_view known_method(std::string_view method) {
  constexpr std::array<std::string_view, 7> known{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
  return std::find(known.begin(), known.end(), method) != known.end() ? method : "other";
}

bool by_labels(const prometheus::ClientMetric& a, const prometheus::ClientMetric& b) {
  return a.label < b.label;
}

}  // namespace

Telemetry::Telemetry(const Build& build) : families_(std::make_unique<Families>(build)) {}
Telemetry::~Telemetry() = default;

void Telemetry::add_collector(std::string_view name) {
  const std::scoped_lock lock(families_->collector_mutex);
  if (families_->names.emplace(name).second) families_->collector.add(name);
}

void Telemetry::remove_collector(std::string_view name) {
  const std::scoped_lock lock(families_->collector_mutex);
  const auto found = families_->names.find(name);
  if (found == families_->names.end()) return;
  families_->unknown_words.replace(*found, {});
  families_->collector.remove(*found);
  families_->names.erase(found);
}

void Telemetry::collector_finished(std::string_view name, const RunOutcome& run) {
  const std::scoped_lock lock(families_->collector_mutex);
  const auto found = families_->names.find(name);
  if (found == families_->names.end()) return;
  CollectorFamilies& of = families_->collector;
  const bool succeeded = run.result == RunResult::ok || run.result == RunResult::partial;
  of.success({name}).Set(succeeded ? 1 : 0);
  of.duration({name}).Set(seconds(run.duration));
  of.runs({name, to_string(run.result)}).Increment();
  if (run.result == RunResult::timeout) of.timeouts({name}).Increment();
  of.rows_skipped({name, "null"}).Increment(static_cast<double>(run.rows_with_null));
  of.rows_skipped({name, "malformed"}).Increment(static_cast<double>(run.rows_malformed));
  if (!succeeded) return;
  of.last_success({name}).Set(unix_seconds(run.ended));
  of.as_of({name}).Set(unix_seconds(run.as_of));
  of.dropped({name}).Set(static_cast<double>(run.lost_series));
  families_->unknown_words.replace(*found, run.unknown);
}

void Telemetry::collector_stuck(std::string_view name, bool stuck) {
  const std::scoped_lock lock(families_->collector_mutex);
  if (families_->names.contains(name)) families_->collector.stuck({name}).Set(stuck ? 1 : 0);
}

void Telemetry::ticks_skipped(std::string_view name, std::int64_t ticks) {
  const std::scoped_lock lock(families_->collector_mutex);
  if (families_->names.contains(name)) families_->collector.skipped_ticks({name}).Increment(static_cast<double>(ticks));
}

void Telemetry::postgres_up(bool up) {
  families_->postgres_up.Set(up ? 1 : 0);
}

void Telemetry::redis_up(std::optional<bool> up) {
  const std::scoped_lock lock(families_->redis_mutex);
  prometheus::Gauge& gauge = families_->redis_up.Add({});  // the one there is, if there is one
  if (up) {
    gauge.Set(*up ? 1 : 0);
  } else {
    families_->redis_up.Remove(&gauge);
  }
}

void Telemetry::gateway_up(const std::string& name, std::optional<bool> up) {
  const std::scoped_lock lock(families_->redis_mutex);
  prometheus::Gauge& gauge = families_->gateway_up.Add({{"gateway", name}});
  if (up) {
    gauge.Set(*up ? 1 : 0);
  } else {
    families_->gateway_up.Remove(&gauge);
  }
}

void Telemetry::pool_connections(std::size_t idle, std::size_t busy) {
  families_->pool({"idle"}).Set(static_cast<double>(idle));
  families_->pool({"busy"}).Set(static_cast<double>(busy));
}

void Telemetry::query_finished(std::string_view statement, steady_clock::duration duration, std::uint64_t rows) {
  families_->query_duration({statement}).Observe(seconds(duration));
  families_->query_rows({statement}).Increment(static_cast<double>(rows));
}

void Telemetry::rollup_step(std::string_view result) {
  // All of them from the first step on: a counter that appears at 1 has no increase.
  for (const char* known : {"ok", "busy", "outrun", "failed"}) families_->rollup_steps({known});
  families_->rollup_steps({result}).Increment();
}

void Telemetry::rollup_counted(std::size_t changes, std::int64_t periods) {
  families_->rollup_changes.Add({}).Increment(static_cast<double>(changes));
  families_->rollup_periods.Add({}).Increment(static_cast<double>(periods));
}

void Telemetry::rollup_lag(std::chrono::microseconds age) {
  families_->rollup_lag.Add({}).Set(std::max(std::chrono::duration<double>(age).count(), 0.0));
}

void Telemetry::requests_in_flight(Listener listener, int requests) {
  families_->in_flight({to_string(listener)}).Set(requests);
}

void Telemetry::request_finished(std::string_view route, std::string_view method, int code,
                                 steady_clock::duration duration) {
  families_->request_duration({route, known_method(method), std::to_string(code)}).Observe(seconds(duration));
}

void Telemetry::reload_finished(bool successful, Instant at) {
  families_->reload_successful.Add({}).Set(successful ? 1 : 0);
  if (successful) families_->reload_timestamp.Add({}).Set(unix_seconds(at));
}

void Telemetry::plugins_loaded(std::span<const std::string> names, std::span<const std::string> failed) {
  const std::scoped_lock lock(families_->plugin_mutex);
  std::set<std::string> now(names.begin(), names.end());
  now.insert(failed.begin(), failed.end());
  for (const std::string& name : families_->plugin_names) {
    if (!now.contains(name)) families_->plugins.remove(name);
  }
  for (const std::string& name : failed) families_->plugins({name}).Set(0);
  for (const std::string& name : names) families_->plugins({name}).Set(1);
  families_->plugin_names = std::move(now);
}

std::string Telemetry::text() const {
  auto families = families_->registry.Collect();
  auto process = process_families();
  std::move(process.begin(), process.end(), std::back_inserter(families));
  std::sort(families.begin(), families.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
  for (auto& family : families) std::sort(family.metric.begin(), family.metric.end(), by_labels);
  return ExactTextSerializer().Serialize(families);
}

}  // namespace crm::metrics
