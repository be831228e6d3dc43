#pragma once
// When a job is due: pure functions, no clock of their own.

#include <chrono>
#include <cstdint>

#include <crm/sdk/window.h>

namespace crm::schedule {

struct Cadence {
  std::chrono::milliseconds every{15'000};
  bool aligned = false;                 // at whole multiples of `every` since business midnight
  std::chrono::milliseconds jitter{0};  // each tick is late by up to this much, so that replicas do not ask together
};

// The first aligned tick after `now`: the business midnight plus a whole multiple of `every`; at the next midnight at
// the latest, so that every business day begins with one.
Instant next_aligned(Instant now, std::chrono::milliseconds every, const Calendar& calendar);

// How long to wait from `now` for the next tick. `last_start` is when the last run began (unaligned ticks keep their
// distance from it, and never run twice to catch up); `random` in [0, 1) picks the jitter.
std::chrono::milliseconds until_next(const Cadence& cadence, Instant now, std::chrono::milliseconds since_last_start,
                                     double random, const Calendar& calendar);

}  // namespace crm::schedule
