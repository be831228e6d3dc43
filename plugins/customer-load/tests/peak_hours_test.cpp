// Which hours are busy.

#include "peak_hours.h"

#include <gtest/gtest.h>

namespace customer_load {
namespace {

std::string hours(const PeakHours& peaks) {
  std::string text;
  for (std::size_t hour = 0; hour < hours_of_day; ++hour) {
    if (peaks[hour]) text += (text.empty() ? "" : " ") + std::to_string(hour);
  }
  return text;
}

TEST(PeakHours, AreAtOrAboveThe75thPercentile) {
  // 0, 1, …, 23: the percentile lies at position 0.75 × 23 = 17.25.
  std::array<std::int64_t, hours_of_day> volumes{};
  for (std::size_t hour = 0; hour < hours_of_day; ++hour) volumes[hour] = static_cast<std::int64_t>(hour);
  EXPECT_EQ(hours(busiest(volumes)), "18 19 20 21 22 23");
  volumes[17] = 18;  // the percentile is 18 itself
  EXPECT_EQ(hours(busiest(volumes)), "17 18 19 20 21 22 23");
}

TEST(PeakHours, AreInterpolated) {
  // Eighteen hours have 10, the next 20: 10 + 0.25 × (20 − 10) = 12.5.
  std::array<std::int64_t, hours_of_day> volumes{};
  volumes.fill(10);
  for (std::size_t hour = 0; hour < 6; ++hour) volumes[hour] = 20;
  EXPECT_EQ(hours(busiest(volumes)), "0 1 2 3 4 5");
  volumes[6] = 12;
  EXPECT_EQ(hours(busiest(volumes)), "0 1 2 3 4 5") << "the percentile is 12 + 0.25 × (20 − 12) = 14 now";
}

TEST(PeakHours, AreAllWhereAllAreEqual) {
  std::array<std::int64_t, hours_of_day> volumes{};
  volumes.fill(3);
  EXPECT_EQ(busiest(volumes).count(), 24U);
}

TEST(PeakHours, AreNeverHoursInWhichNobodyWrites) {
  EXPECT_EQ(hours(busiest({})), "");
  std::array<std::int64_t, hours_of_day> volumes{};
  volumes[9] = 4;
  volumes[10] = 1;
  EXPECT_EQ(hours(busiest(volumes)), "9 10") << "open two hours a day: the percentile is 0";
}

TEST(PeakHours, CanBeConfigured) {
  EXPECT_EQ(hours(configured({.auto_peak_hours = false, .peak_hours = {22, 23, 0, 9}})), "0 9 22 23");
}

}  // namespace
}  // namespace customer_load
