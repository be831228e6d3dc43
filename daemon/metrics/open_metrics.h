#pragma once
// Samples of many instants as one OpenMetrics text, as `promtool tsdb create-blocks-from openmetrics` reads it.

#include <cstdint>
#include <iosfwd>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm::metrics {

// Not thread-safe. Holds all it was given, some 50 bytes a sample. Bounds of histograms are written as a scrape has
// them
// ("15", where OpenMetrics would say "15.0"): they are labels, and must be those of what is scraped later.
class OpenMetrics {
 public:
  // Labels that every sample gets, such as the job and instance that a scrape would add.
  explicit OpenMetrics(const std::vector<std::pair<std::string, std::string>>& labels = {});

  // A block of text format 0.0.4, as render() makes it, of one instant, later than those before it.
  void add(std::string_view block, Instant at);

  void write(std::ostream& out) const;
  std::size_t samples() const { return samples_; }

 private:
  struct Point {
    std::uint32_t series;
    std::int64_t ms;
    std::string value;
  };
  // The series that differ in their bound only, and their sum and count: to be written together.
  struct Metric {
    std::vector<std::string> series;
    std::map<std::string, std::uint32_t, std::less<>> numbers;
    std::vector<Point> points;
  };
  struct Family {
    std::string name;
    std::string help;
    std::string type;
    std::map<std::string, Metric, std::less<>> metrics;  // by their labels
  };

  Family& family(std::string_view name);
  void add_line(Family& family, std::string_view line, std::int64_t ms);

  std::string labels_;
  std::vector<Family> families_;
  std::size_t samples_ = 0;
};

}  // namespace crm::metrics
