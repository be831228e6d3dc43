#include "schedule/cadence.h"

#include <algorithm>
#include <string>

namespace crm::schedule {
namespace {

// What the business clock shows at t, since 00:00.
Duration time_of_day(Instant t, const Calendar& calendar) {
  const std::string iso = calendar.iso(t);  // 2026-11-23T22:40:18+05:30
  const auto two = [&](std::size_t at) { return std::stoi(iso.substr(at, 2)); };
  return std::chrono::hours(two(11)) + std::chrono::minutes(two(14)) + std::chrono::seconds(two(17));
}

Duration multiple_from(Duration least, Duration every) {
  return (least + every - Duration(1)) / every * every;
}

}  // namespace

Instant next_aligned(Instant now, std::chrono::milliseconds every, const Calendar& calendar) {
  const Instant midnight = calendar.start_of_day(now);
  const Instant next_midnight = calendar.start_of_day(calendar.shift_days(midnight, 1));
  // The zone's offset changes only where an hour of the calendar begins.
  const std::vector<Instant> hours = calendar.hours({midnight, next_midnight});
  Duration unseen{0};  // the first time of day that the hours before have not shown
  for (std::size_t i = 0; i < hours.size(); ++i) {
    const Instant begin = hours[i];
    const Instant end = i + 1 < hours.size() ? hours[i + 1] : next_midnight;
    const Duration shown = time_of_day(begin, calendar);
    const Duration least = now < begin ? std::min(unseen, shown) : shown + (now - begin) + Duration(1);
    const Instant tick = begin + std::max(multiple_from(least, every) - shown, Duration(0));
    if (now < end && tick < end) return tick;
    unseen = shown + (end - begin);
  }
  return next_midnight;
}

}  // namespace crm::schedule
