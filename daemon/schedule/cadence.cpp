#include "schedule/cadence.h"

#include <algorithm>

namespace crm::schedule {

using std::chrono::milliseconds;

Instant next_aligned(Instant now, milliseconds every, const Calendar& calendar) {
  const Instant midnight = calendar.start_of_day(now);
  const Instant next_midnight = calendar.start_of_day(calendar.shift_days(midnight, 1));
  const auto passed = (now - midnight) / Duration(every);
  return std::min(midnight + Duration(every) * (passed + 1), next_midnight);
}

milliseconds until_next(const Cadence& cadence, Instant now, milliseconds since_last_start, double random,
                        const Calendar& calendar) {
  const milliseconds late{static_cast<std::int64_t>(static_cast<double>(cadence.jitter.count()) * random)};
  if (cadence.aligned) {
    return std::chrono::ceil<milliseconds>(next_aligned(now, cadence.every, calendar) - now) + late;
  }
  return std::max(cadence.every - since_last_start, milliseconds(0)) + late;
}

}  // namespace crm::schedule
