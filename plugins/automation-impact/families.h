#pragma once
// Names of the Prometheus families of automation-impact, written once.

namespace automation_impact::family {

inline constexpr const char* conversations = "crm_bot_conversations_total";
inline constexpr const char* dropped = "crm_bot_conversations_dropped";
inline constexpr const char* intents = "crm_intents_total";
inline constexpr const char* time_saved = "crm_time_saved_seconds";

}  // namespace automation_impact::family
