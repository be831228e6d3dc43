#pragma once
// What Prometheus is told of conversations.

#include <cstdint>
#include <optional>
#include <vector>

#include <crm/sdk/description.h>
#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

namespace conversation_effectiveness {

struct SlaWaiting {
  std::int64_t in_time = 0;
  std::int64_t overdue = 0;
};

// Counters of facts (Sources::counters). A fact that reads a view which this CRM does not have is absent, and with it
// its families.
struct Counted {
  crm::FactTable conversations;
  crm::FactTable resolutions;
  crm::FactTable first_responses;
  crm::FactTable turns;
  crm::FactTable sla;
  std::optional<SlaWaiting> waiting;  // nothing: the view is absent
  std::int64_t sla_target_seconds = 0;
};

std::vector<crm::Sample> to_samples(const Counted& counted, const crm::Description& description);

}  // namespace conversation_effectiveness
