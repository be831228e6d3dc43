#pragma once
// What Prometheus is told of satisfaction.

#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

#include "report.h"

namespace customer_satisfaction {

// `today`: of conversations created since business midnight. `counted`: counters of the fact, by agent. Where this CRM
// has no conversations nothing is told.
std::vector<crm::Sample> to_samples(const Ratings& today, const crm::FactTable& counted);

}  // namespace customer_satisfaction
