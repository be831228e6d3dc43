// The document of conversation-effectiveness: every field, with its arithmetic in sight.

#include "report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/testing/fake_calendar.h>

namespace conversation_effectiveness {
namespace {

using crm::testing::at;

crm::Json document(const ConversationEffectiveness& report) {
  return to_json(report, crm::testing::utc_calendar());
}

ConversationEffectiveness busy_day() {
  ConversationEffectiveness report;
  report.per_agent = {{"a2", "Ann", 5, {901'000, 2}}, {"a1", "", 2, {}}};
  report.response_time = {{at("2026-03-10T09:00:00Z"), {100'499, 1}}, {at("2026-03-10T11:00:00Z"), {301'500, 3}}};
  report.sla = {.compliant = 7, .breached = 2};
  report.created = 12;
  report.resolved = 4;
  return report;
}

TEST(Document, HasTheDocumentedShapeInTheDocumentedOrder) {
  EXPECT_EQ(document(busy_day()).dump(),
            R"({"conversationsPerAgent":[)"
            R"({"agentId":"a2","agentName":"Ann","count":5,"avgResponseTime":451},)"  // 901 s ÷ 2 = 450.5, half up
            R"({"agentId":"a1","agentName":"","count":2,"avgResponseTime":0}],)"      // answered nothing
            R"("avgResponseTimeOverTime":[)"
            R"({"timestamp":"2026-03-10T09:00:00+00:00","avgSeconds":100},)"          // 100.499
            R"({"timestamp":"2026-03-10T11:00:00+00:00","avgSeconds":101}],)"         // 301.5 ÷ 3 = 100.5
            R"("slaCompliance":{"percentage":77.8,"compliant":7,"nonCompliant":2},)"  // 7 ÷ 9
            R"("resolvedVsOpen":{"resolved":4,"open":8,"percentage":33.3}})");        // 4 ÷ 12
}

TEST(Document, OfNothingIsEmptyAndCompliant) {
  EXPECT_EQ(document({}).dump(), R"({"conversationsPerAgent":[],"avgResponseTimeOverTime":[],)"
                                 R"("slaCompliance":{"percentage":100.0,"compliant":0,"nonCompliant":0},)"
                                 R"("resolvedVsOpen":{"resolved":0,"open":0,"percentage":0.0}})");
}

TEST(Agents, AreOrderedByConversationsThenByNameThenById) {
  std::vector<AgentConversations> agents{{"3", "Bob", 1, {}}, {"2", "Ann", 1, {}}, {"9", "Zoe", 4, {}},
                                         {"1", "Ann", 1, {}}, {"4", "ann", 1, {}}, {"5", "", 1, {}}};
  sort(agents);
  std::string order;
  for (const auto& agent : agents) order += agent.agent_id;
  EXPECT_EQ(order, "951234") << "Zoe has most; then \"\", Ann (1), Ann (2), Bob, ann: code points, not letters";
}

}  // namespace
}  // namespace conversation_effectiveness
