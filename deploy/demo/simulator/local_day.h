#pragma once
// A day of the business, cut into its hours, and how much traffic each brings.

#include <cstdint>
#include <vector>

#include <date/tz.h>

#include <crm/sdk/instant.h>

#include "random.h"

namespace crm::simulator {

struct HourSlice {
  Instant start;
  Instant end;
  int hour = 0;  // of the local clock
  std::int64_t weight = 0;
};

struct LocalDay {
  Instant start;
  Instant end;  // as far as history goes
  bool weekend = false;
  std::vector<HourSlice> hours;  // those that begin before history ends, the last one cut
  std::int64_t weight = 0;       // traffic against other days; of a cut day, what falls before its end
};

// The business days up to `now`, oldest first; the last one is cut at `now`.
std::vector<LocalDay> last_days(const date::time_zone& zone, Instant now, std::int64_t days);

// An instant of the day, likelier in its busy hours. Needs at least one hour.
Instant draw_instant(Random& random, const LocalDay& day);

bool office_hour(int hour);

}  // namespace crm::simulator
