#pragma once
// What Prometheus is told of business.

#include <string>
#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

#include "report.h"

namespace business_impact {

// Counters of facts (Sources::counters). A fact that reads a view which this CRM does not have is absent, and with it
// its families.
struct Counted {
  crm::FactTable leads;
  crm::FactTable tickets;
  crm::FactTable campaigns;
};

std::vector<crm::Sample> to_samples(const BusinessImpact& report, const Counted& counted, const std::string& currency);

}  // namespace business_impact
