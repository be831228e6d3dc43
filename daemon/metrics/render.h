#pragma once
// A report's samples become one block of Prometheus text, once, when the report is taken.

#include <cstddef>
#include <span>
#include <stdexcept>

#include <crm/sdk/description.h>
#include <crm/sdk/report.h>

#include "metrics/label_cap.h"
#include "store/block.h"

namespace crm::metrics {

// The samples are not what the collector declared: names the family and says what is wrong. The run has failed.
class BadReport : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct RenderLimits {
  std::size_t max_agents = 200;  // values of the label `agent` in a family, beside "other"
};

struct RenderCounts {
  std::size_t series = 0;          // label sets exported; a state set or a histogram is one
  std::size_t dropped_series = 0;  // merged into "other" or dropped because of max_agents
  std::size_t not_finite = 0;      // dropped because the value is NaN or infinite

  std::size_t lost() const { return dropped_series + not_finite; }
};

// Families in the order of the description, samples by labels: equal samples give equal bytes. A family without samples
// is left out. Throws BadReport, with `slots` unchanged; the description's families have passed problems_of().
// Threads: as many as you like, each with its own slots.
store::BlockPtr render(const Description& description, std::span<const Sample> samples, const RenderLimits& limits,
                       LabelSlots& slots, RenderCounts& out);

}  // namespace crm::metrics
