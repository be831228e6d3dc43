#include "report.h"

#include <algorithm>
#include <tuple>

#include <nlohmann/json.hpp>

namespace conversation_effectiveness {
namespace {

using crm::Json;

Json per_agent(const std::vector<AgentConversations>& agents) {
  Json list = Json::array();
  for (const AgentConversations& agent : agents) {
    list.push_back({{"agentId", agent.agent_id},
                    {"agentName", agent.agent_name},
                    {"count", agent.created},
                    {"avgResponseTime", crm::whole_seconds(agent.response_time)}});
  }
  return list;
}

Json over_time(const std::vector<ResponseTimeOfBucket>& buckets, const crm::Calendar& calendar) {
  Json list = Json::array();
  for (const ResponseTimeOfBucket& bucket : buckets) {
    list.push_back(
        {{"timestamp", calendar.iso(bucket.start)}, {"avgSeconds", crm::whole_seconds(bucket.response_time)}});
  }
  return list;
}

// Of nothing, nothing went wrong: 100.
Json sla_compliance(const SlaOutcomes& sla) {
  return {{"percentage", crm::percentage({sla.compliant, sla.compliant + sla.breached}, 100.0)},
          {"compliant", sla.compliant},
          {"nonCompliant", sla.breached}};
}

Json resolved_vs_open(std::int64_t resolved, std::int64_t created) {
  return {
      {"resolved", resolved}, {"open", created - resolved}, {"percentage", crm::percentage({resolved, created}, 0.0)}};
}

}  // namespace

void sort(std::vector<AgentConversations>& per_agent) {
  std::sort(per_agent.begin(), per_agent.end(), [](const AgentConversations& a, const AgentConversations& b) {
    return std::tie(b.created, a.agent_name, a.agent_id) < std::tie(a.created, b.agent_name, b.agent_id);
  });
}

Json to_json(const ConversationEffectiveness& report, const crm::Calendar& calendar) {
  return {{"conversationsPerAgent", per_agent(report.per_agent)},
          {"avgResponseTimeOverTime", over_time(report.response_time, calendar)},
          {"slaCompliance", sla_compliance(report.sla)},
          {"resolvedVsOpen", resolved_vs_open(report.resolved, report.created)}};
}

}  // namespace conversation_effectiveness
