#include "source/contract.h"

#include <algorithm>
#include <array>
#include <initializer_list>

namespace crm::source {
namespace {

using enum ColumnKind;

constexpr std::array agents{Column{"agent_id", id}, Column{"agent_name", text}, Column{"role", text},
                            Column{"is_active", boolean, true}};
constexpr std::array team_members{Column{"supervisor_id", id}, Column{"agent_id", id}};
constexpr std::array agent_status{Column{"agent_id", id}, Column{"status", text}, Column{"started_at", instant},
                                  Column{"ended_at", instant, true}};
constexpr std::array contacts{Column{"contact_id", id}, Column{"created_at", instant}, Column{"lead_at", instant, true},
                              Column{"lead_agent_id", id, true}};
constexpr std::array conversations{Column{"conversation_id", id},
                                   Column{"contact_id", id, true},
                                   Column{"agent_id", id, true},
                                   Column{"created_at", instant},
                                   Column{"resolved_at", instant, true},
                                   Column{"escalated_at", instant, true},
                                   Column{"satisfaction_score", integer, true}};
constexpr std::array messages{Column{"message_id", id},
                              Column{"conversation_id", id, true},
                              Column{"direction", text},
                              Column{"sender_type", text},
                              Column{"sender_agent_id", id, true},
                              Column{"recipient", text, true},
                              Column{"delivery_status", text},
                              Column{"created_at", instant},
                              Column{"sent_at", instant, true},
                              Column{"delivered_at", instant, true},
                              Column{"read_at", instant, true},
                              Column{"failed_at", instant, true},
                              Column{"failed_reason", text, true},
                              Column{"campaign_id", id, true},
                              Column{"session_id", id, true, true}};
constexpr std::array tickets{Column{"ticket_id", id},
                             Column{"contact_id", id, true},
                             Column{"conversation_id", id, true},
                             Column{"agent_id", id, true},
                             Column{"priority", text},
                             Column{"created_at", instant},
                             Column{"resolved_at", instant, true}};
constexpr std::array campaigns{Column{"campaign_id", id}, Column{"campaign_name", text}, Column{"created_at", instant}};
constexpr std::array campaign_recipients{Column{"campaign_id", id},
                                         Column{"contact_id", id},
                                         Column{"message_id", id, true},
                                         Column{"agent_id", id, true},
                                         Column{"status", text},
                                         Column{"sent_at", instant, true},
                                         Column{"converted_at", instant, true}};
constexpr std::array bot_intents{Column{"conversation_id", id}, Column{"intent", text},
                                 Column{"succeeded", boolean, true}, Column{"detected_at", instant}};
constexpr std::array whatsapp_sessions{Column{"session_id", id}, Column{"phone_number", text}, Column{"status", text},
                                       Column{"last_seen", instant, true}};

constexpr std::array views{View{"agents", agents},
                           View{"team_members", team_members},
                           View{"agent_status", agent_status},
                           View{"contacts", contacts},
                           View{"conversations", conversations},
                           View{"messages", messages},
                           View{"tickets", tickets},
                           View{"campaigns", campaigns},
                           View{"campaign_recipients", campaign_recipients},
                           View{"bot_intents", bot_intents},
                           View{"whatsapp_sessions", whatsapp_sessions}};

bool one_of(std::string_view type, std::initializer_list<std::string_view> types) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

bool is_text(std::string_view type) {
  return one_of(type, {"text", "character varying", "character", "name", "citext"});
}

}  // namespace

std::span<const View> contract() {
  return views;
}

const View* contract_view(std::string_view name) {
  const auto found = std::find_if(views.begin(), views.end(), [&](const View& view) { return view.name == name; });
  return found == views.end() ? nullptr : &*found;
}

std::string_view to_string(ColumnKind kind) {
  switch (kind) {
    case id:
      return "an id (uuid, bigint, integer or text)";
    case text:
      return "text";
    case instant:
      return "a timestamp";
    case integer:
      return "an integer";
    case boolean:
      break;
  }
  return "a boolean";
}

bool serves(ColumnKind kind, std::string_view type) {
  switch (kind) {
    case id:
      return one_of(type, {"uuid", "bigint", "integer", "smallint"}) || is_text(type);
    case text:
      return is_text(type);  // an enum would refuse to be compared with a word that it lacks
    case instant:
      return one_of(type, {"timestamp without time zone", "timestamp with time zone"});
    case integer:
      return one_of(type, {"smallint", "integer", "bigint"});
    case boolean:
      return type == "boolean";
  }
  return false;
}

}  // namespace crm::source
