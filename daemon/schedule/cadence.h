#pragma once
// When a job is due: pure functions, no clock of their own.

#include <chrono>

#include <crm/sdk/window.h>

namespace crm::schedule {

struct Cadence {
  std::chrono::milliseconds every{15'000};
  bool aligned = false;                 // when the business clock shows a whole multiple of `every` since midnight
  std::chrono::milliseconds jitter{0};  // each tick is late by up to this much, so that replicas do not ask together
};

// The first aligned tick after `now`: when the business clock shows a whole multiple of `every`, and every midnight. A
// time that the clock skips is when it goes on, one that it shows twice is two ticks.
Instant next_aligned(Instant now, std::chrono::milliseconds every, const Calendar& calendar);

}  // namespace crm::schedule
