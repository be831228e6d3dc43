#pragma once
// What Prometheus is told of agents.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

#include "report.h"

namespace agent_productivity {

// Counters of facts by agent (Sources::counters), and the open conversations of all agents, also of those who are gone.
// A fact that reads a view which this CRM does not have is absent, and with it its families.
struct Counted {
  crm::FactTable conversations;
  crm::FactTable resolutions;
  crm::FactTable presence;
  std::optional<std::map<std::string, std::int64_t>> open_conversations;
  bool has_presence = true;
};

std::vector<crm::Sample> to_samples(const AgentProductivity& report, const Counted& counted);

}  // namespace agent_productivity
