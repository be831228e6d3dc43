#include "schedule/wait.h"

#include <algorithm>

namespace crm::schedule {

using std::chrono::steady_clock;

Clocks Clocks::read() {
  return {std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()), steady_clock::now()};
}

Wait Wait::first(const Cadence& cadence, double random, Clocks now, const Calendar& calendar) {
  return {{.every = std::chrono::milliseconds(0), .aligned = false, .jitter = cadence.jitter},
          random,
          now,
          now.steady,
          calendar};
}

Wait::Wait(const Cadence& cadence, double random, Clocks now, steady_clock::time_point last_start,
           const Calendar& calendar)
    : cadence_(cadence),
      calendar_(&calendar),
      late_(std::chrono::floor<Duration>(Duration(cadence.jitter) * random)),
      due_(std::max(last_start + cadence.every, now.steady) + late_),
      tick_(cadence.aligned ? next_aligned(now.wall, cadence.every, calendar) : now.wall) {}

Duration Wait::remaining(Clocks now) {
  if (!cadence_.aligned) return std::chrono::ceil<Duration>(due_ - now.steady);
  // Before the tick this changes nothing unless the clock was set back past an earlier one. After it, it would be lost.
  if (now.wall < tick_) tick_ = next_aligned(now.wall, cadence_.every, *calendar_);
  return tick_ + late_ - now.wall;
}

}  // namespace crm::schedule
