#include "samples.h"

#include <crm/sdk/samples.h>

#include "description.h"
#include "families.h"

namespace conversation_effectiveness {
namespace {

using crm::Sample;

Sample count(const char* name, std::int64_t value, std::vector<std::string> labels = {}) {
  return {name, std::move(labels), static_cast<double>(value)};
}

void add_sla(const Counted& counted, std::vector<Sample>& samples) {
  samples.push_back(count(family::sla, counted.sla.sum("compliant"), {"compliant"}));
  samples.push_back(count(family::sla, counted.sla.sum("breached"), {"breached"}));
}

}  // namespace

std::vector<Sample> to_samples(const Counted& counted, const crm::Description& description) {
  std::vector<Sample> samples;
  const auto add_histogram = [&](const char* name, const crm::FactTable& fact, const char* histogram, const char* sum) {
    if (!fact.absent()) samples.push_back(crm::seconds_histogram(family_of(description, name), fact, histogram, sum));
  };
  if (!counted.conversations.absent()) {
    samples.push_back(count(family::created, counted.conversations.sum("created")));
  }
  if (!counted.resolutions.absent()) {
    samples.push_back(count(family::resolved, counted.resolutions.sum("resolved")));
  }
  add_histogram(family::first_response, counted.first_responses, "response", "response_ms");
  add_histogram(family::response, counted.turns, "response", "response_ms");
  add_histogram(family::resolution, counted.resolutions, "resolution", "resolution_ms");
  if (!counted.sla.absent()) add_sla(counted, samples);
  if (counted.waiting) {
    samples.push_back(count(family::sla_waiting, counted.waiting->in_time, {"in_time"}));
    samples.push_back(count(family::sla_waiting, counted.waiting->overdue, {"overdue"}));
  }
  samples.push_back(count(family::sla_target, counted.sla_target_seconds));
  return samples;
}

}  // namespace conversation_effectiveness
