#pragma once
// Which blocks a scrape may show. A family whose collector has not succeeded for a while must vanish, so that
// Prometheus marks it stale, rather than stand still and look alive.

#include <chrono>
#include <span>
#include <vector>

#include "store/result.h"

namespace crm::metrics {

struct Sampled {
  store::ResultPtr result;  // of the last run that succeeded, wholly or in part; nullptr before the first
  std::chrono::milliseconds stale_after;
};

// The results that are there, have a block and are at most stale_after old, in the given order.
std::vector<store::ResultPtr> fresh(std::span<const Sampled> sampled, store::SteadyTime now);

}  // namespace crm::metrics
