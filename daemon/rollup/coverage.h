#pragma once
// How a window is answered: which stored periods, and which gaps between them are counted from the raw rows.

#include <vector>

#include "rollup/grain.h"

namespace crm::rollup {

struct Coverage {
  std::vector<StoredPeriod> stored;  // ascending, none overlaps another
  std::vector<Window> gaps;          // ascending; with `stored` they are the window, nothing twice
};

// Lays long periods before short ones. Only periods inside the window, and inside one bucket (starts, ascending; none:
// the window is one), serve.
Coverage cover(const Window& window, std::vector<StoredPeriod> periods, const std::vector<Instant>& buckets);

// Joins gaps until there are at most `most`, those with the least stored time between them first: many gaps cost many
// statements.
Coverage with_few_gaps(Coverage coverage, std::size_t most);

}  // namespace crm::rollup
