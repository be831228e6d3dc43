#include "calendar/window_query.h"

#include <algorithm>

#include <fmt/format.h>

#include "calendar/edge.h"
#include "calendar/quoted.h"

namespace crm::calendar {
namespace {

using std::chrono::sys_days;

enum class Range { today, yesterday, week, month };

std::optional<Range> parse_range(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  if (*text == "today") return Range::today;
  if (*text == "yesterday") return Range::yesterday;
  if (*text == "week") return Range::week;
  if (*text == "month") return Range::month;
  throw BadWindow("dateRange",
                  fmt::format("dateRange {} is unknown: give today, yesterday, week or month", quoted(*text)));
}

// The start of the business day before the one that begins at `start`.
Instant day_before(const Calendar& calendar, Instant start) {
  return calendar.start_of_day(start - Duration{1});
}

Period yesterday(const Calendar& calendar, Instant now) {
  const Instant today = calendar.start_of_day(now);
  const Instant from = day_before(calendar, today);
  return {{from, today}, {day_before(calendar, from), from}};
}

Period named(Range range, const Calendar& calendar, Instant now) {
  switch (range) {
    case Range::today:
      return calendar.last_days(now, 1);
    case Range::yesterday:
      return yesterday(calendar, now);
    case Range::week:
      return calendar.last_days(now, 7);
    case Range::month:
      break;
  }
  return calendar.last_days(now, 30);
}

Period by_default(const DefaultWindow& window, const Calendar& calendar, Instant now) {
  return window.unit == DefaultWindow::Unit::business_hours ? calendar.last_hours(now, window.count)
                                                            : calendar.last_days(now, window.count);
}

bool is_date(const Edge& edge) {
  return std::holds_alternative<sys_days>(edge);
}

Instant first_instant(const Edge& edge, const Calendar& calendar, Instant now) {
  return is_date(edge) ? start_of_date(std::get<sys_days>(edge), calendar, now) : std::get<Instant>(edge);
}

Instant end_instant(const Edge& edge, const Calendar& calendar, Instant now) {
  if (!is_date(edge)) return std::get<Instant>(edge);
  return start_of_date(std::get<sys_days>(edge) + std::chrono::days{1}, calendar, now);
}

// Counting 400 business days takes 0.1 ms: only where a few hours, more or less, may decide.
bool is_longer_than(int days, const Calendar& calendar, Window window) {
  if (window.length() < std::chrono::days{days - 2}) return false;
  return calendar.shift_days(window.from, days) < window.to;
}

void check(const WindowQuery& query, const WindowRules& rules, const Calendar& calendar, Window window, Instant now) {
  const std::string start = quoted(*query.start_date);
  const std::string end = query.end_date ? "endDate " + quoted(*query.end_date) : "now";
  if (window.from >= now) {
    throw BadWindow("startDate",
                    fmt::format("startDate {} is not before now ({}): give an earlier one", start, calendar.iso(now)));
  }
  if (window.from >= window.to) {
    throw BadWindow("endDate",
                    fmt::format("nothing lies between startDate {} and {}: give a later endDate", start, end));
  }
  const int longest = static_cast<int>(rules.max_range.count());
  if (is_longer_than(longest, calendar, window)) {
    throw BadWindow("startDate", fmt::format("from startDate {} to {} is longer than {} days: give a later startDate",
                                             start, end, longest));
  }
  // The previous period of the first days of year 1 lies in a year that PostgreSQL cannot be asked about.
  if (calendar.iso(window.from) < "1970") {
    throw BadWindow("startDate", fmt::format("startDate {} is before 1970: give a later one", start));
  }
}

Period explicit_period(const WindowQuery& query, const WindowRules& rules, const Calendar& calendar, Instant now) {
  std::optional<Edge> end;
  if (query.end_date) end = parse_edge("endDate", *query.end_date);
  if (!query.start_date) {
    throw BadWindow("endDate",
                    fmt::format("endDate {} is given without a startDate: give both", quoted(*query.end_date)));
  }
  const Edge start = parse_edge("startDate", *query.start_date);

  const Instant given_end = end ? end_instant(*end, calendar, now) : now;
  const Window window{first_instant(start, calendar, now), std::min(given_end, now)};
  check(query, rules, calendar, window, now);

  if (!is_date(start) || (end && !is_date(*end))) return {window, {window.from - window.length(), window.from}};
  const int days = static_cast<int>(calendar.days(window).size());
  const bool whole_days = end && given_end <= now;
  return {window,
          {calendar.start_of_day(calendar.shift_days(window.from, -days)),
           whole_days ? window.from : calendar.shift_days(window.to, -days)}};
}

}  // namespace

Instant start_of_date(sys_days date, const Calendar& calendar, Instant now) {
  date = std::min(date, std::chrono::floor<std::chrono::days>(now) + std::chrono::days{3});
  const std::string wanted = to_iso(date).substr(0, 10);
  Instant start = calendar.start_of_day(date);  // at 00:00Z the local clock shows this date or the one before
  if (calendar.iso(start).substr(0, 10) < wanted) start = calendar.start_of_day(calendar.shift_days(start, 1));
  return start;
}

Period resolve(const WindowQuery& query, const WindowRules& rules, const Calendar& calendar, Instant now) {
  const auto range = parse_range(query.date_range);
  if (query.start_date || query.end_date) return explicit_period(query, rules, calendar, now);
  if (range) return named(*range, calendar, now);
  return by_default(rules.default_window, calendar, now);
}

}  // namespace crm::calendar
