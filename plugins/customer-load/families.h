#pragma once
// Names of the Prometheus families of customer-load, written once.

namespace customer_load::family {

inline constexpr const char* customers = "crm_customers_total";
inline constexpr const char* chats_hour_of_week = "crm_chats_hour_of_week";

}  // namespace customer_load::family
