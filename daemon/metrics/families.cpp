#include "metrics/families.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string_view>

#include <prometheus/check_names.h>

#include "metrics/utf8.h"

namespace crm::metrics {
namespace {

using Type = Family::Type;
using prometheus::ClientMetric;

// Collects the complaints about one family.
class Complaints {
 public:
  Complaints(const Family& family, std::vector<std::string>& all) : family_(family), all_(all) {}

  void unless(bool fine, const std::string& complaint) {
    if (!fine) all_.push_back("family '" + family_.name + "' " + complaint);
  }

 private:
  const Family& family_;
  std::vector<std::string>& all_;
};

bool distinct(const std::vector<std::string>& names) {
  return std::set<std::string_view>(names.begin(), names.end()).size() == names.size();
}

const std::string& state_label(const Family& family) {
  return family.state_label.empty() ? family.name : family.state_label;
}

void check_labels(const Family& family, Complaints& complaints) {
  complaints.unless(distinct(family.labels), "has a label twice");
  for (const std::string& label : family.labels) {
    complaints.unless(prometheus::CheckLabelName(label), "has a label '" + label + "', which is no label name");
    complaints.unless(label != "le" && label != "quantile", "has a label '" + label + "', which Prometheus reserves");
    complaints.unless(family.type != Type::state_set || label != state_label(family),
                      "has a label '" + label + "', under which its states are exported");
  }
}

void check_values(const Family& family, Complaints& complaints) {
  const bool histogram = family.type == Type::histogram;
  complaints.unless(histogram || family.buckets.empty(), "has buckets and is no histogram");
  complaints.unless(
      std::all_of(family.buckets.begin(), family.buckets.end(), [](double b) { return std::isfinite(b); }),
      "has a bucket that is no finite number (+Inf is added by itself)");
  complaints.unless(
      std::adjacent_find(family.buckets.begin(), family.buckets.end(), std::greater_equal<>{}) == family.buckets.end(),
      "has buckets that do not ascend");

  const bool state_set = family.type == Type::state_set;
  complaints.unless(state_set == !family.states.empty(),
                    state_set ? "is a state set without states" : "has states and is no state set");
  complaints.unless(distinct(family.states), "has a state twice");
  complaints.unless(family.state_label.empty() || (state_set && prometheus::CheckLabelName(family.state_label)),
                    "has a label for states '" + family.state_label + "', which is no label name or of no use");
  for (const std::string& state : family.states) complaints.unless(is_utf8(state), "has a state that is not UTF-8");
}

void check_cap(const Family& family, Complaints& complaints) {
  if (!family.cap) return;
  complaints.unless(std::find(family.labels.begin(), family.labels.end(), family.cap->label) != family.labels.end(),
                    "has a cap for a label '" + family.cap->label + "' that it does not have");
  complaints.unless(family.type == Type::gauge || family.type == Type::counter,
                    "has a cap and is neither gauge nor counter: what is left could not be summed");
}

ClientMetric metric_of(const Family& family, const Sample& sample) {
  ClientMetric metric;
  metric.label.reserve(family.labels.size() + 1);
  for (std::size_t i = 0; i < family.labels.size(); ++i) metric.label.push_back({family.labels[i], sample.labels[i]});
  return metric;
}

void add_states(const Family& family, const Sample& sample, std::vector<ClientMetric>& metrics) {
  for (const std::string& state : family.states) {
    ClientMetric metric = metric_of(family, sample);
    metric.label.push_back({state_label(family), state});
    metric.gauge.value = state == *sample.state ? 1 : 0;
    metrics.push_back(std::move(metric));
  }
}

ClientMetric::Histogram histogram_of(const Family& family, const HistogramValue& value) {
  ClientMetric::Histogram histogram;
  histogram.sample_sum = value.sum;
  for (std::size_t i = 0; i < value.counts.size(); ++i) {
    histogram.sample_count += value.counts[i];
    const double bound = i < family.buckets.size() ? family.buckets[i] : std::numeric_limits<double>::infinity();
    histogram.bucket.push_back({histogram.sample_count, bound});
  }
  return histogram;
}

prometheus::MetricType type_of(Type type) {
  switch (type) {
    case Type::counter:
      return prometheus::MetricType::Counter;
    case Type::histogram:
      return prometheus::MetricType::Histogram;
    case Type::summary:
      return prometheus::MetricType::Summary;
    case Type::gauge:
    case Type::state_set:
    case Type::info:
      break;
  }
  return prometheus::MetricType::Gauge;  // text format 0.0.4 knows no state sets and no infos
}

}  // namespace

std::vector<std::string> problems_of(std::span<const Family> families) {
  std::vector<std::string> problems;
  std::set<std::string_view> names;
  for (const Family& family : families) {
    Complaints complaints(family, problems);
    complaints.unless(prometheus::CheckMetricName(family.name), "has a name that is no metric name");
    complaints.unless(names.insert(family.name).second, "is declared twice");
    complaints.unless(!family.help.empty() && is_utf8(family.help), "has no help, or help that is not UTF-8");
    complaints.unless((family.type == Type::counter) == family.name.ends_with("_total"),
                      "must end in _total if it is a counter, and only then");
    complaints.unless(family.type != Type::info || family.name.ends_with("_info"), "is an info and must end in _info");
    check_labels(family, complaints);
    check_values(family, complaints);
    check_cap(family, complaints);
  }
  return problems;
}

prometheus::MetricFamily to_prometheus(const Family& family, std::span<const Sample> samples) {
  prometheus::MetricFamily out{family.name, family.help, type_of(family.type), {}};
  out.metric.reserve(samples.size());
  for (const Sample& sample : samples) {
    if (family.type == Type::state_set) {
      add_states(family, sample, out.metric);
      continue;
    }
    ClientMetric& metric = out.metric.emplace_back(metric_of(family, sample));
    switch (family.type) {
      case Type::counter:
        metric.counter.value = sample.value;
        break;
      case Type::gauge:
        metric.gauge.value = sample.value;
        break;
      case Type::histogram:
        metric.histogram = histogram_of(family, *sample.histogram);
        break;
      case Type::summary:
        metric.summary = {sample.histogram->counts.front(), sample.histogram->sum, {}};
        break;
      case Type::info:
        metric.gauge.value = 1;
        break;
      case Type::state_set:
        break;
    }
  }
  return out;
}

}  // namespace crm::metrics
