#include "description.h"

#include <algorithm>

#include <crm/sdk/errors.h>

#include "families.h"
#include "sql.h"

namespace conversation_effectiveness {
namespace {

using crm::Family;

// Those of the facts `turns` and `first_responses`, and of `resolutions`, in seconds.
const std::vector<double> response_bounds{15, 30, 60, 120, 300, 600, 900, 1'800, 3'600, 14'400, 43'200, 86'400};
const std::vector<double> resolution_bounds{300, 900, 1'800, 3'600, 7'200, 14'400, 28'800, 86'400, 172'800, 604'800};

std::vector<Family> families() {
  return {
      {family::created, Family::Type::counter, "Conversations created."},
      {family::resolved, Family::Type::counter, "Conversations resolved."},
      {family::first_response,
       Family::Type::histogram,
       "Time from a customer's first message, or the bot's hand-off, to the first human reply.",
       {},
       response_bounds},
      {family::response,
       Family::Type::histogram,
       "Time that each customer turn waited for a human reply.",
       {},
       response_bounds},
      {family::resolution,
       Family::Type::histogram,
       "Time from the creation of conversations to their resolution.",
       {},
       resolution_bounds},
      {family::sla,
       Family::Type::counter,
       "Conversations whose first response came within the SLA target, or did not.",
       {"outcome"}},
      {family::sla_waiting,
       Family::Type::gauge,
       "Open conversations whose customer waits for the first response now, inside the SLA target or past it.",
       {"state"}},
      {family::sla_target, Family::Type::gauge, "The SLA target for the first response."},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["conversationsPerAgent", "avgResponseTimeOverTime", "slaCompliance", "resolvedVsOpen"],
  "properties": {
    "conversationsPerAgent": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["agentId", "agentName", "count", "avgResponseTime"],
        "properties": {
          "agentId": {"type": "string"},
          "agentName": {"type": "string"},
          "count": {"$ref": "#/$defs/count"},
          "avgResponseTime": {"$ref": "#/$defs/count"}
        }
      }
    },
    "avgResponseTimeOverTime": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["timestamp", "avgSeconds"],
        "properties": {
          "timestamp": {"type": "string", "format": "date-time"},
          "avgSeconds": {"$ref": "#/$defs/count"}
        }
      }
    },
    "slaCompliance": {
      "type": "object",
      "required": ["percentage", "compliant", "nonCompliant"],
      "properties": {
        "percentage": {"$ref": "#/$defs/percentage"},
        "compliant": {"$ref": "#/$defs/count"},
        "nonCompliant": {"$ref": "#/$defs/count"}
      }
    },
    "resolvedVsOpen": {
      "type": "object",
      "required": ["resolved", "open", "percentage"],
      "properties": {
        "resolved": {"$ref": "#/$defs/count"},
        "open": {"$ref": "#/$defs/count"},
        "percentage": {"$ref": "#/$defs/percentage"}
      }
    }
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "percentage": {"type": "number", "minimum": 0, "maximum": 100}
  }
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "conversation-effectiveness";
  description.title = "Conversation effectiveness";
  description.help =
      "Conversations per agent, response time over time, SLA compliance, and what was resolved of what was created.";
  description.schedule.every = std::chrono::seconds(15);
  description.families = families();
  description.statements = {sql::agent_names};
  description.facts_read = {"conversations", "first_responses", "resolutions", "sla", "turns", "waiting"};
  description.depends_on = {"agent", "conversation", "message"};
  description.json_schema = schema;
  return description;
}

const crm::Family& family_of(const crm::Description& description, const char* name) {
  const auto found = std::find_if(description.families.begin(), description.families.end(),
                                  [&](const Family& family) { return family.name == name; });
  if (found == description.families.end()) throw crm::UsageError("there is no family " + std::string(name));
  return *found;
}

}  // namespace conversation_effectiveness
