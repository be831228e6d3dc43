#pragma once
// Names, helps and labels of the daemon's own families, written once.

#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>

#include <prometheus/registry.h>

#include "metrics/labelled.h"
#include "metrics/telemetry.h"

namespace crm::metrics {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using Buckets = Histogram::BucketBoundaries;

inline auto& gauges(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry);
}
inline auto& counters(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}
inline auto& histograms(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
}

// The families of one collector, all with the label `collector` first. Not thread-safe.
struct CollectorFamilies {
  explicit CollectorFamilies(prometheus::Registry& registry);

  void add(std::string_view collector);
  void remove(std::string_view collector);

  Labelled<Gauge, 1> success, duration, last_success, as_of, stuck, dropped;
  Labelled<Counter, 1> timeouts, skipped_ticks;
  Labelled<Counter, 2> runs, rows_skipped;
};

// Unknown words have no label for the collector: what the last run of each met is summed. Not thread-safe.
class UnknownWordFamily {
 public:
  explicit UnknownWordFamily(prometheus::Registry& registry);

  void replace(const std::string& collector, const std::vector<UnknownWords>& words);

 private:
  using Column = std::pair<std::string, std::string>;  // view, column
  using Rows = std::map<Column, std::int64_t>;

  Column admitted(const UnknownWords& words);

  std::map<std::string, Rows, std::less<>> of_collector_;
  std::set<Column> known_;
  Labelled<Gauge, 2> rows_;
};

struct Telemetry::Families {
  explicit Families(const Build& build);

  prometheus::Registry registry;

  std::mutex collector_mutex;  // guards the four below: a series must not be removed while a run ends
  std::set<std::string, std::less<>> names;
  CollectorFamilies collector;
  UnknownWordFamily unknown_words;

  Gauge& postgres_up;
  std::mutex redis_mutex;  // between finding the series and removing it
  prometheus::Family<Gauge>& redis_up;
  prometheus::Family<Gauge>& gateway_up;
  Labelled<Gauge, 1> pool;
  Labelled<Histogram, 1, Buckets> query_duration;
  Labelled<Counter, 1> query_rows;

  // Absent where no history is kept.
  Labelled<Counter, 1> rollup_steps;
  prometheus::Family<Counter>& rollup_changes;
  prometheus::Family<Counter>& rollup_periods;
  prometheus::Family<Gauge>& rollup_lag;

  Labelled<Gauge, 1> in_flight;
  Labelled<Histogram, 3, Buckets> request_duration;

  prometheus::Family<Gauge>& reload_successful;
  prometheus::Family<Gauge>& reload_timestamp;

  std::mutex plugin_mutex;
  std::set<std::string> plugin_names;
  Labelled<Gauge, 1> plugins;
};

}  // namespace crm::metrics
