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
using ::testing::IsEmpty;

// Noon of a Tuesday, UTC: today is [00:00, 12:00).
const Instant noon = at("2026-03-10T12:00:00Z");
const kit::EventHistogram resolution{
    "resolution",
    "resolution_ms",
    {300'000, 900'000, 1'800'000, 3'600'000, 7'200'000, 14'400'000, 28'800'000, 86'400'000, 172'800'000, 604'800'000}};

class AgentProductivityCollector : public ::testing::Test {
 protected:
  AgentProductivityCollector() {
    sources_.add_rows("agent-productivity/agents",
                      Rows({"agent", "name"}, {{"a1", "Ann"}, {"a2", "Ben"}, {"a3", "Cat"}, {"a4", std::nullopt}}));
    sources_.add_rows("agent-productivity/presence_now",
                      Rows({"agent", "status", "since"}, {{"a1", "online", "2026-03-10 11:00:00+00"},
                                                          {"a2", "away", "2026-03-10 11:59:00+00"},
                                                          {"a3", std::nullopt, "2026-03-10 10:00:00+00"},
                                                          {"gone", "online", "2026-03-10 10:00:00+00"}}));
    sources_.add_events("conversations", {.columns = {"created", "resolved"},
                                          .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1, 1}},
                                                     {at("2026-03-10T09:00:00Z"), "a1", {}, {1, 0}},
                                                     {at("2026-03-10T09:30:00Z"), "a2", {}, {1, 1}},
                                                     {at("2026-03-10T09:40:00Z"), "gone", {}, {1, 1}},
                                                     {at("2026-03-10T10:00:00Z"), {}, {}, {1, 1}},
                                                     {at("2026-03-04T10:00:00Z"), "a2", {}, {1, 0}}}});
    sources_.add_events("open_conversations", {.columns = {"open"},
                                               .events = {{at("2025-12-10T08:00:00Z"), "a1", {}, {5}},
                                                          {at("2026-03-10T09:00:00Z"), "a2", {}, {1}},
                                                          {at("2026-03-10T09:00:00Z"), "a3", {}, {9}},
                                                          {at("2026-03-10T12:00:00Z"), "gone", {}, {2}},
                                                          {at("2026-03-10T09:30:00Z"), {}, {}, {7}}}});
    sources_.add_events("presence", {.columns = {"online_ms", "away_ms"},
                                     .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {7'200'000, 60'000}},
                                                {at("2026-03-09T08:00:00Z"), "a1", {}, {1'000, 0}}}});
    sources_.add_events("resolutions", {.columns = {"resolved", "resolution_ms"},
                                        .events = {{at("2026-03-10T09:00:00Z"), "a1", {}, {1, 3'600'000}},
                                                   {at("2026-03-10T10:00:00Z"), "a1", {}, {1, 1'200'000}}},
                                        .histograms = {resolution}});
  }

  Json collect(const kit::RequestBuilder& asked = kit::RequestBuilder(noon)) {
    report_ = collector().collect(asked.request(), sources_);
    return *report_.document;
  }
  const Collector& collector() {
    if (collectors_.empty()) collectors_ = crm_plugin_descriptor()->factory(kit::FakeConfig{});
    return *collectors_.front();
  }
  std::map<std::string, double> samples(const std::string& family) const {
    std::map<std::string, double> all;
    for (const Sample& sample : report_.samples) {
      if (sample.family == family) all[sample.labels.empty() ? "" : sample.labels[0]] = sample.value;
    }
    return all;
  }

  kit::FakeSources sources_{noon};
  Collectors collectors_;
  Report report_;
};

TEST_F(AgentProductivityCollector, ListsEveryAgentByChats) {
  const Json agents = collect()["agentMetrics"];
  ASSERT_EQ(agents.size(), 4U) << "those with a profile, and nobody else";
  EXPECT_EQ(agents[0], Json::parse(R"({"agentId": "a1", "agentName": "Ann", "chatsHandled": 2, "resolutionRate": 50.0,
      "idleTime": 60, "activeTime": 7200, "avgHandlingTime": 2400, "status": "online", "statusDuration": 3600})"))
      << "handling (3600 s + 1200 s) ÷ 2";
  EXPECT_EQ(agents[1], Json::parse(R"({"agentId": "a2", "agentName": "Ben", "chatsHandled": 1, "resolutionRate": 100.0,
      "idleTime": 0, "activeTime": 0, "avgHandlingTime": 0, "status": "away", "statusDuration": 60})"));
  EXPECT_EQ(agents[2]["agentId"], "a4") << "without a name, before Cat";
  EXPECT_EQ(agents[2]["status"], "offline");
  EXPECT_EQ(agents[2]["statusDuration"], 0) << "there never was a span";
  EXPECT_EQ(agents[3]["status"], "offline");
  EXPECT_EQ(agents[3]["statusDuration"], 7'200) << "since the last span ended";
}

TEST_F(AgentProductivityCollector, HoldsThoseWhoAreThereAgainstTheirMean) {
  // a1 has 5, a2 has 1: the mean is 3. a3 has 9 and is not there.
  EXPECT_EQ(collect()["workloadDistribution"], Json::parse(R"({"balanced": 0, "overloaded": 1, "underutilized": 1})"));
}

TEST_F(AgentProductivityCollector, TakesWhatLiesInTheWindow) {
  const Json week = collect(kit::RequestBuilder(noon).last_days(7))["agentMetrics"];
  EXPECT_EQ(week[1]["chatsHandled"], 2) << "Ben's of the 4th, too";
  EXPECT_EQ(week[0]["activeTime"], 7'201);
}

TEST_F(AgentProductivityCollector, CountsPresencesThatNobodyKnows) {
  sources_.add_rows("agent-productivity/presence_now",
                    Rows({"agent", "status", "since"}, {{"a1", "lunch", "2026-03-10 11:00:00+00"}}));
  EXPECT_EQ(collect()["agentMetrics"][0]["status"], "offline");
  EXPECT_EQ(collect()["agentMetrics"][0]["statusDuration"], 3'600);
  EXPECT_THAT(sources_.unknown_words(),
              ::testing::Contains(kit::FakeSources::UnknownWord{"agent_status", "status", 1}));
}

TEST_F(AgentProductivityCollector, ShowsCountersOfAgentsWhoAreGoneAndZerosOfThoseWhoHaveNone) {
  collect();
  EXPECT_EQ(samples("crm_agent_chats_total"),
            (std::map<std::string, double>{{"a1", 2}, {"a2", 2}, {"a3", 0}, {"a4", 0}, {"gone", 1}}));
  EXPECT_EQ(samples("crm_agent_online_seconds_total"),
            (std::map<std::string, double>{{"a1", 7'201}, {"a2", 0}, {"a3", 0}, {"a4", 0}}));
  EXPECT_EQ(samples("crm_agent_open_conversations"),
            (std::map<std::string, double>{{"a1", 5}, {"a2", 1}, {"a3", 9}, {"a4", 0}, {"gone", 2}}));
  EXPECT_EQ(samples("crm_workload_agents"),
            (std::map<std::string, double>{{"balanced", 0}, {"overloaded", 1}, {"underutilized", 1}}));
  for (const Sample& sample : report_.samples) {
    if (sample.family != "crm_agent_handling_seconds" || sample.labels[0] != "a1") continue;
    EXPECT_EQ(sample.histogram->sum, 4'800);
    EXPECT_THAT(sample.histogram->counts, ElementsAre(2U));
  }
}

TEST_F(AgentProductivityCollector, WithoutSpansKnowsChatsStill) {
  sources_.remove_view("agent_status", {"presence"});
  const Json json = collect();
  EXPECT_EQ(json["agentMetrics"][0]["chatsHandled"], 2);
  EXPECT_EQ(json["agentMetrics"][0]["status"], "offline");
  std::set<std::string> returned;
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_THAT(returned, ElementsAre("crm_agent_chats_total", "crm_agent_handling_seconds", "crm_agent_info",
                                    "crm_agent_open_conversations"));
}

TEST_F(AgentProductivityCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  std::set<std::string> returned;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_EQ(declared, returned);
  EXPECT_TRUE((collect(kit::RequestBuilder(noon).document_only()), report_.samples.empty()));
}

TEST_F(AgentProductivityCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(collect().contains(field.get<std::string>())) << field;
}

}  // namespace
