#include "rollup/backfill_span.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "backfill_sql.h"
#include "calendar/window_query.h"

namespace crm::rollup {
namespace {

constexpr Instant earliest{std::chrono::sys_days{std::chrono::year{1970} / 1 / 1}};

Instant day_of(const calendar::Edge& edge, const calendar::Zone& zone, Instant now) {
  if (const auto* date = std::get_if<std::chrono::sys_days>(&edge)) return calendar::start_of_date(*date, zone, now);
  return zone.start_of_day(std::get<Instant>(edge));
}

std::string date_of(Instant start, const calendar::Zone& zone) {
  return zone.iso(start).substr(0, 10);
}

std::optional<Instant> oldest(source::Snapshot& snapshot) {
  std::optional<Instant> oldest;
  for (const Statement* statement : {&sql::oldest_message, &sql::oldest_conversation}) {
    snapshot.run(statement->name, statement->text, {{"earliest", {to_iso(earliest), "timestamptz"}}}, true)
        .each([&](const Row& row) {
          const auto at = row.maybe_instant("at");
          if (at && (!oldest || *at < *oldest)) oldest = at;
        });
  }
  return oldest;
}

}  // namespace

std::optional<Window> backfill_span(const DaysAsked& asked, const calendar::Zone& zone, source::Snapshot& snapshot) {
  const Instant now = snapshot.as_of();
  const Instant today = zone.start_of_day(now);
  const Instant last = asked.to ? std::min(day_of(*asked.to, zone, now), today) : today;
  Instant first = today;
  if (asked.from) {
    first = day_of(*asked.from, zone, now);
    const std::string given = date_of(first, zone);
    if (first < zone.start_of_day(earliest))
      throw std::runtime_error(fmt::format("--from is {}: nothing is counted before 1970", given));
    if (first > today)
      throw std::runtime_error(
          fmt::format("--from is {}, after today ({}): give an earlier day", given, date_of(today, zone)));
  } else if (const auto of_rows = oldest(snapshot)) {
    first = std::min(zone.start_of_day(*of_rows), last);
  } else {
    return std::nullopt;
  }
  if (first > last) {
    throw std::runtime_error(fmt::format("--from ({}) is after --to ({}): give the earlier day first",
                                         date_of(first, zone), date_of(last, zone)));
  }
  return Window{first, zone.start_of_day(zone.shift_days(last, 1))};
}

}  // namespace crm::rollup
