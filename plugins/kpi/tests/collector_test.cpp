// The collector against prepared sources: which questions it asks, and what it makes of the answers.

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

// Noon of a Tuesday, UTC: today is [00:00, 12:00), before is yesterday at 12:00.
const Instant noon = at("2026-03-10T12:00:00Z");

class KpiCollector : public ::testing::Test {
 protected:
  KpiCollector() {
    sources_.add_events("messages", {.columns = {"inbound", "outbound", "sent", "delivered", "read", "failed"},
                                     .events = {{at("2026-03-10T09:00:00Z"), "ann", {}, {1, 0, 0, 0, 0, 0}},
                                                {at("2026-03-10T09:01:00Z"), "ann", {}, {0, 1, 1, 1, 1, 0}},
                                                {at("2026-03-10T11:00:00Z"), "bob", {}, {0, 1, 1, 0, 0, 1}},
                                                {at("2026-03-09T09:00:00Z"), "ann", {}, {1, 0, 0, 0, 0, 0}},
                                                {at("2026-03-09T13:00:00Z"), "ann", {}, {1, 0, 0, 0, 0, 0}}}});
    sources_.add_events("turns", {.columns = {"answered", "response_ms"},
                                  .events = {{at("2026-03-10T09:01:00Z"), "ann", {}, {1, 60'000}},
                                             {at("2026-03-10T10:00:00Z"), "bob", {}, {1, 180'000}},
                                             {at("2026-03-09T10:00:00Z"), "ann", {}, {1, 60'000}}}});
    sources_.add_events("open_conversations", {.columns = {"open"},
                                               .events = {{at("2026-03-01T09:00:00Z"), "a1", {}, {4}},
                                                          {at("2026-03-10T09:00:00Z"), {}, {}, {2}}}});
    sources_.add_rows("kpi/resolved_since", Rows({"now", "before"}, {{"1", "10"}}));
    sources_.add_rows("kpi/open_tickets",
                      Rows({"priority", "now", "before"}, {{"high", "2", "1"}, {"urgent", "1", "1"}, {"", "3", "0"}}));
  }

  Json collect() {
    const kit::RequestBuilder asked(noon);
    report_ = collector().collect(asked.request(), sources_);
    return *report_.document;
  }

  const Collector& collector() {
    if (collectors_.empty()) collectors_ = crm_plugin_descriptor()->factory(kit::FakeConfig{});
    return *collectors_.front();
  }

  kit::FakeSources sources_{noon};
  Collectors collectors_;
  Report report_;
};

TEST_F(KpiCollector, ComparesTodayWithYesterdayUntilThisTimeOfDay) {
  const Json json = collect();
  EXPECT_EQ(json["messagesToday"]["value"], 3);
  EXPECT_EQ(json["messagesToday"]["change"], 200.0);  // 3 against 1: yesterday's 13:00 is after this time of day
  EXPECT_EQ(json["avgResponseTime"]["value"], 120);   // (60 s + 180 s) ÷ 2
  EXPECT_EQ(json["avgResponseTime"]["change"], 100.0);
  EXPECT_EQ(json["whatsappDeliveryRate"]["value"], 50.0);  // 1 of 2 that left the queue
  EXPECT_EQ(json["activeConversations"]["value"], 7);
  EXPECT_EQ(json["activeConversations"]["change"], -50.0);
}

TEST_F(KpiCollector, AsksWhatWasOpenAtThisTimeYesterday) {
  collect();
  for (const auto& asked : sources_.statements_asked()) {
    ASSERT_EQ(asked.args.size(), 1U) << asked.statement;
    EXPECT_EQ(asked.args[0].name, "before");
    EXPECT_EQ(std::get<Instant>(asked.args[0].value), at("2026-03-09T12:00:00Z"));
  }
  EXPECT_EQ(sources_.statements_asked().size(), 2U);
}

TEST_F(KpiCollector, CountsAnUnknownPriorityAsMediumAndSaysSo) {
  const Json tickets = collect()["openTickets"];
  EXPECT_EQ(tickets["value"], 6);               // 2 + 1 + 3
  EXPECT_EQ(tickets["byPriority"]["high"], 3);  // high and urgent
  EXPECT_EQ(tickets["byPriority"]["medium"], 3);
  EXPECT_EQ(tickets["change"], 200.0);  // 6 against 2
  EXPECT_THAT(sources_.unknown_words(), ElementsAre(kit::FakeSources::UnknownWord{"tickets", "priority", 3}));
}

TEST_F(KpiCollector, SumsOnlyWhatTheScopeSees) {
  sources_.limit_to({"ann"});
  const Json json = collect();
  EXPECT_EQ(json["messagesToday"]["value"], 2);
  EXPECT_EQ(json["avgResponseTime"]["value"], 60);
}

TEST_F(KpiCollector, WithoutAViewIsZeroInJsonAndAbsentFromPrometheus) {
  sources_.remove_view("tickets");
  const Json json = collect();
  EXPECT_EQ(json["openTickets"]["value"], 0);
  for (const auto& sample : report_.samples) EXPECT_NE(sample.family, "crm_tickets_open");
  EXPECT_EQ(json["messagesToday"]["value"], 3) << "the rest goes on";
}

TEST_F(KpiCollector, SkipsARowThatIsNoNumberAndCountsIt) {
  sources_.add_rows("kpi/open_tickets", Rows({"priority", "now", "before"},
                                             {{"low", "NaN", "1"}, {"low", std::nullopt, "1"}, {"low", "4", "4"}}));
  EXPECT_EQ(collect()["openTickets"]["value"], 4);
  EXPECT_EQ(sources_.skipped_rows().size(), 2U);
}

TEST_F(KpiCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) EXPECT_TRUE(declared.contains(sample.family)) << sample.family;
  EXPECT_EQ(declared.size(), 8U);
}

TEST_F(KpiCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(collect().contains(field.get<std::string>())) << field;
}

}  // namespace
