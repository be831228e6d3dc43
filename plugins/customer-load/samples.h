#pragma once
// What Prometheus is told of customers.

#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

#include "report.h"

namespace customer_load {

// `customers`: counters of that fact. What this CRM does not have is absent.
std::vector<crm::Sample> to_samples(const CustomerLoad& report, const crm::FactTable& customers);

}  // namespace customer_load
