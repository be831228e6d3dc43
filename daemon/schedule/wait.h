#pragma once
// The wait of one job for its next run.

#include <chrono>

#include <crm/sdk/window.h>

#include "schedule/cadence.h"

namespace crm::schedule {

// Both clocks at one moment: a distance is measured by the steady one, a time of day is the wall's.
struct Clocks {
  Instant wall;
  std::chrono::steady_clock::time_point steady;

  static Clocks read();
};

// Aligned ticks follow the wall clock wherever it is set: ask again after a while. Others keep their distance from the
// last start, and are never made up for. For one thread; the calendar must outlive it.
class Wait {
 public:
  // For the very first run: at once, but for the jitter. `random` in [0, 1) picks it.
  static Wait first(const Cadence& cadence, double random, Clocks now, const Calendar& calendar);

  // After a run that began at `last_start`.
  Wait(const Cadence& cadence, double random, Clocks now, std::chrono::steady_clock::time_point last_start,
       const Calendar& calendar);

  // How long still, as the clocks are now; nothing or less: the run is due.
  Duration remaining(Clocks now);

 private:
  Cadence cadence_;
  const Calendar* calendar_;
  Duration late_;
  std::chrono::steady_clock::time_point due_;
  Instant tick_;
};

}  // namespace crm::schedule
