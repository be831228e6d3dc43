#pragma once
// Windows of time, and the business calendar that gives days and hours their edges.

#include <string>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm {

// Half open: from ≤ t < to.
struct Window {
  Instant from;
  Instant to;

  bool contains(Instant t) const { return from <= t && t < to; }
  Duration length() const { return to - from; }
  friend bool operator==(const Window&, const Window&) = default;
};

// A window and the one that it is compared with.
struct Period {
  Window window;
  Window previous;
  friend bool operator==(const Period&, const Period&) = default;
};

// Where a business hour lies in the week. Sunday is 0, as the heatmap counts.
struct HourOfWeek {
  int day_of_week = 0;  // 0 = Sunday … 6 = Saturday
  int hour = 0;         // 0 … 23
  friend bool operator==(const HourOfWeek&, const HourOfWeek&) = default;
};

// Days and hours of the configured business zone. Stateless and safe to share between threads.
class Calendar {
 public:
  virtual ~Calendar() = default;

  // The business midnight that begins the day of t (the first instant of that day where midnight does not exist).
  virtual Instant start_of_day(Instant t) const = 0;

  // The same wall-clock time, `days` business days later (negative: earlier). Of two such instants the first; out of a
  // gap, its end.
  virtual Instant shift_days(Instant t, int days) const = 0;

  // The last `days` business days up to now, today included, and the period before it: 1 = today, 7 = week, 30 = month.
  virtual Period last_days(Instant now, int days) const = 0;

  // The last `count` business hours up to now, the current one included, and the same length
  // immediately before.
  virtual Period last_hours(Instant now, int count) const = 0;

  // Starts of the business days (hours) that intersect the window, in order. An hour begins at each full hour of the
  // local clock and wherever the zone's offset changes.
  virtual std::vector<Instant> days(Window window) const = 0;
  virtual std::vector<Instant> hours(Window window) const = 0;

  virtual HourOfWeek hour_of_week(Instant t) const = 0;

  // ISO-8601 with the zone's offset at t, whole seconds: "2026-11-23T22:00:00+05:30".
  virtual std::string iso(Instant t) const = 0;
};

}  // namespace crm
