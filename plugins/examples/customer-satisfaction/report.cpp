#include "report.h"

#include <algorithm>
#include <string_view>
#include <tuple>

#include <nlohmann/json.hpp>

namespace customer_satisfaction {
namespace {

using crm::Json;

// Nothing rated has no mean: null, where a 0 would be worse than the worst score.
Json average_score(const Ratings& ratings) {
  return ratings.any() ? Json(crm::hundredths(ratings.mean_score())) : Json();
}

Json satisfied_share(const Ratings& ratings) {
  return ratings.any() ? Json(crm::percentage(ratings.satisfied_share(), 0.0)) : Json();
}

Json moved(Json value, const crm::Change& change) {
  return {{"value", std::move(value)}, {"trend", crm::to_string(change.trend)}, {"change", change.percent}};
}

Json distribution(const Distribution& counts) {
  Json json = Json::array();
  for (std::size_t i = 0; i < counts.size(); ++i) json.push_back({{"score", i + 1}, {"count", counts.at(i)}});
  return json;
}

Json by_agent(const std::vector<AgentRatings>& agents) {
  Json json = Json::array();
  for (const AgentRatings& agent : agents) {
    json.push_back({{"agentId", agent.agent_id},
                    {"agentName", agent.agent_name},
                    {"ratings", agent.ratings.rated},
                    {"averageScore", average_score(agent.ratings)},
                    {"satisfiedShare", satisfied_share(agent.ratings)}});
  }
  return json;
}

}  // namespace

void sort(std::vector<AgentRatings>& agents) {
  std::sort(agents.begin(), agents.end(), [](const AgentRatings& a, const AgentRatings& b) {
    return std::tuple(-a.ratings.rated, std::string_view(a.agent_id)) <
           std::tuple(-b.ratings.rated, std::string_view(b.agent_id));
  });
}

Json to_json(const CustomerSatisfaction& report, const crm::Settings& settings) {
  const crm::Change score =
      crm::change(report.ratings.mean(), report.before.mean(), settings.dead_band("averageScore"));
  const crm::Change share = crm::change(report.ratings.satisfied_share(), report.before.satisfied_share(),
                                        settings.dead_band("satisfiedShare"));
  return {{"ratings", report.ratings.rated},
          {"averageScore", moved(average_score(report.ratings), score)},
          {"satisfiedShare", moved(satisfied_share(report.ratings), share)},
          {"distribution", distribution(report.distribution)},
          {"byAgent", by_agent(report.by_agent)}};
}

}  // namespace customer_satisfaction
