#include "description.h"

#include "families.h"

namespace automation_impact {
namespace {

using crm::Family;

std::vector<Family> families(std::size_t max_intents) {
  return {
      {family::conversations,
       Family::Type::counter,
       "Conversations in which the bot wrote, since the daemon began to count: resolved without a human reply, and "
       "handed over to a human (escalated).",
       {"outcome"}},
      {family::dropped, Family::Type::gauge,
       "Conversations in which the bot wrote, created in the last 30 business days, whose customer fell silent behind "
       "a "
       "message of the bot's for automation.drop_off_after."},
      {.name = family::intents,
       .type = Family::Type::counter,
       .help = "Intents that the bot understood, since the daemon began to count: all of them (detected), and of those "
               "decided the ones that served (succeeded) or did not (unsuccessful).",
       .labels = {"intent", "outcome"},
       .cap = Family::Cap{"intent", max_intents}},
      {family::time_saved, Family::Type::gauge,
       "Time that the bot spared in the last 30 business days: automation.handling_seconds for each conversation that "
       "was resolved without a human reply."},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["chatbotVsHuman", "autoReplySuccess", "dropOffRate", "topIntents", "timeSaved", "escalationRate"],
  "properties": {
    "chatbotVsHuman": {
      "type": "object",
      "required": ["chatbot", "human", "percentage"],
      "properties": {
        "chatbot": {"$ref": "#/$defs/count"},
        "human": {"$ref": "#/$defs/count"},
        "percentage": {"$ref": "#/$defs/percentage"}
      }
    },
    "autoReplySuccess": {
      "type": "object",
      "required": ["total", "successful", "percentage"],
      "properties": {
        "total": {"$ref": "#/$defs/count"},
        "successful": {"$ref": "#/$defs/count"},
        "percentage": {"$ref": "#/$defs/percentage"}
      }
    },
    "dropOffRate": {
      "type": "object",
      "required": ["total", "dropped", "percentage"],
      "properties": {
        "total": {"$ref": "#/$defs/count"},
        "dropped": {"$ref": "#/$defs/count"},
        "percentage": {"$ref": "#/$defs/percentage"}
      }
    },
    "topIntents": {
      "type": "array",
      "maxItems": 10,
      "items": {
        "type": "object",
        "required": ["intent", "count", "successRate"],
        "properties": {
          "intent": {"type": "string"},
          "count": {"$ref": "#/$defs/count"},
          "successRate": {"$ref": "#/$defs/percentage"}
        }
      }
    },
    "timeSaved": {
      "type": "object",
      "required": ["hours", "estimatedCost"],
      "properties": {"hours": {"type": "number", "minimum": 0}, "estimatedCost": {"type": "number", "minimum": 0}}
    },
    "escalationRate": {
      "type": "object",
      "required": ["total", "escalated", "percentage"],
      "properties": {
        "total": {"$ref": "#/$defs/count"},
        "escalated": {"$ref": "#/$defs/count"},
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

crm::Description description(std::size_t max_intents) {
  crm::Description description;
  description.name = "automation-impact";
  description.title = "Automation impact";
  description.help = "What the bot does alone, what it hands over, where customers drop off, and what it spares.";
  description.schedule.every = std::chrono::seconds(60);
  description.window = {crm::DefaultWindow::Unit::business_days, 30};
  description.families = families(max_intents);
  description.facts_read = {"bot_conversations", "intents"};
  description.depends_on = {"bot_intent", "conversation", "message"};
  description.json_schema = schema;
  return description;
}

}  // namespace automation_impact
