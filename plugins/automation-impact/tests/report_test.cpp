// The document of automation-impact: every field, with its arithmetic in sight.

#include "report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace automation_impact {
namespace {

TEST(Document, HasTheDocumentedShapeInTheDocumentedOrder) {
  AutomationImpact report;
  report.conversations = {.bot = 80, .human = 50, .chatbot = 30, .successful = 25, .escalated = 40, .dropped = 7};
  report.intents = {{"price", 12, 6, 3}, {"hours", 12, 0, 0}, {"address", 4, 1, 1}};
  EXPECT_EQ(to_json(report, {.handling_seconds = 305, .agent_hour = 15.0}).dump(),
            R"({"chatbotVsHuman":{"chatbot":30,"human":50,"percentage":37.5},)"      // 30 ÷ 80
            R"("autoReplySuccess":{"total":80,"successful":25,"percentage":31.3},)"  // 25 ÷ 80 = 31.25
            R"("dropOffRate":{"total":80,"dropped":7,"percentage":8.8},)"            // 7 ÷ 80 = 8.75
            R"("topIntents":[{"intent":"price","count":12,"successRate":66.7},)"     // 6 ÷ 9 decided
            R"({"intent":"hours","count":12,"successRate":0.0},)"                    // nothing is decided
            R"({"intent":"address","count":4,"successRate":50.0}],)"                 //
            R"("timeSaved":{"hours":2.12,"estimatedCost":31.77},)"                   // 25 × 305 s = 2.11805… h
            R"("escalationRate":{"total":80,"escalated":40,"percentage":50.0}})");   //
}

TEST(Document, OfNothingWentWrongNothing) {
  EXPECT_EQ(to_json({}, {}).dump(), R"({"chatbotVsHuman":{"chatbot":0,"human":0,"percentage":0.0},)"
                                    R"("autoReplySuccess":{"total":0,"successful":0,"percentage":100.0},)"
                                    R"("dropOffRate":{"total":0,"dropped":0,"percentage":0.0},"topIntents":[],)"
                                    R"("timeSaved":{"hours":0.0,"estimatedCost":0.0},)"
                                    R"("escalationRate":{"total":0,"escalated":0,"percentage":0.0}})");
}

TEST(Document, ShowsTheTenMostFrequentIntents) {
  AutomationImpact report;
  for (int i = 0; i < 12; ++i) report.intents.push_back({"intent " + std::to_string(i), i, 0, 0});
  sort(report.intents);
  const crm::Json intents = to_json(report, {})["topIntents"];
  ASSERT_EQ(intents.size(), 10U);
  EXPECT_EQ(intents[0]["count"], 11);
  EXPECT_EQ(intents[9]["count"], 2);
}

TEST(Intents, OfEqualFrequencyAreOrderedByName) {
  std::vector<Intent> intents{{"b", 1, 0, 0}, {"Z", 1, 0, 0}, {"a", 1, 0, 0}, {"c", 2, 0, 0}};
  sort(intents);
  std::string order;
  for (const Intent& intent : intents) order += intent.name;
  EXPECT_EQ(order, "cZab") << "code points, not letters";
}

}  // namespace
}  // namespace automation_impact
