#pragma once
// Names of the Prometheus families of kpi, written once.

namespace kpi::family {

inline constexpr const char* active = "crm_conversations_active";
inline constexpr const char* response_mean = "crm_response_today_mean_seconds";
inline constexpr const char* answered_turns = "crm_answered_turns_today";
inline constexpr const char* response_seconds = "crm_answered_turns_response_seconds";
inline constexpr const char* tickets = "crm_tickets_open";
inline constexpr const char* messages = "crm_messages_today";
inline constexpr const char* outbound = "crm_outbound_today";
inline constexpr const char* delivery_ratio = "crm_delivery_ratio";

}  // namespace kpi::family
