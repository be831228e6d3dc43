#pragma once
// A company with many agents must not flood Prometheus: at most max_agents values of the label `agent` in a family.

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "metrics/checked_samples.h"

namespace crm::metrics {

// The agents that have a place in each counter and histogram family, for as long as the collector lives: a counter that
// came and went with its rank would count its history again. One for each collector, used by one run at a time.
struct AgentSlots {
  std::map<std::string, std::set<std::string>, std::less<>> families;
};

// Keeps the agents with the largest values. The rest: gauges are summed under agent="other", unless their sum would
// mean nothing (a ratio, a mean, an instant: then dropped); counters and histograms are dropped; infos and state sets
// keep the agents that most other families keep, and drop the rest. Families stay sorted. Returns how many series were
// merged or dropped. A family with a cap of its own (Family::cap) is capped by that, and its counters have an "other".
std::size_t cap_agents(std::vector<FamilySamples>& families, std::size_t max_agents, AgentSlots& slots);

}  // namespace crm::metrics
