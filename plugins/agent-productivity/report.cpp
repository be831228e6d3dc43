#include "report.h"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

namespace agent_productivity {
namespace {

using crm::Json;

std::int64_t whole_seconds(std::int64_t ms) {
  return crm::whole_seconds({ms, 1});
}

// Of clocks that go ahead, nothing is less than no time ago.
std::int64_t duration(const AgentMetrics& agent, crm::Instant now) {
  if (!agent.since) return 0;
  return std::max<std::int64_t>(std::chrono::floor<std::chrono::seconds>(now - *agent.since).count(), 0);
}

Json to_json(const AgentMetrics& agent, crm::Instant now) {
  return {{"agentId", agent.agent_id},
          {"agentName", agent.agent_name},
          {"chatsHandled", agent.chats},
          {"resolutionRate", crm::percentage({agent.resolved, agent.chats}, 0.0)},
          {"idleTime", whole_seconds(agent.away_ms)},
          {"activeTime", whole_seconds(agent.online_ms)},
          {"avgHandlingTime", crm::whole_seconds(agent.handling_time)},
          {"status", to_string(agent.presence)},
          {"statusDuration", duration(agent, now)}};
}

}  // namespace

std::optional<Presence> parse_presence(std::string_view word) {
  const auto found = std::find(presence_words.begin(), presence_words.end(), word);
  if (found == presence_words.end()) return std::nullopt;
  return static_cast<Presence>(found - presence_words.begin());
}

void sort(std::vector<AgentMetrics>& agents) {
  std::sort(agents.begin(), agents.end(), [](const AgentMetrics& a, const AgentMetrics& b) {
    return std::tie(b.chats, a.agent_name, a.agent_id) < std::tie(a.chats, b.agent_name, b.agent_id);
  });
}

Workload workload_of(const std::vector<AgentMetrics>& agents, double band) {
  std::vector<std::int64_t> open;
  for (const AgentMetrics& agent : agents) {
    if (agent.presence != Presence::offline) open.push_back(agent.open_conversations);
  }
  return spread(open, band);
}

Json to_json(const AgentProductivity& report, crm::Instant now) {
  Json agents = Json::array();
  for (const AgentMetrics& agent : report.agents) agents.push_back(to_json(agent, now));
  return {{"agentMetrics", std::move(agents)},
          {"workloadDistribution",
           {{"balanced", report.workload.balanced},
            {"overloaded", report.workload.overloaded},
            {"underutilized", report.workload.underutilized}}}};
}

}  // namespace agent_productivity
