#pragma once
// A company with many agents, or a bot with many intents, must not flood Prometheus: labels whose values are not a
// closed set are capped in each family, `agent` at max_agents, another as Family::cap says.

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "metrics/checked_samples.h"

namespace crm::metrics {

// The values that have a place in each counter, histogram and summary family, for as long as the collector lives: a
// counter that came and went with its rank would count its history again. One for each collector, used by one run at a
// time.
struct LabelSlots {
  std::map<std::string, std::set<std::string>, std::less<>> families;
};

// Keeps the agents with the largest values. The rest: gauges are summed under agent="other", unless their sum would
// mean nothing (a ratio, a mean, an instant: then dropped); counters and histograms are dropped; infos and state sets
// keep the agents that most other families keep, and drop the rest. Families stay sorted. Returns how many series were
// merged or dropped. A family with a cap of its own (Family::cap) is capped by that, and its counters have an "other".
std::size_t cap_labels(std::vector<FamilySamples>& families, std::size_t max_agents, LabelSlots& slots);

}  // namespace crm::metrics
