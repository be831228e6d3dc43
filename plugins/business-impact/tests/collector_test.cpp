// The collector against prepared sources: which questions it asks, and what it makes of the answers.

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>
#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_config.h>
#include <crm/sdk/testing/fake_sources.h>
#include <crm/sdk/testing/request.h>

extern "C" const crm::PluginDescriptor* crm_plugin_descriptor();

namespace {

using namespace crm;
namespace kit = crm::testing;
using crm::testing::at;
using ::testing::ElementsAre;

// Of a Tuesday, UTC: the last 30 business days begin on 9 February, the 30 before end on 8 February at noon.
const Instant noon = at("2026-03-10T12:00:00Z");

class BusinessImpactCollector : public ::testing::Test {
 protected:
  BusinessImpactCollector() {
    sources_.add_events("leads", {.columns = {"won"},
                                  .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1}},
                                             {at("2026-02-20T08:00:00Z"), {}, {}, {1}},
                                             {at("2026-01-20T08:00:00Z"), "a1", {}, {1}}}});
    sources_.add_events("ticket_resolutions", {.columns = {"resolved"},
                                               .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1}},
                                                          {at("2026-03-04T08:00:00Z"), "a1", {}, {1}},
                                                          {at("2026-02-10T08:00:00Z"), {}, {}, {1}},
                                                          {at("2026-01-10T08:00:00Z"), {}, {}, {1}}}});
    sources_.add_events("campaign_results", {.columns = {"sent", "responded", "converted"},
                                             .events = {{at("2025-11-01T08:00:00Z"), {}, "c1", {1, 1, 1}},
                                                        {at("2025-11-02T08:00:00Z"), {}, "c1", {1, 0, 0}},
                                                        {at("2026-03-01T08:00:00Z"), {}, "c2", {1, 1, 0}},
                                                        {at("2025-01-01T08:00:00Z"), {}, "old", {1, 0, 0}}}});
    sources_.add_events("customers", {.columns = {"first_ever", "again"},
                                      .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1, 0}},
                                                 {at("2026-03-10T09:00:00Z"), "a1", {}, {0, 1}},
                                                 {at("2026-01-20T09:00:00Z"), {}, {}, {1, 0}}}});
    // By the day of the conversation before: none, of 2024, of the window (9 March is the 20,521st day); and of
    // January.
    sources_.add_events("visits", {.columns = {"came"},
                                   .events = {{at("2026-03-09T08:00:00Z"), {}, {}, {1}},
                                              {at("2026-03-10T08:00:00Z"), {}, "20521", {1}},
                                              {at("2026-03-10T08:30:00Z"), {}, "20000", {1}},
                                              {at("2026-03-10T09:00:00Z"), {}, "20492", {2}},
                                              {at("2026-01-20T09:00:00Z"), {}, {}, {1}},
                                              {at("2026-01-21T09:00:00Z"), {}, "20000", {1}}}});
    sources_.add_events("bot_conversations",
                        {.columns = {"bot", "human", "chatbot", "successful", "escalated", "dropped"},
                         .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1, 1, 0, 0, 1, 0}},
                                    {at("2026-03-10T09:00:00Z"), "a2", {}, {0, 1, 0, 0, 0, 0}},
                                    {at("2026-03-10T10:00:00Z"), {}, {}, {1, 0, 1, 1, 0, 0}}}});
    sources_.add_events("presence", {.columns = {"online_ms", "away_ms"},
                                     .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {3'600'000, 1'800'000}},
                                                {at("2026-03-10T08:00:00Z"), "boss", {}, {9'000'000, 0}},
                                                {at("2026-03-10T08:00:00Z"), "gone", {}, {1'800'000, 0}}}});
    sources_.add_rows("business-impact/campaigns",
                      Rows({"campaign", "name", "created_at"}, {{"c2", "Summer", "2026-03-01 00:00:00+00"},
                                                                {"c1", "Spring", "2025-11-01 00:00:00+00"},
                                                                {"c0", std::nullopt, "2025-10-01 00:00:00+00"}}));
    sources_.add_rows("business-impact/customers",
                      Rows({"contacts", "repeat", "contacts_before", "repeat_before"}, {{"4", "2", "2", "0"}}));
    sources_.add_rows("business-impact/not_paid", Rows({"agent"}, {{"boss"}}));
  }

  Json collect(const kit::RequestBuilder& asked) {
    report_ = collector().collect(asked.request(), sources_);
    return *report_.document;
  }
  Json collect() { return collect(kit::RequestBuilder(noon).last_days(30)); }
  const Collector& collector() {
    if (collectors_.empty()) collectors_ = crm_plugin_descriptor()->factory(kit::FakeConfig{});
    return *collectors_.front();
  }

  kit::FakeSources sources_{noon};
  Collectors collectors_;
  Report report_;
};

TEST_F(BusinessImpactCollector, HoldsLeadsAgainstThePreviousPeriod) {
  EXPECT_EQ(collect()["leadsGenerated"], Json::parse(R"({"total": 2, "trend": "up", "change": 100.0})"));
}

TEST_F(BusinessImpactCollector, CountsTicketsOfItsOwnWindows) {
  const Json tickets = Json::parse(R"({"today": 1, "week": 2, "month": 3})");
  EXPECT_EQ(collect()["ticketsResolved"], tickets);
  EXPECT_EQ(collect(kit::RequestBuilder(noon).last_days(1))["ticketsResolved"], tickets) << "whatever is asked for";
}

TEST_F(BusinessImpactCollector, AddsUpCampaignsOfAllTimes) {
  const Json campaigns = collect(kit::RequestBuilder(noon).last_days(1))["campaignConversion"];
  ASSERT_EQ(campaigns.size(), 3U) << "in the order of the statement, those without recipients, too";
  EXPECT_EQ(campaigns[0], Json::parse(R"({"campaignId": "c2", "campaignName": "Summer", "sent": 1, "responded": 1,
                                          "converted": 0, "conversionRate": 0.0})"));
  EXPECT_EQ(campaigns[1], Json::parse(R"({"campaignId": "c1", "campaignName": "Spring", "sent": 2, "responded": 1,
                                          "converted": 1, "conversionRate": 50.0})"));
  EXPECT_EQ(campaigns[2]["campaignName"], "");
}

TEST_F(BusinessImpactCollector, FindsRepeatCustomersByThoseWhoAreNew) {
  EXPECT_EQ(collect()["repeatCustomerRate"], Json::parse(R"({"rate": 75.0, "trend": "up"})"))
      << "1 of 4 is new (who came on the 9th and again on the 10th is one); before it was 1 of 2: 50 %";
  for (const auto& asked : sources_.statements_asked()) EXPECT_NE(asked.statement, "business-impact/customers");
}

TEST_F(BusinessImpactCollector, AndByTheirRowsWhereNotAllAreSeen) {
  sources_.limit_to({"a1"});
  sources_.add_rows("business-impact/campaigns", Rows({"campaign", "name", "created_at"}, {}));
  const Json json = collect(kit::RequestBuilder(noon).last_days(30).scope({Role::agent, "a1"}));
  EXPECT_EQ(json["repeatCustomerRate"], Json::parse(R"({"rate": 50.0, "trend": "up"})")) << "2 of 4, against 0 of 2";
  EXPECT_EQ(json["leadsGenerated"]["total"], 1);
  EXPECT_TRUE(json["campaignConversion"].empty());
  EXPECT_EQ(json["costPerConversation"]["amount"], 22.5) << "1.5 h at 15, for one conversation";
  EXPECT_EQ(json["costPerConversation"]["savings"], 0.0);
}

TEST_F(BusinessImpactCollector, OfATeamHistoryTellsWhereItKeepsThem) {
  sources_.limit_to({"a1"});
  const auto asked = kit::RequestBuilder(noon).last_days(30).scope({Role::agent, "a1"});
  sources_.add_contacts(asked.request().window, {.contacts = 8, .came_before = 6});
  EXPECT_EQ(collect(asked)["repeatCustomerRate"], Json::parse(R"({"rate": 50.0, "trend": "up"})"))
      << "of the previous window history does not tell: the rows do, of both";
  sources_.add_contacts(asked.request().previous, {.contacts = 10, .came_before = 10});
  EXPECT_EQ(collect(asked)["repeatCustomerRate"], Json::parse(R"({"rate": 75.0, "trend": "down"})"))
      << "6 of 8, 10 of 10";
}

TEST_F(BusinessImpactCollector, DividesWhatThoseCostWhoAreAgentsOrWereIt) {
  // a1 1.5 h and one who is gone 0.5 h, at 15 an hour, for two conversations; the boss is no agent.
  EXPECT_EQ(collect()["costPerConversation"], Json::parse(R"({"amount": 15.0, "savings": 1.25})"));
}

TEST_F(BusinessImpactCollector, ShowsPrometheusWhatItCounts) {
  collect();
  std::map<std::string, double> samples;
  for (const Sample& sample : report_.samples) {
    std::string name = sample.family;
    for (const std::string& label : sample.labels) name += " " + label;
    samples[name] = sample.value;
  }
  EXPECT_EQ(samples, (std::map<std::string, double>{{"crm_campaign_recipients_total converted", 1},
                                                    {"crm_campaign_recipients_total responded", 2},
                                                    {"crm_campaign_recipients_total sent", 4},
                                                    {"crm_cost_per_conversation USD", 15},
                                                    {"crm_leads_total", 3},
                                                    {"crm_repeat_customer_ratio", 0.75},
                                                    {"crm_tickets_resolved_total", 4}}));
}

TEST_F(BusinessImpactCollector, ShowsNoRatiosOfNothing) {
  sources_.add_events("visits", {.columns = {"came"}, .events = {}});
  sources_.add_events("customers", {.columns = {"first_ever", "again"}, .events = {}});
  sources_.add_events("bot_conversations",
                      {.columns = {"bot", "human", "chatbot", "successful", "escalated", "dropped"}, .events = {}});
  EXPECT_EQ(collect()["repeatCustomerRate"], Json::parse(R"({"rate": 0.0, "trend": "stable"})"));
  for (const Sample& sample : report_.samples) {
    EXPECT_NE(sample.family, "crm_repeat_customer_ratio");
    EXPECT_NE(sample.family, "crm_cost_per_conversation");
  }
}

TEST_F(BusinessImpactCollector, WithoutItsViewsIsZero) {
  sources_.remove_view("contacts", {"leads", "campaign_results"});
  sources_.remove_view("tickets", {"ticket_resolutions"});
  sources_.remove_view("campaigns");
  sources_.remove_view("agent_status", {"presence"});
  const Json json = collect();
  EXPECT_EQ(json["leadsGenerated"]["total"], 0);
  EXPECT_TRUE(json["campaignConversion"].empty());
  EXPECT_EQ(json["costPerConversation"]["amount"], 0.0);
  std::set<std::string> returned;
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_EQ(returned.count("crm_leads_total") + returned.count("crm_tickets_resolved_total"), 0U);
}

TEST_F(BusinessImpactCollector, IsAudited) {
  EXPECT_TRUE(collector().describe().audited);
}

TEST_F(BusinessImpactCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  std::set<std::string> returned;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_EQ(declared, returned);
}

TEST_F(BusinessImpactCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(collect().contains(field.get<std::string>())) << field;
}

}  // namespace
