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

// 12:30 of a Tuesday, UTC: today is [00:00, 12:30).
const Instant now = at("2026-03-10T12:30:00Z");

class CustomerLoadCollector : public ::testing::Test {
 protected:
  CustomerLoadCollector() {
    sources_.add_events("conversations", {.columns = {"created", "resolved"},
                                          .events = {{at("2026-03-10T09:00:00Z"), "a1", {}, {1, 0}},
                                                     {at("2026-03-10T09:59:00Z"), "a2", {}, {1, 0}},
                                                     {at("2026-03-10T12:10:00Z"), {}, {}, {1, 0}},
                                                     {at("2026-03-09T13:00:00Z"), "a1", {}, {1, 0}},
                                                     {at("2026-03-09T12:59:00Z"), "a1", {}, {1, 0}},
                                                     {at("2026-02-11T03:00:00Z"), "a1", {}, {1, 0}},
                                                     {at("2026-02-10T23:00:00Z"), "a2", {}, {1, 0}}}});
    sources_.add_events("customers", {.columns = {"first_ever", "again"},
                                      .events = {{at("2026-03-10T09:00:00Z"), "a1", {}, {1, 0}},
                                                 {at("2026-03-10T09:59:00Z"), "a2", {}, {0, 1}},
                                                 {at("2026-03-09T13:00:00Z"), "a1", {}, {1, 0}}}});
    sources_.add_events("sla", {.columns = {"compliant", "breached", "answered", "response_ms"},
                                .events = {{at("2026-03-10T09:00:00Z"), "a1", {}, {1, 0, 1, 60'000}},
                                           {at("2026-03-10T09:59:00Z"), "a2", {}, {1, 0, 1, 120'000}},
                                           {at("2026-03-10T12:10:00Z"), {}, {}, {0, 1, 0, {}}},
                                           {at("2026-03-10T12:20:00Z"), "a1", {}, {1, 0, 1, 30'000}}}});
    // By the day of the conversation before: none, yesterday, today (the 20,522nd day).
    sources_.add_events("visits", {.columns = {"came"},
                                   .events = {{at("2026-03-10T09:00:00Z"), {}, {}, {1}},
                                              {at("2026-03-10T09:59:00Z"), {}, "20521", {2}},
                                              {at("2026-03-10T10:00:00Z"), {}, "20522", {5}}}});
    sources_.add_rows("customer-load/contacts", Rows({"contacts"}, {{"3"}}));
  }

  Json collect(const kit::RequestBuilder& asked = kit::RequestBuilder(now)) {
    report_ = collector().collect(asked.request(), sources_);
    return *report_.document;
  }
  void configure(Settings settings) {
    collectors_ = crm_plugin_descriptor()->factory(kit::FakeConfig({}, std::move(settings)));
  }
  const Collector& collector() {
    if (collectors_.empty()) configure({});
    return *collectors_.front();
  }
  static std::int64_t cell(const Json& json, int day, int hour) { return json["heatmap"][24 * day + hour]["count"]; }

  kit::FakeSources sources_{now};
  Collectors collectors_;
  Report report_;
};

TEST_F(CustomerLoadCollector, ShowsTheLast24HoursWhereNoWindowIsNamed) {
  const Json json = collect();
  const Json hours = json["incomingChatsPerHour"];
  ASSERT_EQ(hours.size(), 24U) << "the current one included, those without a chat, too";
  EXPECT_EQ(hours[0], Json::parse(R"({"hour": "2026-03-09T13:00:00+00:00", "count": 1})"));
  EXPECT_EQ(hours[20], Json::parse(R"({"hour": "2026-03-10T09:00:00+00:00", "count": 2})"));
  EXPECT_EQ(hours[23], Json::parse(R"({"hour": "2026-03-10T12:00:00+00:00", "count": 1})"));
  EXPECT_EQ(json["peakHour"], hours[20]);
}

TEST_F(CustomerLoadCollector, ShowsTheWindowThatIsNamed) {
  const Json json = collect(kit::RequestBuilder(now).last_days(1));
  const Json hours = json["incomingChatsPerHour"];
  ASSERT_EQ(hours.size(), 13U) << "0 to 12 o'clock";
  EXPECT_EQ(hours[0]["hour"], "2026-03-10T00:00:00+00:00");
  EXPECT_EQ(cell(json, 2, 9), 2);
  EXPECT_EQ(cell(json, 1, 13), 0) << "yesterday is not asked for";
}

TEST_F(CustomerLoadCollector, MapsTheLast28DaysByDayAndHour) {
  const Json json = collect();
  EXPECT_EQ(cell(json, 2, 9), 2) << "Tuesday";
  EXPECT_EQ(cell(json, 1, 12), 1) << "Monday";
  EXPECT_EQ(cell(json, 3, 3), 1) << "the first of the 28 days, Wednesday 11 February";
  EXPECT_EQ(cell(json, 2, 23), 0) << "Tuesday 10 February is one day too early";
}

TEST_F(CustomerLoadCollector, TellsNewCustomersFromReturningOnes) {
  EXPECT_EQ(collect()["newVsReturning"], Json::parse(R"({"new": 1, "returning": 2})"))
      << "of today: three contacts, one of them for the first time";
}

TEST_F(CustomerLoadCollector, LooksForContactsInRowsWhereNotAllAreSeen) {
  sources_.limit_to({"a2"});
  const Json json = collect(kit::RequestBuilder(now).scope({Role::agent, "a2"}));
  EXPECT_EQ(json["newVsReturning"], Json::parse(R"({"new": 0, "returning": 3})")) << "visits are the company's";
}

TEST_F(CustomerLoadCollector, OfATeamHistoryTellsWhereItKeepsThem) {
  sources_.limit_to({"a2"});
  const auto asked = kit::RequestBuilder(now).scope({Role::agent, "a2"});
  sources_.add_contacts(asked.request().window, {.contacts = 5, .came_before = 4});
  EXPECT_EQ(collect(asked)["newVsReturning"], Json::parse(R"({"new": 0, "returning": 5})"));
}

TEST_F(CustomerLoadCollector, SplitsWaitsByTheBusyHoursOfTheFourWeeksBefore) {
  // Busy: 3, 12, 13 and 23 o'clock, the only ones with a chat in the 28 days before today (10 February is the first).
  const Json waits = collect()["avgWaitTime"];
  EXPECT_EQ(waits["peak"], 30) << "the one of 12:20";
  EXPECT_EQ(waits["offPeak"], 90) << "(60 s + 120 s) ÷ 2";
}

TEST_F(CustomerLoadCollector, TakesTheCompanysPeaksWhoeverAsks) {
  sources_.limit_to({"a2"});
  const Json json = collect(kit::RequestBuilder(now).scope({Role::agent, "a2"}));
  EXPECT_EQ(json["avgWaitTime"]["offPeak"], 120) << "9 o'clock is no peak of the company's";
  EXPECT_EQ(json["incomingChatsPerHour"][20]["count"], 1) << "and what is shown is the agent's";
  int of_everybody = 0;
  for (const FactQuery& asked : sources_.facts_asked()) of_everybody += asked.whole_company ? 1 : 0;
  EXPECT_EQ(of_everybody, 1) << "the peaks' volumes, and nothing else";
}

TEST_F(CustomerLoadCollector, ReadsTheCompanysHoursOnceForWhoSeesThemAll) {
  collect();
  std::vector<Window> read;
  for (const FactQuery& asked : sources_.facts_asked()) {
    if (asked.fact == "conversations") read.push_back(asked.window);
  }
  EXPECT_EQ(read, (std::vector<Window>{{at("2026-02-10T00:00:00Z"), now}}))
      << "the heatmap's 28 days and one before them";
}

TEST_F(CustomerLoadCollector, AWindowThatBeginsWithinAnHourShowsItsPartOfThatHour) {
  sources_.add_events("conversations", {.columns = {"created", "resolved"},
                                        .events = {{at("2026-03-09T12:10:00Z"), "a1", {}, {1, 0}},
                                                   {at("2026-03-09T12:59:00Z"), "a1", {}, {1, 0}}}});
  sources_.add_rows("customer-load/contacts_at_edge", Rows({"contacts"}, {{"0"}}));
  const Json json = collect(kit::RequestBuilder(now).period({{at("2026-03-09T12:30:00Z"), now}, {}}));
  EXPECT_EQ(json["incomingChatsPerHour"][0], Json::parse(R"({"hour": "2026-03-09T12:00:00+00:00", "count": 1})"));
  EXPECT_EQ(cell(json, 1, 12), 1) << "that of 12:10 is not the window's, though it is of the days before today";
}

TEST_F(CustomerLoadCollector, TakesConfiguredPeaks) {
  Settings settings;
  settings.load = {.auto_peak_hours = false, .peak_hours = {9}};
  configure(settings);
  EXPECT_EQ(collect()["avgWaitTime"], Json::parse(R"({"peak": 90, "offPeak": 30})"));
}

TEST_F(CustomerLoadCollector, ShowsPrometheusWhatItCounts) {
  collect();
  std::map<std::string, double> samples;
  for (const Sample& sample : report_.samples) {
    std::string name = sample.family;
    for (const std::string& label : sample.labels) name += " " + label;
    samples[name] = sample.value;
  }
  EXPECT_EQ(samples.size(), 2U + 168U);
  EXPECT_EQ(samples["crm_customers_total new"], 2);
  EXPECT_EQ(samples["crm_customers_total returning"], 1);
  EXPECT_EQ(samples["crm_chats_hour_of_week 2 9"], 2);
  EXPECT_EQ(samples["crm_chats_hour_of_week 0 0"], 0);
  EXPECT_TRUE((collect(kit::RequestBuilder(now).document_only()), report_.samples.empty()));
}

TEST_F(CustomerLoadCollector, WithoutConversationsIsZeroAndShowsPrometheusNothing) {
  sources_.remove_view("conversations", {"conversations", "customers", "sla", "visits"});
  const Json json = collect();
  EXPECT_EQ(json["incomingChatsPerHour"].size(), 24U);
  EXPECT_EQ(json["newVsReturning"], Json::parse(R"({"new": 0, "returning": 0})"));
  EXPECT_TRUE(report_.samples.empty());
}

TEST_F(CustomerLoadCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  std::set<std::string> returned;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_EQ(declared, returned);
}

TEST_F(CustomerLoadCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(collect().contains(field.get<std::string>())) << field;
}

}  // namespace
