#pragma once
// GET /api/dashboard/customer-satisfaction. Everything here is counted, nothing is rounded yet.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <crm/sdk/json.h>
#include <crm/sdk/numbers.h>
#include <crm/sdk/settings.h>

namespace customer_satisfaction {

inline constexpr std::size_t best_score = 5;

// How many conversations got each score: [0] is of score 1.
using Distribution = std::array<std::int64_t, best_score>;

struct Ratings {
  std::int64_t rated = 0;
  std::int64_t satisfied = 0;  // with 4 or 5
  std::int64_t score = 0;      // the sum

  bool any() const { return rated > 0; }
  double mean_score() const { return any() ? static_cast<double>(score) / static_cast<double>(rated) : 0.0; }
  crm::Mean mean() const { return {score, rated}; }  // for how it has moved, which has no unit
  crm::Ratio satisfied_share() const { return {satisfied, rated}; }
};

struct AgentRatings {
  std::string agent_id;
  std::string agent_name;
  Ratings ratings;
};

struct CustomerSatisfaction {
  Ratings ratings;  // of the window, those of nobody's conversations, too
  Ratings before;   // of the previous one
  Distribution distribution{};
  std::vector<AgentRatings> by_agent;  // who has at least one
};

// Most ratings first, then by id.
void sort(std::vector<AgentRatings>& agents);

crm::Json to_json(const CustomerSatisfaction& report, const crm::Settings& settings);

}  // namespace customer_satisfaction
