#include "metrics/staleness.h"

namespace crm::metrics {

std::vector<store::ResultPtr> fresh(std::span<const Sampled> sampled, store::SteadyTime now) {
  std::vector<store::ResultPtr> results;
  for (const Sampled& one : sampled) {
    if (one.result && one.result->block && store::age(*one.result, now) <= one.stale_after) {
      results.push_back(one.result);
    }
  }
  return results;
}

}  // namespace crm::metrics
