#include "metrics/text_format.h"

#include <cmath>
#include <iterator>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

namespace crm::metrics {
namespace {

void append_number(std::string& out, double value) {
  if (std::isnan(value)) {
    out += "NaN";
  } else if (std::isinf(value)) {
    out += value > 0 ? "+Inf" : "-Inf";
  } else {
    fmt::format_to(std::back_inserter(out), "{}", value + 0.0);  // + 0.0: no "-0"
  }
}

void append_number(std::string& out, std::uint64_t value) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

void append_label_value(std::string& out, std::string_view value) {
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == '"') out += '\\';
    out += c;
  }
}

void append_help(std::string& out, std::string_view help) {
  for (const char c : help) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\') out += '\\';
    out += c;
  }
}

std::string_view type_word(prometheus::MetricType type) {
  switch (type) {
    case prometheus::MetricType::Counter:
      return "counter";
    case prometheus::MetricType::Gauge:
      return "gauge";
    case prometheus::MetricType::Summary:
      return "summary";
    case prometheus::MetricType::Histogram:
      return "histogram";
    case prometheus::MetricType::Untyped:
      break;
  }
  return "untyped";
}

// `name_suffix{labels,extra="bound"} value`: the lines of one metric share their label text.
class Lines {
 public:
  Lines(std::string& out, std::string_view name, const prometheus::ClientMetric& metric) : out_(out), name_(name) {
    for (const auto& label : metric.label) {
      if (!labels_.empty()) labels_ += ',';
      labels_ += label.name;
      labels_ += "=\"";
      append_label_value(labels_, label.value);
      labels_ += '"';
    }
  }

  template <typename Number>
  void add(std::string_view suffix, Number value) {
    out_.append(name_).append(suffix);
    if (!labels_.empty()) out_.append("{").append(labels_).append("}");
    end(value);
  }

  template <typename Number>
  void add(std::string_view suffix, std::string_view extra, double bound, Number value) {
    out_.append(name_).append(suffix).append("{").append(labels_);
    if (!labels_.empty()) out_ += ',';
    out_.append(extra).append("=\"");
    append_number(out_, bound);
    out_ += "\"}";
    end(value);
  }

 private:
  template <typename Number>
  void end(Number value) {
    out_ += ' ';
    append_number(out_, value);
    out_ += '\n';
  }

  std::string& out_;
  std::string_view name_;
  std::string labels_;
};

void append_histogram(Lines& lines, const prometheus::ClientMetric::Histogram& histogram) {
  bool ended = false;
  for (const auto& bucket : histogram.bucket) {
    lines.add("_bucket", "le", bucket.upper_bound, bucket.cumulative_count);
    ended = std::isinf(bucket.upper_bound);
  }
  if (!ended) lines.add("_bucket", "le", HUGE_VAL, histogram.sample_count);
  lines.add("_sum", histogram.sample_sum);
  lines.add("_count", histogram.sample_count);
}

void append_summary(Lines& lines, const prometheus::ClientMetric::Summary& summary) {
  for (const auto& quantile : summary.quantile) lines.add("", "quantile", quantile.quantile, quantile.value);
  lines.add("_sum", summary.sample_sum);
  lines.add("_count", summary.sample_count);
}

void append_metric(std::string& out, const prometheus::MetricFamily& family, const prometheus::ClientMetric& metric) {
  Lines lines(out, family.name, metric);
  switch (family.type) {
    case prometheus::MetricType::Counter:
      return lines.add("", metric.counter.value);
    case prometheus::MetricType::Gauge:
      return lines.add("", metric.gauge.value);
    case prometheus::MetricType::Summary:
      return append_summary(lines, metric.summary);
    case prometheus::MetricType::Histogram:
      return append_histogram(lines, metric.histogram);
    case prometheus::MetricType::Untyped:
      return lines.add("", metric.untyped.value);
  }
}

}  // namespace

void append_text(std::string& out, const prometheus::MetricFamily& family) {
  if (family.metric.empty()) return;
  if (!family.help.empty()) {
    out.append("# HELP ").append(family.name).append(" ");
    append_help(out, family.help);
    out += '\n';
  }
  out.append("# TYPE ").append(family.name).append(" ").append(type_word(family.type)).append("\n");
  for (const auto& metric : family.metric) append_metric(out, family, metric);
}

std::string ExactTextSerializer::Serialize(const std::vector<prometheus::MetricFamily>& families) const {
  std::string text;
  for (const auto& family : families) append_text(text, family);
  return text;
}

void ExactTextSerializer::Serialize(std::ostream& out, const std::vector<prometheus::MetricFamily>& families) const {
  out << Serialize(families);
}

}  // namespace crm::metrics
