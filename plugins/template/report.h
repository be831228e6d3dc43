#pragma once
// GET /api/dashboard/my-section. Everything here is counted, nothing is rounded yet.

#include <cstdint>
#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/json.h>
#include <crm/sdk/report.h>
#include <crm/sdk/settings.h>

namespace my_section {

struct MySection {
  std::int64_t conversations = 0;  // created in the window
  std::int64_t before = 0;         // and in the one before it
  std::int64_t agents = 0;         // who have those of the window

  bool has_conversations = true;  // false: this CRM has no such view
};

crm::Json to_json(const MySection& report, const crm::Settings& settings);

// `conversations`: counters of that fact. What this CRM does not have is zero in JSON and absent here.
std::vector<crm::Sample> to_samples(const MySection& report, const crm::FactTable& conversations);

}  // namespace my_section
