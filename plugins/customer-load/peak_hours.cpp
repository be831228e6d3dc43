#include "peak_hours.h"

#include <algorithm>

namespace customer_load {
namespace {

// Between which two of the sorted values the percentile lies, and how far behind the first.
double percentile_cont(double fraction, std::array<std::int64_t, hours_of_day> values) {
  std::sort(values.begin(), values.end());
  const double position = fraction * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  const auto low = static_cast<double>(values[below]);
  return low + (position - static_cast<double>(below)) * (static_cast<double>(values[above]) - low);
}

}  // namespace

PeakHours busiest(const std::array<std::int64_t, hours_of_day>& volumes) {
  const double threshold = percentile_cont(0.75, volumes);
  PeakHours peaks;
  for (std::size_t hour = 0; hour < hours_of_day; ++hour) {
    peaks[hour] = volumes[hour] > 0 && static_cast<double>(volumes[hour]) >= threshold;
  }
  return peaks;
}

PeakHours configured(const crm::Settings::Load& load) {
  PeakHours peaks;
  for (const int hour : load.peak_hours) peaks.set(static_cast<std::size_t>(hour));
  return peaks;
}

}  // namespace customer_load
