#include "report.h"

#include <nlohmann/json.hpp>

namespace business_impact {
namespace {

using crm::Json;

constexpr double ms_an_hour = 3'600'000.0;
constexpr double seconds_an_hour = 3'600.0;

Json leads(const NowAndBefore& leads, double band) {
  const crm::Change change = crm::change(leads.now, leads.before, band);
  return {{"total", leads.now}, {"trend", crm::to_string(change.trend)}, {"change", change.percent}};
}

Json conversions(const std::vector<Campaign>& campaigns) {
  Json list = Json::array();
  for (const Campaign& campaign : campaigns) {
    list.push_back({{"campaignId", campaign.id},
                    {"campaignName", campaign.name},
                    {"sent", campaign.sent},
                    {"responded", campaign.responded},
                    {"converted", campaign.converted},
                    {"conversionRate", crm::percentage({campaign.converted, campaign.sent}, 0.0)}});
  }
  return list;
}

Json repeat_customers(const crm::Ratio& now, const crm::Ratio& before, double band) {
  return {{"rate", crm::percentage(now, 0.0)}, {"trend", crm::to_string(crm::change(now, before, band).trend)}};
}

Json cost_per_conversation(const Cost& cost) {
  const double each = cost.conversations == 0 ? 0.0 : cost.amount() / static_cast<double>(cost.conversations);
  return {{"amount", crm::hundredths(each)}, {"savings", crm::hundredths(cost.saved())}};
}

}  // namespace

double Cost::amount() const {
  return static_cast<double>(paid_ms) / ms_an_hour * agent_hour;
}

double Cost::saved() const {
  return static_cast<double>(bot_successes * handling_seconds) / seconds_an_hour * agent_hour;
}

Json to_json(const BusinessImpact& report, const DeadBands& bands) {
  return {{"leadsGenerated", leads(report.leads, bands.leads)},
          {"ticketsResolved",
           {{"today", report.tickets.today}, {"week", report.tickets.week}, {"month", report.tickets.month}}},
          {"campaignConversion", conversions(report.campaigns)},
          {"repeatCustomerRate",
           repeat_customers(report.repeat_customers, report.repeat_customers_before, bands.repeat_customers)},
          {"costPerConversation", cost_per_conversation(report.cost)}};
}

}  // namespace business_impact
