#include "workload.h"

#include <numeric>

namespace agent_productivity {

Workload spread(const std::vector<std::int64_t>& open, double band) {
  Workload workload;
  const auto all = static_cast<double>(std::accumulate(open.begin(), open.end(), std::int64_t{0}));
  for (const std::int64_t own : open) {
    // own against all ÷ agents · (1 ± band ÷ 100), without a division that rounds.
    const double left = static_cast<double>(own) * static_cast<double>(open.size()) * 100.0;
    if (left > all * (100.0 + band)) {
      ++workload.overloaded;
    } else if (left < all * (100.0 - band)) {
      ++workload.underutilized;
    } else {
      ++workload.balanced;
    }
  }
  return workload;
}

}  // namespace agent_productivity
