#include "samples.h"

#include "families.h"

namespace automation_impact {
namespace {

using crm::Sample;

Sample number(const char* family, std::vector<std::string> labels, std::int64_t value) {
  return {.family = family, .labels = std::move(labels), .value = static_cast<double>(value)};
}

void add_conversations(const AutomationImpact& report, const crm::FactTable& counted, const Rates& rates,
                       std::vector<Sample>& samples) {
  if (counted.absent()) return;
  samples.push_back(number(family::conversations, {"resolved"}, counted.sum("successful")));
  samples.push_back(number(family::conversations, {"escalated"}, counted.sum("escalated")));
  samples.push_back(number(family::dropped, {}, report.conversations.dropped));
  samples.push_back(number(family::time_saved, {}, seconds_saved(report.conversations, rates)));
}

void add_intents(const crm::FactTable& intents, std::vector<Sample>& samples) {
  for (const crm::FactRow& row : intents.rows()) {
    const std::string intent = row.key.value_or("");
    const auto detected = intents.value(row, "detected");
    const auto succeeded = intents.value(row, "succeeded");
    const auto unsuccessful = intents.value(row, "unsuccessful");
    samples.push_back(number(family::intents, {intent, "succeeded"}, succeeded));
    samples.push_back(number(family::intents, {intent, "unsuccessful"}, unsuccessful));
    samples.push_back(number(family::intents, {intent, "detected"}, detected));
  }
}

}  // namespace

std::vector<Sample> to_samples(const AutomationImpact& report, const Counted& counted, const Rates& rates) {
  std::vector<Sample> samples;
  add_conversations(report, counted.bot_conversations, rates, samples);
  add_intents(counted.intents, samples);
  return samples;
}

}  // namespace automation_impact
