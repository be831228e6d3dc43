#pragma once
// Names of the Prometheus families of my-section, written once.

namespace my_section::family {

inline constexpr const char* conversations = "crm_my_section_conversations_total";
inline constexpr const char* agents = "crm_my_section_agents";

}  // namespace my_section::family
