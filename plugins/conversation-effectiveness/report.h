#pragma once
// GET /api/dashboard/conversation-effectiveness, as the design document shows it. Everything here is counted, nothing
// is rounded yet.

#include <cstdint>
#include <string>
#include <vector>

#include <crm/sdk/json.h>
#include <crm/sdk/numbers.h>
#include <crm/sdk/window.h>

namespace conversation_effectiveness {

struct AgentConversations {
  std::string agent_id;
  std::string agent_name;    // "" of an agent who is not in the view
  std::int64_t created = 0;  // in the window, assigned to the agent now
  crm::Mean response_time;   // of the turns answered in the window
};

struct ResponseTimeOfBucket {
  crm::Instant start;
  crm::Mean response_time;
};

struct SlaOutcomes {
  std::int64_t compliant = 0;
  std::int64_t breached = 0;
};

struct ConversationEffectiveness {
  std::vector<AgentConversations> per_agent;
  std::vector<ResponseTimeOfBucket> response_time;  // by hour or day; those without a reply are absent
  SlaOutcomes sla;
  std::int64_t created = 0;
  std::int64_t resolved = 0;  // of those created
};

// Most conversations first, then by name in code point order, then by id.
void sort(std::vector<AgentConversations>& per_agent);

crm::Json to_json(const ConversationEffectiveness& report, const crm::Calendar& calendar);

}  // namespace conversation_effectiveness
