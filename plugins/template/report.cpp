#include "report.h"

#include <nlohmann/json.hpp>

#include <crm/sdk/numbers.h>

#include "families.h"

namespace my_section {

crm::Json to_json(const MySection& report, const crm::Settings& settings) {
  const crm::Change change = crm::change(report.conversations, report.before, settings.dead_band("conversations"));
  return {
      {"conversations",
       {{"value", report.conversations}, {"trend", crm::to_string(change.trend)}, {"change", change.percent}}},
      {"agents", report.agents},
  };
}

std::vector<crm::Sample> to_samples(const MySection& report, const crm::FactTable& conversations) {
  if (!report.has_conversations) return {};
  return {
      {.family = family::conversations, .value = static_cast<double>(conversations.sum("created"))},
      {.family = family::agents, .value = static_cast<double>(report.agents)},
  };
}

}  // namespace my_section
