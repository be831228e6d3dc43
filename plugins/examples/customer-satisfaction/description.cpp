#include "description.h"

#include "families.h"
#include "sql.h"

namespace customer_satisfaction {
namespace {

using crm::Family;

std::vector<Family> families() {
  return {
      {family::ratings,
       Family::Type::counter,
       "Conversations that their customer rated since the daemon began to count, by score (1 to 5).",
       {"score"}},
      {family::agent_ratings,
       Family::Type::counter,
       "Conversations of an agent that their customer rated since the daemon began to count.",
       {"agent"}},
      {family::agent_score,
       Family::Type::counter,
       "Sum of the scores of an agent's conversations since the daemon began to count; over their number, the mean.",
       {"agent"}},
      {family::mean, Family::Type::gauge,
       "Mean score of the rated conversations created since business midnight; absent while there are none."},
      {family::satisfied, Family::Type::gauge,
       "Scores of 4 and 5 among the rated conversations created since business midnight; absent while there are none."},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["ratings", "averageScore", "satisfiedShare", "distribution", "byAgent"],
  "properties": {
    "ratings": {"$ref": "#/$defs/count"},
    "averageScore": {
      "allOf": [{"$ref": "#/$defs/moved"}],
      "properties": {"value": {"$ref": "#/$defs/score"}}
    },
    "satisfiedShare": {
      "allOf": [{"$ref": "#/$defs/moved"}],
      "properties": {"value": {"$ref": "#/$defs/percentage"}}
    },
    "distribution": {
      "type": "array",
      "minItems": 5,
      "maxItems": 5,
      "items": {
        "type": "object",
        "required": ["score", "count"],
        "properties": {"score": {"type": "integer", "minimum": 1, "maximum": 5}, "count": {"$ref": "#/$defs/count"}}
      }
    },
    "byAgent": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["agentId", "agentName", "ratings", "averageScore", "satisfiedShare"],
        "properties": {
          "agentId": {"type": "string"},
          "agentName": {"type": "string"},
          "ratings": {"$ref": "#/$defs/count"},
          "averageScore": {"$ref": "#/$defs/score"},
          "satisfiedShare": {"$ref": "#/$defs/percentage"}
        }
      }
    }
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "score": {"type": ["number", "null"], "minimum": 1, "maximum": 5},
    "percentage": {"type": ["number", "null"], "minimum": 0, "maximum": 100},
    "moved": {
      "type": "object",
      "required": ["value", "trend", "change"],
      "properties": {"trend": {"enum": ["up", "down", "stable"]}, "change": {"type": "number"}}
    }
  }
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "customer-satisfaction";
  description.title = "Customer satisfaction";
  description.help = "How customers rate their conversations, overall and by agent.";
  description.schedule.every = std::chrono::seconds(60);
  description.window.count = 7;
  description.families = families();
  description.statements = {sql::agent_names};
  description.facts = {{sql::satisfaction.name, sql::satisfaction.text}};
  description.facts_read = {"satisfaction"};
  description.depends_on = {"agent", "conversation", "rating"};
  description.json_schema = schema;
  return description;
}

}  // namespace customer_satisfaction
