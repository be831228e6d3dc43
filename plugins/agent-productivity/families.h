#pragma once
// Names of the Prometheus families of agent-productivity, written once.

namespace agent_productivity::family {

inline constexpr const char* info = "crm_agent_info";
inline constexpr const char* status = "crm_agent_status";
inline constexpr const char* chats = "crm_agent_chats_total";
inline constexpr const char* open_conversations = "crm_agent_open_conversations";
inline constexpr const char* online = "crm_agent_online_seconds_total";
inline constexpr const char* away = "crm_agent_away_seconds_total";
inline constexpr const char* handling = "crm_agent_handling_seconds";
inline constexpr const char* workload = "crm_workload_agents";

}  // namespace agent_productivity::family
