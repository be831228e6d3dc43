// The collector against prepared sources: which questions it asks, and what it makes of the answers.

#include <map>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/errors.h>
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

const Instant noon = at("2026-03-10T12:00:00Z");

class AutomationImpactCollector : public ::testing::Test {
 protected:
  AutomationImpactCollector() {
    sources_.add_events("bot_conversations",
                        {.columns = {"bot", "human", "chatbot", "successful", "escalated", "dropped"},
                         .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1, 0, 1, 1, 0, 0}},
                                    {at("2026-03-09T08:00:00Z"), "a1", {}, {1, 1, 0, 0, 1, 0}},
                                    {at("2026-02-20T08:00:00Z"), {}, {}, {1, 0, 1, 0, 0, 1}},
                                    {at("2026-02-20T09:00:00Z"), "a2", {}, {0, 1, 0, 0, 0, 0}},
                                    {at("2025-12-01T08:00:00Z"), "a1", {}, {1, 0, 1, 1, 0, 0}}}});
    sources_.add_events("intents", {.columns = {"detected", "succeeded", "unsuccessful"},
                                    .events = {{at("2026-03-10T08:00:00Z"), "a1", "price", {1, 1, 0}},
                                               {at("2026-03-10T09:00:00Z"), "a1", "price", {1, 0, 1}},
                                               {at("2026-03-10T09:00:00Z"), {}, "hours", {1, 0, 0}},
                                               {at("2025-12-10T09:00:00Z"), {}, "old", {1, 0, 0}}}});
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

TEST_F(AutomationImpactCollector, CountsTheConversationsOfTheWindow) {
  const Json json = collect();
  EXPECT_EQ(json["chatbotVsHuman"], Json::parse(R"({"chatbot": 2, "human": 2, "percentage": 50.0})"));
  EXPECT_EQ(json["autoReplySuccess"], Json::parse(R"({"total": 3, "successful": 1, "percentage": 33.3})"));
  EXPECT_EQ(json["dropOffRate"], Json::parse(R"({"total": 3, "dropped": 1, "percentage": 33.3})"));
  EXPECT_EQ(json["escalationRate"], Json::parse(R"({"total": 3, "escalated": 1, "percentage": 33.3})"));
  EXPECT_EQ(json["timeSaved"], Json::parse(R"({"hours": 0.08, "estimatedCost": 1.25})")) << "300 s at 15 an hour";
}

TEST_F(AutomationImpactCollector, ListsTheIntentsOfTheWindow) {
  EXPECT_EQ(collect()["topIntents"], Json::parse(R"([{"intent": "price", "count": 2, "successRate": 50.0},
                                                     {"intent": "hours", "count": 1, "successRate": 0.0}])"));
}

TEST_F(AutomationImpactCollector, SumsOnlyWhatTheScopeSees) {
  sources_.limit_to({"a2"});
  const Json json = collect();
  EXPECT_EQ(json["chatbotVsHuman"], Json::parse(R"({"chatbot": 0, "human": 1, "percentage": 0.0})"));
  EXPECT_TRUE(json["topIntents"].empty());
}

TEST_F(AutomationImpactCollector, AsksForThirtyBusinessDaysUnlessAWindowIsNamed) {
  EXPECT_EQ(collector().describe().window.count, 30);
  EXPECT_EQ(collect(kit::RequestBuilder(noon).last_days(1))["chatbotVsHuman"]["chatbot"], 1);
}

TEST_F(AutomationImpactCollector, CostsWhatIsConfigured) {
  Settings settings;
  settings.automation.handling_seconds = 7'200;
  settings.cost.agent_hour = 20.5;
  collectors_ = crm_plugin_descriptor()->factory(kit::FakeConfig({}, settings));
  EXPECT_EQ(collect()["timeSaved"], Json::parse(R"({"hours": 2.0, "estimatedCost": 41.0})"));
}

TEST_F(AutomationImpactCollector, ShowsPrometheusWhatItCounts) {
  collect();
  std::map<std::string, double> samples;
  for (const Sample& sample : report_.samples) {
    std::string name = sample.family;
    for (const std::string& label : sample.labels) name += " " + label;
    samples[name] = sample.value;
  }
  EXPECT_EQ(samples, (std::map<std::string, double>{{"crm_bot_conversations_dropped", 1},
                                                    {"crm_bot_conversations_total escalated", 1},
                                                    {"crm_bot_conversations_total resolved", 2},
                                                    {"crm_intents_total hours detected", 1},
                                                    {"crm_intents_total hours succeeded", 0},
                                                    {"crm_intents_total hours unsuccessful", 0},
                                                    {"crm_intents_total old detected", 1},
                                                    {"crm_intents_total old succeeded", 0},
                                                    {"crm_intents_total old unsuccessful", 0},
                                                    {"crm_intents_total price detected", 2},
                                                    {"crm_intents_total price succeeded", 1},
                                                    {"crm_intents_total price unsuccessful", 1},
                                                    {"crm_time_saved_seconds", 300}}))
      << "counters of all times, gauges of the window";
}

TEST_F(AutomationImpactCollector, WithoutABotIsZeroAndShowsPrometheusNothing) {
  sources_.remove_view("messages", {"bot_conversations"});
  sources_.remove_view("bot_intents", {"intents"});
  EXPECT_EQ(collect()["autoReplySuccess"], Json::parse(R"({"total": 0, "successful": 0, "percentage": 100.0})"));
  EXPECT_TRUE(report_.samples.empty());
}

TEST_F(AutomationImpactCollector, RefusesACapThatMakesNoSense) {
  try {
    crm_plugin_descriptor()->factory(kit::FakeConfig({{"max_intents", std::int64_t{0}}}));
    ADD_FAILURE() << "it was taken";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.key(), "max_intents");
    EXPECT_STREQ(error.what(), "must be between 1 and 1000, not 0");
  }
}

TEST_F(AutomationImpactCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  std::set<std::string> returned;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_EQ(declared, returned);
}

TEST_F(AutomationImpactCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(collect().contains(field.get<std::string>())) << field;
}

}  // namespace
