// The document and the samples of customer-satisfaction: every field, with its arithmetic in sight.

#include "report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "samples.h"

namespace customer_satisfaction {
namespace {

using crm::FactTable;
using crm::Json;
using ::testing::Contains;
using ::testing::ElementsAre;

// Scores 5, 4, 2 in the window; 2 and 4 before it.
CustomerSatisfaction three_ratings() {
  CustomerSatisfaction report;
  report.ratings = {.rated = 3, .satisfied = 2, .score = 11};
  report.before = {.rated = 2, .satisfied = 1, .score = 6};
  report.distribution = {0, 1, 0, 1, 1};
  report.by_agent = {{"a1", "Ann", {.rated = 2, .satisfied = 2, .score = 9}},
                     {"b1", "Bob", {.rated = 1, .satisfied = 0, .score = 2}}};
  return report;
}

Json document(const CustomerSatisfaction& report) {
  return to_json(report, crm::Settings{});
}

std::vector<std::string> lines(const std::vector<crm::Sample>& samples) {
  std::vector<std::string> lines;
  for (const auto& sample : samples) {
    std::string line = sample.family;
    for (const std::string& label : sample.labels) line += " " + label;
    lines.push_back(line + " = " + Json(sample.value).dump());
  }
  return lines;
}

TEST(SatisfactionDocument, HasTheDocumentedShapeInTheDocumentedOrder) {
  EXPECT_EQ(document(three_ratings()).dump(),
            R"({"ratings":3,)"
            R"("averageScore":{"value":3.67,"trend":"up","change":22.2},)"
            R"("satisfiedShare":{"value":66.7,"trend":"up","change":33.3},)"
            R"("distribution":[{"score":1,"count":0},{"score":2,"count":1},{"score":3,"count":0},)"
            R"({"score":4,"count":1},{"score":5,"count":1}],)"
            R"("byAgent":[{"agentId":"a1","agentName":"Ann","ratings":2,"averageScore":4.5,"satisfiedShare":100.0},)"
            R"({"agentId":"b1","agentName":"Bob","ratings":1,"averageScore":2.0,"satisfiedShare":0.0}]})");
}

TEST(SatisfactionDocument, MovesAsTheExactMeans) {
  const Json json = document(three_ratings());
  EXPECT_EQ(json["averageScore"]["change"], 22.2);    // 11/3 against 6/2: (3.667 − 3) ÷ 3
  EXPECT_EQ(json["satisfiedShare"]["change"], 33.3);  // 2/3 against 1/2
}

TEST(SatisfactionDocument, OfNoRatingsHasNoMean) {
  const Json json = document({});
  EXPECT_EQ(json["ratings"], 0);
  EXPECT_EQ(json["averageScore"].dump(), R"({"value":null,"trend":"stable","change":0.0})");
  EXPECT_EQ(json["satisfiedShare"].dump(), R"({"value":null,"trend":"stable","change":0.0})");
  EXPECT_EQ(json["distribution"].size(), 5U);
  EXPECT_TRUE(json["byAgent"].empty());
}

TEST(SatisfactionDocument, ListsAgentsByTheirRatingsThenByTheirId) {
  std::vector<AgentRatings> agents{{"c", "", {.rated = 1}}, {"b", "", {.rated = 2}}, {"a", "", {.rated = 1}}};
  sort(agents);
  EXPECT_EQ(agents[0].agent_id + agents[1].agent_id + agents[2].agent_id, "bac");
}

// a1 has 5 and 4, nobody 1.
FactTable counted() {
  return {{"rated", "satisfied", "score"},
          {"scores"},
          {{.agent = "a1", .values = {2, 2, 9}, .histograms = {{0, 0, 0, 1, 1}}},
           {.values = {1, 0, 1}, .histograms = {{1, 0, 0, 0, 0}}}}};
}

TEST(SatisfactionSamples, CountByScoreAndByAgent) {
  EXPECT_THAT(lines(to_samples({.rated = 4, .satisfied = 3, .score = 14}, counted())),
              ElementsAre("crm_satisfaction_ratings_total 1 = 1.0", "crm_satisfaction_ratings_total 2 = 0.0",
                          "crm_satisfaction_ratings_total 3 = 0.0", "crm_satisfaction_ratings_total 4 = 1.0",
                          "crm_satisfaction_ratings_total 5 = 1.0", "crm_agent_satisfaction_ratings_total a1 = 2.0",
                          "crm_agent_satisfaction_score_total a1 = 9.0", "crm_satisfaction_today_mean_score = 3.5",
                          "crm_satisfaction_today_satisfied_ratio = 0.75"));
}

TEST(SatisfactionSamples, LeaveOutAMeanOfNothingButNotTheCounters) {
  const auto shown = lines(to_samples({}, FactTable({"rated", "satisfied", "score"}, {"scores"}, {})));
  EXPECT_THAT(shown, Contains("crm_satisfaction_ratings_total 5 = 0.0"));
  EXPECT_EQ(shown.size(), 5U);
}

TEST(SatisfactionSamples, AreNoneWithoutConversations) {
  EXPECT_TRUE(to_samples({}, FactTable::of_absent_view("conversations")).empty());
}

}  // namespace
}  // namespace customer_satisfaction
