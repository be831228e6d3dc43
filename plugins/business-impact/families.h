#pragma once
// Names of the Prometheus families of business-impact, written once.

namespace business_impact::family {

inline constexpr const char* leads = "crm_leads_total";
inline constexpr const char* tickets = "crm_tickets_resolved_total";
inline constexpr const char* recipients = "crm_campaign_recipients_total";
inline constexpr const char* repeat_customers = "crm_repeat_customer_ratio";
inline constexpr const char* cost = "crm_cost_per_conversation";

}  // namespace business_impact::family
