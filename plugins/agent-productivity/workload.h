#pragma once
// How work is spread over those who are there.

#include <cstdint>
#include <vector>

namespace agent_productivity {

// Agents by how many open conversations they have.
struct Workload {
  std::int64_t balanced = 0;
  std::int64_t overloaded = 0;     // more than the mean by more than the band
  std::int64_t underutilized = 0;  // less than the mean by more than the band
  friend bool operator==(const Workload&, const Workload&) = default;
};

// `open`: the open conversations of each agent that is online or away; `band`: percent of their mean. Where nobody has
// any, everybody is balanced.
Workload spread(const std::vector<std::int64_t>& open, double band);

}  // namespace agent_productivity
