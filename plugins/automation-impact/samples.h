#pragma once
// What Prometheus is told of the bot.

#include <vector>

#include <crm/sdk/facts.h>
#include <crm/sdk/report.h>

#include "report.h"

namespace automation_impact {

// Counters of facts (Sources::counters; intents by key). A fact that reads a view which this CRM does not have is
// absent, and with it its families.
struct Counted {
  crm::FactTable bot_conversations;
  crm::FactTable intents;
};

std::vector<crm::Sample> to_samples(const AutomationImpact& report, const Counted& counted, const Rates& rates);

}  // namespace automation_impact
