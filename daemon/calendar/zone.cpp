#include "calendar/zone.h"

#include <algorithm>
#include <stdexcept>

#include <date/tz.h>
#include <fmt/format.h>

#include "calendar/quoted.h"

namespace crm::calendar {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

using LocalTime = date::local_time<Duration>;

constexpr Duration tick{1};

LocalTime local(const date::time_zone& zone, Instant t) {
  return zone.to_local(t);
}

// The instant with this reading of the local clock: the first of two; the end of the gap where there is none.
Instant instant_of(const date::time_zone& zone, LocalTime time) {
  return zone.to_sys(time, date::choose::earliest);
}

Instant start_of(const date::time_zone& zone, date::local_days day) {
  return instant_of(zone, day);
}

// The business day that t belongs to. Usually the local date; not in the minutes that are repeated when the clock goes
// back over midnight, because by then the next day has begun.
date::local_days day_of(const date::time_zone& zone, Instant t) {
  auto day = date::floor<date::days>(local(zone, t));
  while (start_of(zone, day + date::days{1}) <= t) day += date::days{1};
  return day;
}

bool was_skipped(const date::time_zone& zone, date::local_days day) {
  return start_of(zone, day) == start_of(zone, day + date::days{1});
}

// `count` business days later (negative: earlier), not counting dates that the zone skipped.
date::local_days move(const date::time_zone& zone, date::local_days day, int count) {
  const date::days step{count < 0 ? -1 : 1};
  while (count != 0) {
    day += step;
    if (!was_skipped(zone, day)) count -= static_cast<int>(step.count());
  }
  return day;
}

void require_positive(std::string_view what, int count) {
  if (count < 1) throw std::invalid_argument(fmt::format("{} must be at least 1, not {}", what, count));
}

// "localtime" is in the library's list, but says only that whoever set up this machine chose something.
const date::time_zone* find(std::string_view name) {
  const auto& zones = date::get_tzdb().zones;
  const auto found = std::find_if(zones.begin(), zones.end(), [&](const auto& zone) { return zone.name() == name; });
  if (found == zones.end() || name == "localtime") return nullptr;
  found->get_info(Instant{});  // reads the file now rather than in the middle of a request
  return &*found;
}

}  // namespace

std::shared_ptr<const Zone> Zone::load(std::string_view iana_name) {
  const date::time_zone* zone = nullptr;
  try {
    zone = find(iana_name);
  } catch (const std::exception& error) {
    throw UnknownZone(fmt::format("time zone {} cannot be read from the system's zoneinfo ({}); install tzdata",
                                  quoted(iana_name), error.what()));
  }
  if (zone == nullptr) throw unknown_zone(iana_name);
  return std::shared_ptr<const Zone>(new Zone(*zone));
}

const std::string& Zone::name() const {
  return zone_->name();
}

Instant Zone::start_of_day(Instant t) const {
  return start_of(*zone_, day_of(*zone_, t));
}

Instant Zone::shift_days(Instant t, int days) const {
  if (days == 0) return t;
  const LocalTime time = local(*zone_, t);
  const auto day = date::floor<date::days>(time);
  return instant_of(*zone_, move(*zone_, day, days) + (time - day));
}

Period Zone::last_days(Instant now, int days) const {
  require_positive("the number of days", days);
  const auto today = day_of(*zone_, now);
  const auto first = move(*zone_, today, 1 - days);
  const Window window{start_of(*zone_, first), now};
  const Instant before = start_of(*zone_, move(*zone_, first, -days));
  // While the clock repeats minutes of yesterday after today began, this time of day is before its own midnight.
  return {window, {before, std::max(before, shift_days(now, -days))}};
}

Period Zone::last_hours(Instant now, int count) const {
  require_positive("the number of hours", count);
  Instant from = start_of_hour(now);
  for (int i = 1; i < count; ++i) from = start_of_hour(from - tick);
  return {{from, now}, {from - (now - from), from}};
}

std::vector<Instant> Zone::days(Window window) const {
  std::vector<Instant> starts;
  if (window.from >= window.to) return starts;
  auto day = day_of(*zone_, window.from);
  for (Instant start = start_of(*zone_, day); start < window.to; start = start_of(*zone_, day)) {
    starts.push_back(start);
    day = move(*zone_, day, 1);
  }
  return starts;
}

std::vector<Instant> Zone::hours(Window window) const {
  std::vector<Instant> starts;
  if (window.from >= window.to) return starts;
  for (Instant start = start_of_hour(window.from); start < window.to; start = next_hour(start)) starts.push_back(start);
  return starts;
}

HourOfWeek Zone::hour_of_week(Instant t) const {
  const LocalTime time = local(*zone_, t);
  const auto day = date::floor<date::days>(time);
  return {static_cast<int>(date::weekday{day}.c_encoding()),
          static_cast<int>(date::floor<std::chrono::hours>(time - day).count())};
}

std::string Zone::iso(Instant t) const {
  const seconds offset = zone_->get_info(t).offset;
  const auto time = date::floor<seconds>(local(*zone_, t));
  const auto day = date::floor<date::days>(time);
  const date::year_month_day ymd{day};
  const date::hh_mm_ss clock{time - day};
  const date::hh_mm_ss apart{offset};
  std::string text = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{:02}:{:02}", static_cast<int>(ymd.year()),
                                 static_cast<unsigned>(ymd.month()), static_cast<unsigned>(ymd.day()),
                                 clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                                 apart.is_negative() ? '-' : '+', apart.hours().count(), apart.minutes().count());
  // Local mean times of long ago have seconds; without them the text would name another instant.
  if (apart.seconds() != seconds{0}) text += fmt::format(":{:02}", apart.seconds().count());
  return text;
}

bool Zone::whole_hour_offsets(Window window) const {
  Instant t = window.from;
  do {
    const auto info = zone_->get_info(t);
    if (info.offset % std::chrono::hours{1} != seconds{0}) return false;
    t = info.end;
  } while (t < window.to);
  return true;
}

// tzdata also list changes of the abbreviation alone: only another offset begins an hour.
Instant Zone::start_of_hour(Instant t) const {
  auto info = zone_->get_info(t);
  const seconds offset = info.offset;
  const Instant full = date::floor<std::chrono::hours>(t + offset) - offset;
  while (full < info.begin) {
    const auto before = zone_->get_info(info.begin - seconds{1});
    if (before.offset != offset) return info.begin;
    info = before;
  }
  return full;
}

Instant Zone::next_hour(Instant start) const {
  auto info = zone_->get_info(start);
  const seconds offset = info.offset;
  const Instant full = date::floor<std::chrono::hours>(start + offset) + std::chrono::hours{1} - offset;
  while (info.end < full) {
    const auto after = zone_->get_info(info.end);
    if (after.offset != offset) return info.end;
    info = after;
  }
  return full;
}

}  // namespace crm::calendar
