#pragma once
// Names of the Prometheus families of conversation-effectiveness, written once.

namespace conversation_effectiveness::family {

inline constexpr const char* created = "crm_conversations_created_total";
inline constexpr const char* resolved = "crm_conversations_resolved_total";
inline constexpr const char* first_response = "crm_first_response_seconds";
inline constexpr const char* response = "crm_response_seconds";
inline constexpr const char* resolution = "crm_resolution_seconds";
inline constexpr const char* sla = "crm_sla_conversations_total";
inline constexpr const char* sla_waiting = "crm_sla_waiting";
inline constexpr const char* sla_target = "crm_sla_target_seconds";

}  // namespace conversation_effectiveness::family
