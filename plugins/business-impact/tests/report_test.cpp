// The document of business-impact: every field, with its arithmetic in sight.

#include "report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace business_impact {
namespace {

TEST(Document, HasTheDocumentedShapeInTheDocumentedOrder) {
  BusinessImpact report;
  report.leads = {.now = 18, .before = 15};
  report.tickets = {.today = 4, .week = 31, .month = 120};
  report.campaigns = {{"c2", "Summer", 400, 90, 17}, {"c1", "Spring", 0, 0, 0}};
  report.repeat_customers = {30, 80};
  report.repeat_customers_before = {28, 80};
  report.cost = {.paid_ms = 90 * 3'600'000 + 1'800'000, .conversations = 77, .bot_successes = 25, .agent_hour = 16.0};
  EXPECT_EQ(to_json(report, {}).dump(),
            R"({"leadsGenerated":{"total":18,"trend":"up","change":20.0},)"  // 3 ÷ 15
            R"("ticketsResolved":{"today":4,"week":31,"month":120},)"
            R"("campaignConversion":[{"campaignId":"c2","campaignName":"Summer","sent":400,"responded":90,)"
            R"("converted":17,"conversionRate":4.3},)"  // 17 ÷ 400 = 4.25
            R"({"campaignId":"c1","campaignName":"Spring","sent":0,"responded":0,"converted":0,"conversionRate":0.0}],)"
            R"("repeatCustomerRate":{"rate":37.5,"trend":"up"},)"           // 37.5 against 35: +7.1 %
            R"("costPerConversation":{"amount":18.81,"savings":33.33}})");  // 90.5 h × 16 ÷ 77; 25 × 300 s × 16
}

TEST(Document, OfNothingIsZero) {
  EXPECT_EQ(to_json({}, {}).dump(), R"({"leadsGenerated":{"total":0,"trend":"stable","change":0.0},)"
                                    R"("ticketsResolved":{"today":0,"week":0,"month":0},"campaignConversion":[],)"
                                    R"("repeatCustomerRate":{"rate":0.0,"trend":"stable"},)"
                                    R"("costPerConversation":{"amount":0.0,"savings":0.0}})");
}

TEST(Document, HasDeadBandsOfItsOwn) {
  BusinessImpact report;
  report.leads = {.now = 18, .before = 15};
  report.repeat_customers = {30, 80};
  report.repeat_customers_before = {28, 80};
  const crm::Json json = to_json(report, {.leads = 20.0, .repeat_customers = 8.0});
  EXPECT_EQ(json["leadsGenerated"]["trend"], "stable") << "20 % is not more than 20 %";
  EXPECT_EQ(json["repeatCustomerRate"]["trend"], "stable");
}

TEST(Cost, OfConversationsWithoutAnybodyIsNone) {
  BusinessImpact report;
  report.cost = {.paid_ms = 3'600'000, .conversations = 0};
  EXPECT_EQ(to_json(report, {})["costPerConversation"]["amount"], 0.0) << "they waited, and nobody came";
}

}  // namespace
}  // namespace business_impact
