#pragma once
// What is missing of the past: business days that nobody has counted yet, and what analytics_snapshots lacks of them.

#include <functional>
#include <optional>

#include "calendar/zone.h"
#include "rollup/counting.h"
#include "rollup/step.h"
#include "source/snapshot.h"

namespace crm::rollup {

// A step that fills it.
struct Filling {
  source::Snapshot& snapshot;
  Counting& counting;
  const calendar::Zone& zone;
  const StepRules& rules;
  std::optional<Instant> counting_since;
  std::function<bool()> out_of_time;  // asked before anything more is begun
};

// The newest first. An hour that has just ended is shown before the past is counted, which may take all the time there
// is.
void fill_past(const Filling& filling);

}  // namespace crm::rollup
