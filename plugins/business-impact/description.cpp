#include "description.h"

#include "families.h"
#include "sql.h"

namespace business_impact {
namespace {

using crm::Family;

std::vector<Family> families() {
  return {
      {family::leads, Family::Type::counter, "Contacts that became leads since the daemon began to count."},
      {family::tickets, Family::Type::counter, "Tickets resolved since the daemon began to count."},
      {family::recipients,
       Family::Type::counter,
       "Recipients of campaigns since the daemon began to count: those whose message left the queue (sent, failed ones "
       "included), and of these those who responded and those who converted.",
       {"stage"}},
      {family::repeat_customers, Family::Type::gauge,
       "Of the contacts with a conversation in the last 30 business days, those who had one before."},
      {family::cost,
       Family::Type::gauge,
       "What a conversation in which a human replied cost in the last 30 business days: time that agents and "
       "supervisors were online or away, at cost.agent_hour.",
       {"currency"}},
  };
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["leadsGenerated", "ticketsResolved", "campaignConversion", "repeatCustomerRate", "costPerConversation"],
  "properties": {
    "leadsGenerated": {
      "type": "object",
      "required": ["total", "trend", "change"],
      "properties": {
        "total": {"$ref": "#/$defs/count"},
        "trend": {"$ref": "#/$defs/trend"},
        "change": {"type": "number"}
      }
    },
    "ticketsResolved": {
      "type": "object",
      "required": ["today", "week", "month"],
      "properties": {
        "today": {"$ref": "#/$defs/count"},
        "week": {"$ref": "#/$defs/count"},
        "month": {"$ref": "#/$defs/count"}
      }
    },
    "campaignConversion": {
      "type": "array",
      "maxItems": 10,
      "items": {
        "type": "object",
        "required": ["campaignId", "campaignName", "sent", "responded", "converted", "conversionRate"],
        "properties": {
          "campaignId": {"type": "string"},
          "campaignName": {"type": "string"},
          "sent": {"$ref": "#/$defs/count"},
          "responded": {"$ref": "#/$defs/count"},
          "converted": {"$ref": "#/$defs/count"},
          "conversionRate": {"$ref": "#/$defs/percentage"}
        }
      }
    },
    "repeatCustomerRate": {
      "type": "object",
      "required": ["rate", "trend"],
      "properties": {"rate": {"$ref": "#/$defs/percentage"}, "trend": {"$ref": "#/$defs/trend"}}
    },
    "costPerConversation": {
      "type": "object",
      "required": ["amount", "savings"],
      "properties": {"amount": {"type": "number", "minimum": 0}, "savings": {"type": "number", "minimum": 0}}
    }
  },
  "$defs": {
    "count": {"type": "integer", "minimum": 0},
    "percentage": {"type": "number", "minimum": 0, "maximum": 100},
    "trend": {"enum": ["up", "down", "stable"]}
  }
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "business-impact";
  description.title = "Business impact";
  description.help = "Leads, tickets, what campaigns bring, customers who come back, and what a conversation costs.";
  description.schedule.every = std::chrono::seconds(60);
  description.window = {crm::DefaultWindow::Unit::business_days, 30};
  description.audited = true;
  description.families = families();
  description.statements = {sql::campaigns, sql::contacts_at_edge, sql::customers, sql::not_paid};
  description.facts_read = {"bot_conversations", "campaign_results",   "customers", "leads",
                            "presence",          "ticket_resolutions", "visits"};
  description.depends_on = {"agent",   "agent_status", "campaign", "campaign_recipient",
                            "contact", "conversation", "message",  "ticket"};
  description.json_schema = schema;
  return description;
}

}  // namespace business_impact
