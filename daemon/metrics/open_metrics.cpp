#include "metrics/open_metrics.h"

#include <algorithm>
#include <ostream>

#include <fmt/format.h>

namespace crm::metrics {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"') out += '\\';
    out += c == '\n' ? "\\n" : std::string(1, c);
  }
  return out;
}

// The other format's escapes, and that of quotes, which only this one has.
std::string quotes_escaped(std::string_view help) {
  std::string out;
  for (const char c : help) out += c == '"' ? "\\\"" : std::string(1, c);
  return out;
}

// `a="1",le="5",b="2"` → `a="1",b="2"`
std::string without_bound(std::string_view labels) {
  std::size_t begin = labels.find("le=\"");
  while (begin != std::string_view::npos && begin > 0 && labels[begin - 1] != ',')
    begin = labels.find("le=\"", begin + 1);
  if (begin == std::string_view::npos) return std::string(labels);
  std::size_t end = labels.find('"', begin + 4) + 1;
  if (end < labels.size()) {
    ++end;  // the comma behind it
  } else if (begin > 0) {
    --begin;  // the comma before it
  }
  return std::string(labels.substr(0, begin)) + std::string(labels.substr(end));
}

// "# HELP crm_x text" → crm_x, text
std::pair<std::string_view, std::string_view> name_and_rest(std::string_view line) {
  line.remove_prefix(std::string_view("# HELP ").size());
  const std::size_t blank = line.find(' ');
  return {line.substr(0, blank), blank == std::string_view::npos ? "" : line.substr(blank + 1)};
}

}  // namespace

OpenMetrics::OpenMetrics(const std::vector<std::pair<std::string, std::string>>& labels) {
  for (const auto& [name, value] : labels)
    labels_ += fmt::format("{}{}=\"{}\"", labels_.empty() ? "" : ",", name, escaped(value));
}

OpenMetrics::Family& OpenMetrics::family(std::string_view name) {
  const auto found =
      std::find_if(families_.begin(), families_.end(), [&](const Family& family) { return family.name == name; });
  if (found != families_.end()) return *found;
  families_.push_back({std::string(name), {}, "unknown", {}});
  return families_.back();
}

void OpenMetrics::add(std::string_view block, Instant at) {
  const std::int64_t ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  Family* current = nullptr;
  while (!block.empty()) {
    const std::string_view line = block.substr(0, block.find('\n'));
    block.remove_prefix(std::min(block.size(), line.size() + 1));
    if (line.starts_with("# HELP ")) {
      const auto [name, help] = name_and_rest(line);
      current = &family(name);
      if (current->help.empty()) current->help = quotes_escaped(help);
    } else if (line.starts_with("# TYPE ")) {
      const auto [name, type] = name_and_rest(line);
      current = &family(name);
      current->type = type;
    } else if (current != nullptr && !line.empty() && line.front() != '#') {
      add_line(*current, line, ms);
    }
  }
}

void OpenMetrics::add_line(Family& family, std::string_view line, std::int64_t ms) {
  const std::size_t blank = line.rfind(' ');
  const std::string_view series = line.substr(0, blank);
  const std::size_t brace = series.find('{');
  const std::string_view labels =
      brace == std::string_view::npos ? "" : series.substr(brace + 1, series.size() - brace - 2);
  Metric& metric = family.metrics[without_bound(labels)];
  auto number = metric.numbers.find(series);
  if (number == metric.numbers.end()) {
    number = metric.numbers.emplace(std::string(series), static_cast<std::uint32_t>(metric.series.size())).first;
    std::string own = labels_;
    if (!own.empty() && !labels.empty()) own += ',';
    own += labels;
    const std::string_view name = series.substr(0, brace);
    metric.series.push_back(own.empty() ? std::string(name) : fmt::format("{}{{{}}}", name, own));
  }
  metric.points.push_back({number->second, ms, std::string(line.substr(blank + 1))});
  ++samples_;
}

void OpenMetrics::write(std::ostream& out) const {
  constexpr std::string_view total = "_total";
  for (const Family& family : families_) {
    if (family.metrics.empty()) continue;
    std::string_view name = family.name;
    if (family.type == "counter" && name.ends_with(total)) name.remove_suffix(total.size());
    out << fmt::format("# TYPE {} {}\n# HELP {} {}\n", name, family.type, name, family.help);
    for (const auto& [labels, metric] : family.metrics) {
      for (const Point& point : metric.points) {
        out << fmt::format("{} {} {}.{:03}\n", metric.series[point.series], point.value, point.ms / 1'000,
                           point.ms % 1'000);
      }
    }
  }
  out << "# EOF\n";
}

}  // namespace crm::metrics
