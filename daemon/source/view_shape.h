#pragma once
// Does a view stay out of the planner's way? Columns must be passed through and the view must be simple enough to be
// inlined, or no index of the base table serves it. Told from PostgreSQL's own plan of reading the view.

#include <string>
#include <vector>

#include "source/contract.h"
#include "source/snapshot.h"

namespace crm::source {

struct ViewShape {
  struct Wrapped {
    std::string column;
    std::string expression;  // that stands in the place of a column
  };
  std::vector<Wrapped> wrapped;  // instants and ids only: the daemon filters and joins by these
  std::string not_inlined;       // "DISTINCT or GROUP BY": what keeps the view from being inlined; empty: nothing does
};

ViewShape shape_of(Snapshot& snapshot, const View& view);

}  // namespace crm::source
