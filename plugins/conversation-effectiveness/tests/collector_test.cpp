// The collector against prepared sources: which questions it asks, and what it makes of the answers.

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

// Noon of a Tuesday, UTC: today is [00:00, 12:00).
const Instant noon = at("2026-03-10T12:00:00Z");
const kit::EventHistogram response{"response",
                                   "response_ms",
                                   {15'000, 30'000, 60'000, 120'000, 300'000, 600'000, 900'000, 1'800'000, 3'600'000,
                                    14'400'000, 43'200'000, 86'400'000}};
const kit::EventHistogram resolution{
    "resolution",
    "resolution_ms",
    {300'000, 900'000, 1'800'000, 3'600'000, 7'200'000, 14'400'000, 28'800'000, 86'400'000, 172'800'000, 604'800'000}};

class ConversationEffectivenessCollector : public ::testing::Test {
 protected:
  ConversationEffectivenessCollector() {
    sources_.add_events("conversations", {.columns = {"created", "resolved"},
                                          .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1, 1}},
                                                     {at("2026-03-10T09:00:00Z"), "a1", {}, {1, 0}},
                                                     {at("2026-03-10T09:30:00Z"), "a2", {}, {1, 0}},
                                                     {at("2026-03-10T10:00:00Z"), {}, {}, {1, 1}},
                                                     {at("2026-03-04T10:00:00Z"), "a2", {}, {1, 1}}}});
    sources_.add_events("turns", {.columns = {"answered", "response_ms"},
                                  .events = {{at("2026-03-10T09:01:00Z"), "a1", {}, {1, 60'000}},
                                             {at("2026-03-10T09:59:00Z"), "a2", {}, {1, 180'000}},
                                             {at("2026-03-10T11:00:00Z"), "a1", {}, {1, 30'000}},
                                             {at("2026-03-04T10:01:00Z"), "a2", {}, {1, 10'000}}},
                                  .histograms = {response}});
    sources_.add_events("sla", {.columns = {"compliant", "breached", "answered", "response_ms"},
                                .events = {{at("2026-03-10T08:00:00Z"), "a1", {}, {1, 0, 1, 60'000}},
                                           {at("2026-03-10T09:00:00Z"), "a1", {}, {0, 1, 0, {}}},
                                           {at("2026-03-10T09:30:00Z"), "a2", {}, {1, 0, 1, 180'000}}}});
    sources_.add_events("first_responses",
                        {.columns = {"answered", "response_ms"}, .events = {}, .histograms = {response}});
    sources_.add_events("resolutions", {.columns = {"resolved", "resolution_ms"},
                                        .events = {{at("2026-03-10T09:00:00Z"), "a1", {}, {1, 3'600'000}}},
                                        .histograms = {resolution}});
    sources_.add_rows("conversation-effectiveness/agent_names", Rows({"agent", "name"}, {{"a1", "Ann"}}));
    sources_.add_events("waiting", {.columns = {"in_time", "overdue"},
                                    .events = {{at("2026-03-10T09:00:00Z"), {}, {}, {2, 0}},
                                               {at("2025-12-01T09:00:00Z"), "a1", {}, {0, 5}}}});
  }

  Json collect(const kit::RequestBuilder& asked = kit::RequestBuilder(noon)) {
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

TEST_F(ConversationEffectivenessCollector, CountsConversationsAndMeansOfEachAgent) {
  const Json agents = collect()["conversationsPerAgent"];
  ASSERT_EQ(agents.size(), 2U) << "the unassigned one is nobody's";
  EXPECT_EQ(agents[0], Json::parse(R"({"agentId": "a1", "agentName": "Ann", "count": 2, "avgResponseTime": 45})"))
      << "(60 s + 30 s) ÷ 2 turns";
  EXPECT_EQ(agents[1], Json::parse(R"({"agentId": "a2", "agentName": "", "count": 1, "avgResponseTime": 180})"))
      << "an agent who is not in the view has no name";
}

TEST_F(ConversationEffectivenessCollector, ShowsResponseTimesByHourInShortWindows) {
  const Json hours = collect()["avgResponseTimeOverTime"];
  ASSERT_EQ(hours.size(), 2U) << "no reply between 10:00 and 11:00: absent";
  EXPECT_EQ(hours[0], Json::parse(R"({"timestamp": "2026-03-10T09:00:00+00:00", "avgSeconds": 120})"))
      << "(60 s + 180 s) ÷ 2, of both agents";
  EXPECT_EQ(hours[1], Json::parse(R"({"timestamp": "2026-03-10T11:00:00+00:00", "avgSeconds": 30})"));
}

TEST_F(ConversationEffectivenessCollector, AndByDayInLongerOnes) {
  const Json days = collect(kit::RequestBuilder(noon).last_days(7))["avgResponseTimeOverTime"];
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0], Json::parse(R"({"timestamp": "2026-03-04T00:00:00+00:00", "avgSeconds": 10})"));
  EXPECT_EQ(days[1], Json::parse(R"({"timestamp": "2026-03-10T00:00:00+00:00", "avgSeconds": 90})"))
      << "(60 s + 180 s + 30 s) ÷ 3";
  const Period two_days{{noon - std::chrono::hours(48), noon}, {}};
  const Json hours = collect(kit::RequestBuilder(noon).period(two_days))["avgResponseTimeOverTime"];
  EXPECT_EQ(hours.size(), 2U);
  for (const Json& bucket : hours) {
    EXPECT_NE(bucket["timestamp"].get<std::string>().substr(11, 2), "00") << "48 hours are still shown by hour";
  }
}

TEST_F(ConversationEffectivenessCollector, CountsTheSlaAndWhatIsResolved) {
  const Json json = collect();
  EXPECT_EQ(json["slaCompliance"], Json::parse(R"({"percentage": 66.7, "compliant": 2, "nonCompliant": 1})"));
  EXPECT_EQ(json["resolvedVsOpen"], Json::parse(R"({"resolved": 2, "open": 2, "percentage": 50.0})"));
}

TEST_F(ConversationEffectivenessCollector, SumsOnlyWhatTheScopeSees) {
  sources_.limit_to({"a2"});
  const Json json = collect();
  EXPECT_EQ(json["conversationsPerAgent"].size(), 1U);
  EXPECT_EQ(json["resolvedVsOpen"]["open"], 1);
  EXPECT_EQ(json["slaCompliance"]["nonCompliant"], 0);
}

TEST_F(ConversationEffectivenessCollector, CountsForPrometheusOnlyInScheduledRuns) {
  EXPECT_TRUE((collect(kit::RequestBuilder(noon).document_only()), report_.samples.empty()));
  for (const FactQuery& asked : sources_.facts_asked()) EXPECT_NE(asked.fact, "waiting");
  collect();
  EXPECT_EQ(report_.samples.size(), 10U);
}

TEST_F(ConversationEffectivenessCollector, DeclaresEveryFamilyThatItReturns) {
  collect();
  std::set<std::string> declared;
  std::set<std::string> returned;
  for (const auto& family : collector().describe().families) declared.insert(family.name);
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_EQ(declared, returned);
}

TEST_F(ConversationEffectivenessCollector, WithoutMessagesHasConversationsStill) {
  sources_.remove_view("messages", {"turns", "first_responses", "sla", "waiting"});
  const Json json = collect();
  EXPECT_EQ(json["conversationsPerAgent"][0]["count"], 2);
  EXPECT_EQ(json["conversationsPerAgent"][0]["avgResponseTime"], 0);
  EXPECT_EQ(json["slaCompliance"]["compliant"], 0);
  std::set<std::string> returned;
  for (const auto& sample : report_.samples) returned.insert(sample.family);
  EXPECT_THAT(returned, ElementsAre("crm_conversations_created_total", "crm_conversations_resolved_total",
                                    "crm_resolution_seconds", "crm_sla_target_seconds"));
}

TEST_F(ConversationEffectivenessCollector, HasAJsonSchemaThatParses) {
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(collect().contains(field.get<std::string>())) << field;
}

}  // namespace
