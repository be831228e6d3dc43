#include "samples.h"

#include "families.h"

namespace business_impact {

// A ratio of nothing is not shown.
std::vector<crm::Sample> to_samples(const BusinessImpact& report, const Counted& counted, const std::string& currency) {
  std::vector<crm::Sample> samples;
  const auto add = [&](const char* family, std::vector<std::string> labels, double value) {
    samples.push_back({.family = family, .labels = std::move(labels), .value = value});
  };
  const auto sum = [](const crm::FactTable& fact, const char* column) { return static_cast<double>(fact.sum(column)); };
  if (!counted.leads.absent()) add(family::leads, {}, sum(counted.leads, "won"));
  if (!counted.tickets.absent()) add(family::tickets, {}, sum(counted.tickets, "resolved"));
  if (!counted.campaigns.absent()) {
    for (const char* stage : {"sent", "responded", "converted"})
      add(family::recipients, {stage}, sum(counted.campaigns, stage));
  }
  if (report.repeat_customers.exists()) add(family::repeat_customers, {}, report.repeat_customers.value());
  if (report.cost.known && report.cost.conversations > 0)
    add(family::cost, {currency}, report.cost.amount() / static_cast<double>(report.cost.conversations));
  return samples;
}

}  // namespace business_impact
