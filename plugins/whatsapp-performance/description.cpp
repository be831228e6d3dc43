#include "description.h"

#include "families.h"
#include "session_states.h"
#include "sql.h"

namespace whatsapp {
namespace {

using crm::Family;

std::vector<std::string> words_of_session_states() {
  std::vector<std::string> words;
  for (const auto& [state, word] : session_states) words.emplace_back(word);
  return words;
}

std::vector<Family> message_families() {
  return {
      {family::messages,
       Family::Type::counter,
       "Messages by direction and event since the daemon began to count: inbound ones received; outbound ones sent "
       "(failed ones included), delivered (read ones included), read, failed.",
       {"direction", "event"}},
      {family::failures,
       Family::Type::counter,
       "Outbound messages that failed since the daemon began to count, by WhatsApp's error code and whose fault it is: "
       "system, recipient, none (marketing cap, opt-out, experiment), unknown.",
       {"code", "fault"}},
      {family::campaign_messages,
       Family::Type::counter,
       "Messages to campaign recipients since the daemon began to count: created, and of those sent (failed ones "
       "included), delivered (read ones included), read, failed.",
       {"event"}},
  };
}

std::vector<Family> delivery_families() {
  return {
      {family::undelivered, Family::Type::gauge,
       "Messages sent in the last hour after the newest one that was delivered, and neither delivered nor failed: many "
       "mean that deliveries have stopped."},
      {family::undelivered_seconds, Family::Type::gauge,
       "Age of the oldest message sent in the last hour after the newest one that was delivered; 0 while none waits."},
      {family::session_undelivered,
       Family::Type::gauge,
       "Of a connected WhatsApp session: messages sent in the last hour after its newest one that was delivered, and "
       "neither delivered nor failed. Absent where the CRM does not say which session sent a message.",
       {"session"}},
      {family::session_undelivered_seconds,
       Family::Type::gauge,
       "Of a connected WhatsApp session: age of the oldest message sent in the last hour after its newest one that was "
       "delivered; 0 while none waits. Absent where the CRM does not say which session sent a message.",
       {"session"}},
  };
}

std::vector<Family> session_families() {
  return {
      {family::sessions, Family::Type::gauge, "WhatsApp sessions now, by state.", {"state"}},
      {.name = family::session_state,
       .type = Family::Type::state_set,
       .help = "State of a WhatsApp session now: 1 for the one that holds, 0 for the others.",
       .labels = {"session"},
       .states = words_of_session_states(),
       .state_label = "state"},
      {family::session_last_seen,
       Family::Type::gauge,
       "When a WhatsApp session was last seen, in Unix time; absent while it never was.",
       {"session"}},
  };
}

std::vector<Family> queue_families() {
  return {
      {family::queue_jobs, Family::Type::gauge, "Jobs of a WhatsApp queue now, by state.", {"queue", "state"}},
      {family::queue_oldest,
       Family::Type::gauge,
       "Age of the oldest job that waits in a WhatsApp queue; absent while none waits, or none is meant to be taken.",
       {"queue"}},
      {family::queue_completed,
       Family::Type::counter,
       "Jobs that a WhatsApp queue completed since counting began.",
       {"queue"}},
      {family::queue_failed,
       Family::Type::counter,
       "Jobs that failed for good in a WhatsApp queue since counting began.",
       {"queue"}},
      {family::queue_paused, Family::Type::gauge, "1 while a WhatsApp queue is paused, else 0.", {"queue"}},
  };
}

std::vector<Family> families() {
  std::vector<Family> all = message_families();
  for (const auto& more : {delivery_families(), session_families(), queue_families()})
    all.insert(all.end(), more.begin(), more.end());
  return all;
}

constexpr const char* schema = R"json({
  "type": "object",
  "required": ["messageFunnel", "broadcastSuccessRate", "failedMessages", "activeSessions", "queueMetrics"],
  "properties": {
    "messageFunnel": {
      "type": "object",
      "required": ["sent", "delivered", "read", "failed"],
      "additionalProperties": {"$ref": "#/$defs/count"}
    },
    "broadcastSuccessRate": {
      "type": "object",
      "required": ["total", "successful", "failed", "percentage"],
      "properties": {
        "total": {"$ref": "#/$defs/count"},
        "successful": {"$ref": "#/$defs/count"},
        "failed": {"$ref": "#/$defs/count"},
        "percentage": {"type": "number", "minimum": 0, "maximum": 100}
      }
    },
    "failedMessages": {
      "type": "array",
      "description": "newest first, one page; the header Link leads to the next",
      "items": {
        "type": "object",
        "required": ["id", "recipient", "error", "timestamp"],
        "properties": {
          "id": {"type": "string"},
          "recipient": {"type": "string"},
          "error": {"type": "string", "minLength": 1},
          "timestamp": {"type": "string", "format": "date-time"}
        }
      }
    },
    "activeSessions": {
      "type": ["array", "null"],
      "description": "null while the sessions cannot be read; the answer is partial then",
      "items": {
        "type": "object",
        "required": ["sessionId", "phoneNumber", "status", "lastSeen"],
        "properties": {
          "sessionId": {"type": "string"},
          "phoneNumber": {"type": "string"},
          "status": {"enum": ["connected", "disconnected", "reconnecting"]},
          "lastSeen": {"type": ["string", "null"], "format": "date-time"}
        }
      }
    },
    "queueMetrics": {
      "type": "object",
      "description": "null while the queue cannot be read; the answer is partial then",
      "required": ["depth", "processingRate"],
      "properties": {
        "depth": {"type": ["integer", "null"], "minimum": 0},
        "processingRate": {"type": ["integer", "null"], "minimum": 0}
      }
    }
  },
  "$defs": {"count": {"type": "integer", "minimum": 0}}
})json";

}  // namespace

crm::Description description() {
  crm::Description description;
  description.name = "whatsapp-performance";
  description.title = "WhatsApp performance";
  description.help = "What becomes of messages and broadcasts, which failed and why, and how sessions and queue are.";
  description.schedule.every = std::chrono::seconds(15);
  description.families = families();
  description.statements = {sql::failed_messages, crm::Unscoped(sql::undelivered),
                            crm::Unscoped(sql::undelivered_by_session)};
  description.facts_read = {"messages", "campaign_messages", "message_failures"};
  description.depends_on = {"conversation", "message", "campaign_recipient"};
  description.paging = crm::Paging{.limit = 50, .most = 500};
  description.json_schema = schema;
  return description;
}

}  // namespace whatsapp
