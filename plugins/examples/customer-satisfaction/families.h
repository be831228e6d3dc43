#pragma once
// Names of the Prometheus families of customer-satisfaction, written once.

namespace customer_satisfaction::family {

inline constexpr const char* ratings = "crm_satisfaction_ratings_total";
inline constexpr const char* agent_ratings = "crm_agent_satisfaction_ratings_total";
inline constexpr const char* agent_score = "crm_agent_satisfaction_score_total";
inline constexpr const char* mean = "crm_satisfaction_today_mean_score";
inline constexpr const char* satisfied = "crm_satisfaction_today_satisfied_ratio";

}  // namespace customer_satisfaction::family
