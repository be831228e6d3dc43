#pragma once
// The table as Prometheus gets it.

#include <string>
#include <vector>

#include <crm/sdk/report.h>

#include "definition.h"
#include "plan.h"
#include "table.h"

namespace custom_sql {

struct Sampled {
  std::vector<crm::Sample> samples;
  std::vector<std::string> warnings;  // what did not fit
};

// Rows with the same labels become one sample: counters and histograms are added, gauges merged as the column says.
// ContractError where it does not say. Values of a label beyond its max_values (the first ones stay, in the order of
// the rows) become `other` in gauges that are merged, and are left out of the rest: a counter's value that came and
// went under `other` would count its history again.
Sampled to_samples(const Definition& definition, const Plan& plan, const Table& table);

}  // namespace custom_sql
