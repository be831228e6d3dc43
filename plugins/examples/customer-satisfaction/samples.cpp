#include "samples.h"

#include <string>

#include "families.h"

namespace customer_satisfaction {
namespace {

using crm::FactTable;
using crm::Sample;

Sample sample(const char* family, std::int64_t value, std::vector<std::string> labels) {
  return {.family = family, .labels = std::move(labels), .value = static_cast<double>(value)};
}

void add_scores(const FactTable& counted, std::vector<Sample>& samples) {
  std::vector<std::int64_t> counts(best_score, 0);
  if (!counted.rows().empty()) counts = counted.histogram("scores");
  for (std::size_t i = 0; i < counts.size(); ++i) {
    samples.push_back(sample(family::ratings, counts[i], {std::to_string(i + 1)}));
  }
}

void add_agents(const FactTable& counted, std::vector<Sample>& samples) {
  for (const crm::FactRow& row : counted.rows()) {
    if (!row.agent) continue;
    samples.push_back(sample(family::agent_ratings, counted.value(row, "rated"), {*row.agent}));
    samples.push_back(sample(family::agent_score, counted.value(row, "score"), {*row.agent}));
  }
}

}  // namespace

std::vector<Sample> to_samples(const Ratings& today, const FactTable& counted) {
  std::vector<Sample> samples;
  if (counted.absent()) return samples;
  add_scores(counted, samples);
  add_agents(counted, samples);
  if (!today.any()) return samples;
  samples.push_back({.family = family::mean, .value = today.mean_score()});
  samples.push_back({.family = family::satisfied, .value = today.satisfied_share().value()});
  return samples;
}

}  // namespace customer_satisfaction
