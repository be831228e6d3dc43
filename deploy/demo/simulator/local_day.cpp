#include "local_day.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace crm::simulator {
namespace {

// Messages by hour of the local day: two peaks at work, a small one in the evening.
constexpr std::array<std::int64_t, 24> hour_weights{4,  2,  2,  2,  3,  6,  14, 30, 60, 85, 100, 95,
                                                    62, 55, 80, 92, 78, 55, 38, 40, 46, 26, 13,  7};
// From Sunday.
constexpr std::array<std::int64_t, 7> weekday_weights{25, 110, 105, 100, 100, 95, 42};

Instant local_instant(const date::time_zone& zone, date::local_days day, int hours) {
  return std::chrono::time_point_cast<Duration>(zone.to_sys(day + std::chrono::hours{hours}, date::choose::earliest));
}

LocalDay cut_day(const date::time_zone& zone, date::local_days day, Instant now) {
  const unsigned weekday = date::weekday{day}.c_encoding();
  LocalDay result;
  result.start = local_instant(zone, day, 0);
  result.end = std::min(local_instant(zone, day, 24), now);
  result.weekend = weekday == 0 || weekday == 6;
  for (int hour = 0; hour < 24; ++hour) {
    const Instant start = local_instant(zone, day, hour);
    const Instant whole_end = local_instant(zone, day, hour + 1);
    const Instant end = std::min(whole_end, now);
    if (end <= start) continue;  // not yet, or skipped by the zone
    const std::int64_t weight = 1000 * hour_weights[static_cast<std::size_t>(hour)] * weekday_weights[weekday];
    const std::int64_t part = 1 + weight * (end - start).count() / (whole_end - start).count();
    result.hours.push_back({start, end, hour, part});
    result.weight += part;
  }
  return result;
}

}  // namespace

std::vector<LocalDay> last_days(const date::time_zone& zone, Instant now, std::int64_t days) {
  const auto today = std::chrono::floor<std::chrono::days>(zone.to_local(now));
  std::vector<LocalDay> result;
  for (std::int64_t back = days - 1; back >= 0; --back) {
    result.push_back(cut_day(zone, today - std::chrono::days{back}, now));
  }
  // However early in the day it is, today has some traffic: as much as a quiet half hour.
  if (!result.back().hours.empty()) result.back().weight = std::max<std::int64_t>(result.back().weight, 500'000);
  return result;
}

Instant draw_instant(Random& random, const LocalDay& day) {
  std::int64_t total = 0;
  for (const auto& hour : day.hours) total += hour.weight;
  std::int64_t at = random.below(total);
  auto slice = day.hours.begin();
  for (; at >= slice->weight; ++slice) at -= slice->weight;
  return slice->start + Duration{random.below((slice->end - slice->start).count())};
}

bool office_hour(int hour) {
  return hour >= 8 && hour < 18;
}

}  // namespace crm::simulator
