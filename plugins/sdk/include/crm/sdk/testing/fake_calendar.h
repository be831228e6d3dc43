#pragma once
// A calendar for tests: UTC, where a day has 24 hours and an hour 60 minutes, so that expected instants can be written
// down.

#include <crm/sdk/window.h>

namespace crm::testing {

class UtcCalendar : public Calendar {
 public:
  Instant start_of_day(Instant t) const override;
  Instant shift_days(Instant t, int days) const override;
  Period last_days(Instant now, int days) const override;
  Period last_hours(Instant now, int count) const override;
  std::vector<Instant> days(Window window) const override;
  std::vector<Instant> hours(Window window) const override;
  HourOfWeek hour_of_week(Instant t) const override;
  std::string iso(Instant t) const override;
};

const Calendar& utc_calendar();

// parse_instant for literals: "2026-11-23T22:40:18Z". UsageError if it is none.
Instant at(std::string_view iso);

}  // namespace crm::testing
