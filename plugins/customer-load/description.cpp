#include "description.h"

#include "families.h"
#include "sql.h"

namespace customer_load {
namespace {

using crm::Family;

std::vector<Family> families() {
  return {
      {family::customers,
       Family::Type::counter,
       "Conversations of customers since the daemon began to count: those that are their customer's first ever (new), "
       "and the others (returning).",
       {"kind"}},
      {family::chats_hour_of_week,
       Family::Type::gauge,
       "Conversations created in the last 28 business days, today included, by business day of the week (0 = Sunday) "
       "and hour.",
       {"day", "hour"}},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["incomingChatsPerHour", "peakHour", "newVsReturning", "avgWaitTime", "heatmap"],
  "properties": {
    "incomingChatsPerHour": {"type": "array", "items": {"$ref": "#/$defs/chatsOfHour"}},
    "peakHour": {"$ref": "#/$defs/chatsOfHour"},
    "newVsReturning": {
      "type": "object",
      "required": ["new", "returning"],
      "properties": {"new": {"$ref": "#/$defs/count"}, "returning": {"$ref": "#/$defs/count"}}
    },
    "avgWaitTime": {
      "type": "object",
      "required": ["peak", "offPeak"],
      "properties": {"peak": {"$ref": "#/$defs/count"}, "offPeak": {"$ref": "#/$defs/count"}}
    },
    "heatmap": {
      "type": "array",
      "minItems": 168,
      "maxItems": 168,
      "items": {
        "type": "object",
        "required": ["dayOfWeek", "hour", "count"],
        "properties": {
          "dayOfWeek": {"type": "integer", "minimum": 0, "maximum": 6},
          "hour": {"type": "integer", "minimum": 0, "maximum": 23},
          "count": {"$ref": "#/$defs/count"}
        }
      }
    }
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "chatsOfHour": {
      "type": "object",
      "required": ["hour", "count"],
      "properties": {"hour": {"type": "string", "format": "date-time"}, "count": {"$ref": "#/$defs/count"}}
    }
  }
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "customer-load";
  description.title = "Customer load";
  description.help = "When customers write, who is new, and how long they wait when it is busy and when it is not.";
  description.schedule.every = std::chrono::seconds(60);
  description.families = families();
  description.statements = {sql::contacts, sql::contacts_at_edge};
  description.facts_read = {"conversations", "customers", "sla", "visits"};
  description.depends_on = {"conversation", "message"};
  description.json_schema = schema;
  return description;
}

}  // namespace customer_load
