// The automation-impact collector: asks for what report.h and samples.h hold.

#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>
#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "samples.h"

namespace automation_impact {
namespace {

using crm::Axis;

class AutomationImpactCollector final : public crm::Collector {
 public:
  AutomationImpactCollector(const Rates& rates, std::size_t max_intents)
      : description_(automation_impact::description(max_intents)), rates_(rates) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    AutomationImpact report;
    count_conversations(request, sources, report.conversations);
    count_intents(request, sources, report.intents);
    crm::Report answer{.document = crm::share(to_json(report, rates_))};
    if (request.wants_samples) {
      answer.samples =
          to_samples(report, {sources.counters("bot_conversations"), sources.counters("intents", {Axis::key})}, rates_);
    }
    return answer;
  }

 private:
  static void count_conversations(const crm::Request& request, crm::Sources& sources, Conversations& conversations) {
    const crm::FactTable counted = sources.facts({"bot_conversations", request.window});
    conversations = {counted.sum("bot"),        counted.sum("human"),     counted.sum("chatbot"),
                     counted.sum("successful"), counted.sum("escalated"), counted.sum("dropped")};
  }

  static void count_intents(const crm::Request& request, crm::Sources& sources, std::vector<Intent>& intents) {
    const crm::FactTable counted = sources.facts({"intents", request.window, {Axis::key}});
    for (const crm::FactRow& row : counted.rows()) {
      intents.push_back({row.key.value_or(""), counted.value(row, "detected"), counted.value(row, "succeeded"),
                         counted.value(row, "unsuccessful")});
    }
    sort(intents);
  }

  const crm::Description description_;
  const Rates rates_;
};

crm::Collectors make(const crm::Config& config) {
  const std::int64_t max_intents = config.integer("max_intents", 20);
  if (max_intents < 1 || max_intents > 1'000) {
    throw crm::ConfigError("max_intents", "must be between 1 and 1000, not " + std::to_string(max_intents));
  }
  const Rates rates{config.settings().automation.handling_seconds, config.settings().cost.agent_hour};
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<AutomationImpactCollector>(rates, static_cast<std::size_t>(max_intents)));
  return collectors;
}

}  // namespace
}  // namespace automation_impact

CRM_COLLECTOR_PLUGIN("automation-impact", automation_impact::make)
