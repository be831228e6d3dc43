#include "description.h"

#include "families.h"
#include "sql.h"

namespace kpi {
namespace {

using crm::Family;

std::vector<Family> families() {
  return {
      {family::active, Family::Type::gauge, "Conversations open now."},
      {family::response_mean, Family::Type::gauge,
       "Mean response time of the customer turns answered since business midnight; absent while there are none."},
      {family::answered_turns, Family::Type::gauge, "Customer turns answered by a human since business midnight."},
      {family::response_seconds, Family::Type::gauge,
       "Sum of the response times of the customer turns answered since business midnight."},
      {family::tickets,
       Family::Type::gauge,
       "Tickets open now, by priority; unknown priorities count as medium.",
       {"priority"}},
      {family::messages, Family::Type::gauge, "Messages created since business midnight, by direction.", {"direction"}},
      {family::outbound,
       Family::Type::gauge,
       "Outbound messages created since business midnight, by what has become of them; sent includes all the others.",
       {"event"}},
      {family::delivery_ratio, Family::Type::gauge,
       "Delivered or read among the outbound messages created since business midnight that left the queue; absent "
       "while "
       "there are none."},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["activeConversations", "avgResponseTime", "whatsappDeliveryRate", "openTickets", "messagesToday"],
  "properties": {
    "activeConversations": {"$ref": "#/$defs/count"},
    "avgResponseTime": {
      "allOf": [{"$ref": "#/$defs/count"}],
      "required": ["slaStatus"],
      "properties": {"slaStatus": {"enum": ["good", "warning", "critical"]}}
    },
    "whatsappDeliveryRate": {
      "allOf": [{"$ref": "#/$defs/metric"}],
      "properties": {"value": {"type": "number", "minimum": 0, "maximum": 100}}
    },
    "openTickets": {
      "allOf": [{"$ref": "#/$defs/count"}],
      "required": ["byPriority"],
      "properties": {
        "byPriority": {
          "type": "object",
          "required": ["high", "medium", "low"],
          "additionalProperties": {"type": "integer", "minimum": 0}
        }
      }
    },
    "messagesToday": {"$ref": "#/$defs/count"}
  },
  "$defs": {
    "metric": {
      "type": "object",
      "required": ["value", "trend", "change"],
      "properties": {"trend": {"enum": ["up", "down", "stable"]}, "change": {"type": "number"}}
    },
    "count": {
      "allOf": [{"$ref": "#/$defs/metric"}],
      "properties": {"value": {"type": "integer", "minimum": 0}}
    }
  }
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "kpi";
  description.title = "KPI strip";
  description.help =
      "Five numbers for now: open conversations, response time, delivery rate, open tickets, messages today.";
  description.schedule.every = std::chrono::seconds(15);
  description.always_now = true;
  description.families = families();
  description.statements = {sql::open_tickets, sql::resolved_since};
  description.facts_read = {"messages", "open_conversations", "turns"};
  description.depends_on = {"conversation", "message", "ticket"};
  description.json_schema = schema;
  return description;
}

}  // namespace kpi
