#pragma once
// The business days that a backfill is about.

#include <optional>

#include "calendar/edge.h"
#include "calendar/zone.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Days as somebody asked for them: dates, or instants within them. Nothing: from the oldest row that a fact could
// count, up to today.
struct DaysAsked {
  std::optional<calendar::Edge> from = {};
  std::optional<calendar::Edge> to = {};  // inclusive
};

// Whole business days, today at the latest. Nothing: the CRM has no rows. std::runtime_error, in one line, for days
// that are none: the last before the first, after today, before 1970.
std::optional<Window> backfill_span(const DaysAsked& asked, const calendar::Zone& zone, source::Snapshot& snapshot);

}  // namespace crm::rollup
