#include "description.h"

#include "families.h"
#include "report.h"
#include "sql.h"

namespace agent_productivity {
namespace {

using crm::Family;

std::vector<Family> families() {
  return {
      {family::info, Family::Type::info, "An agent's name.", {"agent", "name"}},
      {.name = family::status,
       .type = Family::Type::state_set,
       .help = "Presence of an agent now: 1 for the status that holds, 0 for the others.",
       .labels = {"agent"},
       .states = {presence_words.begin(), presence_words.end()},
       .state_label = "status"},
      {family::chats,
       Family::Type::counter,
       "Conversations created since the daemon began to count, by the agent who had them when they were counted.",
       {"agent"}},
      {family::open_conversations, Family::Type::gauge, "Conversations of an agent that are open now.", {"agent"}},
      {family::online,
       Family::Type::counter,
       "Time that an agent was online since the daemon began to count.",
       {"agent"}},
      {family::away, Family::Type::counter, "Time that an agent was away since the daemon began to count.", {"agent"}},
      {family::handling,
       Family::Type::summary,
       "Time from the creation of an agent's conversations to their resolution, since the daemon began to count.",
       {"agent"}},
      {family::workload,
       Family::Type::gauge,
       "Agents online or away now, by their open conversations against the mean of these agents.",
       {"band"}},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["agentMetrics", "workloadDistribution"],
  "properties": {
    "agentMetrics": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["agentId", "agentName", "chatsHandled", "resolutionRate", "idleTime", "activeTime",
                     "avgHandlingTime", "status", "statusDuration"],
        "properties": {
          "agentId": {"type": "string"},
          "agentName": {"type": "string"},
          "chatsHandled": {"$ref": "#/$defs/count"},
          "resolutionRate": {"type": "number", "minimum": 0, "maximum": 100},
          "idleTime": {"$ref": "#/$defs/count"},
          "activeTime": {"$ref": "#/$defs/count"},
          "avgHandlingTime": {"$ref": "#/$defs/count"},
          "status": {"enum": ["online", "away", "offline"]},
          "statusDuration": {"$ref": "#/$defs/count"}
        }
      }
    },
    "workloadDistribution": {
      "type": "object",
      "required": ["balanced", "overloaded", "underutilized"],
      "properties": {
        "balanced": {"$ref": "#/$defs/count"},
        "overloaded": {"$ref": "#/$defs/count"},
        "underutilized": {"$ref": "#/$defs/count"}
      }
    }
  },
  "$defs": {"count": {"type": "integer", "minimum": 0}}
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "agent-productivity";
  description.title = "Agent productivity";
  description.help = "What each agent handles, how long it takes, who is there, and how work is spread.";
  description.schedule.every = std::chrono::seconds(15);
  description.families = families();
  description.statements = {sql::agents, sql::presence_now};
  description.facts_read = {"conversations", "open_conversations", "presence", "resolutions"};
  description.depends_on = {"agent", "agent_status", "conversation"};
  description.json_schema = schema;
  return description;
}

}  // namespace agent_productivity
