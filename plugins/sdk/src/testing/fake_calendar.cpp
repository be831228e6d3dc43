#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm::testing {
namespace {

namespace chrono = std::chrono;

template <typename Unit>
std::vector<Instant> starts(Window window) {
  std::vector<Instant> all;
  if (window.from >= window.to) return all;
  for (Instant t = chrono::floor<Unit>(window.from); t < window.to; t += Unit{1}) all.push_back(t);
  return all;
}

}  // namespace

Instant UtcCalendar::start_of_day(Instant t) const {
  return chrono::floor<chrono::days>(t);
}

Instant UtcCalendar::shift_days(Instant t, int days) const {
  return t + chrono::days{days};
}

Period UtcCalendar::last_days(Instant now, int days) const {
  const Window window{start_of_day(now) - chrono::days{days - 1}, now};
  return {window, {window.from - chrono::days{days}, window.to - chrono::days{days}}};
}

Period UtcCalendar::last_hours(Instant now, int count) const {
  const Window window{chrono::floor<chrono::hours>(now) - chrono::hours{count - 1}, now};
  return {window, {window.from - window.length(), window.from}};
}

std::vector<Instant> UtcCalendar::days(Window window) const {
  return starts<chrono::days>(window);
}

std::vector<Instant> UtcCalendar::hours(Window window) const {
  return starts<chrono::hours>(window);
}

HourOfWeek UtcCalendar::hour_of_week(Instant t) const {
  const auto day = chrono::floor<chrono::days>(t);
  return {static_cast<int>(chrono::weekday{day}.c_encoding()),
          static_cast<int>(chrono::floor<chrono::hours>(t - day).count())};
}

std::string UtcCalendar::iso(Instant t) const {
  std::string text = to_iso(chrono::floor<chrono::seconds>(t));
  text.pop_back();  // Z
  return text + "+00:00";
}

const Calendar& utc_calendar() {
  static const UtcCalendar calendar;
  return calendar;
}

Instant at(std::string_view iso) {
  const auto instant = parse_instant(iso);
  if (!instant) throw UsageError("'" + std::string(iso) + "' is no instant; write 2026-11-23T22:40:18Z");
  return *instant;
}

}  // namespace crm::testing
