#pragma once
// The business calendar of one IANA time zone, from the system's tzdata.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/window.h>

#include "calendar/unknown_zone.h"

namespace date {
class time_zone;
}

namespace crm::calendar {

// What crm::Calendar promises, and
// - day D is [start of D, start of D+1), where a start is the first midnight of two, or the first instant after a gap
// that
//   swallowed it. A date that the zone skipped altogether is no business day: it is no bucket and nobody counts it;
// - buckets ascend strictly, leave no gap, and have one offset each in the case of hours;
// - an empty or reversed window has no days and no hours.
// Immutable; safe to share between threads.
class Zone final : public Calendar {
 public:
  // UnknownZone for a name that is not in the tzdata, or when there are none to read.
  static std::shared_ptr<const Zone> load(std::string_view iana_name);

  const std::string& name() const;

  Instant start_of_day(Instant t) const override;
  Instant shift_days(Instant t, int days) const override;
  // std::invalid_argument when days (count) < 1.
  Period last_days(Instant now, int days) const override;
  // The previous window has the same length and ends where the window begins.
  Period last_hours(Instant now, int count) const override;
  std::vector<Instant> days(Window window) const override;
  std::vector<Instant> hours(Window window) const override;
  HourOfWeek hour_of_week(Instant t) const override;
  std::string iso(Instant t) const override;

  // Is every offset within the window (or at its beginning, if it is empty) a whole number of hours?
  bool whole_hour_offsets(Window window) const;

 private:
  explicit Zone(const date::time_zone& zone) : zone_(&zone) {}

  Instant start_of_hour(Instant t) const;
  Instant next_hour(Instant start) const;

  const date::time_zone* zone_;  // the library keeps it until the program ends
};

}  // namespace crm::calendar
