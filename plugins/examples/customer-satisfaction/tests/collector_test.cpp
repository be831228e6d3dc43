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
using ::testing::HasSubstr;

// Noon of a Tuesday, UTC.
const Instant noon = at("2026-03-10T12:00:00Z");

kit::FactEvent rating(const char* when, std::optional<std::string> agent, std::int64_t score) {
  return {at(when), std::move(agent), {}, {1, score >= 4 ? 1 : 0, score}};
}

class SatisfactionCollector : public ::testing::Test {
 protected:
  SatisfactionCollector() : collectors_(crm_plugin_descriptor()->factory(kit::FakeConfig{})) {
    sources_.add_events("satisfaction",
                        {.columns = {"rated", "satisfied", "score"},
                         .events = {rating("2026-03-10T09:00:00Z", "a1", 5), rating("2026-03-10T10:00:00Z", "b1", 2),
                                    rating("2026-03-10T11:00:00Z", {}, 5), rating("2026-03-09T09:00:00Z", "a1", 4),
                                    rating("2026-03-01T09:00:00Z", "a1", 1)},
                         .histograms = {{"scores", "score", {1, 2, 3, 4}}}});
    sources_.add_rows("customer-satisfaction/agent_names",
                      Rows({"agent", "name"}, {{"a1", "Ann"}, {"b1", "Bob"}, {"c1", "Cid"}}));
  }

  Json collect(kit::RequestBuilder asked) {
    report_ = collector().collect(asked.last_days(7).request(), sources_);
    return *report_.document;
  }
  Json collect() { return collect(kit::RequestBuilder(noon)); }
  const Collector& collector() const { return *collectors_.front(); }

  double sample(const std::string& family, const std::vector<std::string>& labels = {}) const {
    for (const Sample& sample : report_.samples) {
      if (sample.family == family && sample.labels == labels) return sample.value;
    }
    return -1;
  }

  kit::FakeSources sources_{noon};
  Collectors collectors_;
  Report report_;
};

TEST_F(SatisfactionCollector, RatesTheWindowAndItsAgents) {
  const Json json = collect();
  EXPECT_EQ(json["ratings"], 4) << "of 4 to 10 March; the one of the 1st is of the week before";
  EXPECT_EQ(json["averageScore"]["value"], 4.0) << "(5 + 2 + 5 + 4) ÷ 4";
  EXPECT_EQ(json["averageScore"]["change"], 300.0) << "against 1";
  EXPECT_EQ(json["satisfiedShare"]["value"], 75.0);
  EXPECT_EQ(json["distribution"][4], Json::parse(R"({"score": 5, "count": 2})"));
  EXPECT_EQ(json["distribution"][0]["count"], 0);
}

TEST_F(SatisfactionCollector, NamesAgentsWithARatingAndNobodyElse) {
  const Json agents = collect()["byAgent"];
  ASSERT_EQ(agents.size(), 2U) << "not Cid, whom nobody rated, and not the conversation of nobody";
  EXPECT_EQ(agents[0]["agentName"], "Ann");
  EXPECT_EQ(agents[0]["averageScore"], 4.5);
  EXPECT_EQ(agents[1]["agentName"], "Bob");
  EXPECT_EQ(agents[1]["satisfiedShare"], 0.0);
}

TEST_F(SatisfactionCollector, ShowsAnAgentHisOwn) {
  sources_.limit_to({"b1"});
  const Json json = collect(kit::RequestBuilder(noon).scope({Role::agent, "b1"}).document_only());
  EXPECT_EQ(json["ratings"], 1);
  EXPECT_EQ(json["averageScore"]["value"], 2.0);
  EXPECT_EQ(json["byAgent"].size(), 1U);
  EXPECT_TRUE(report_.samples.empty());
}

TEST_F(SatisfactionCollector, TellsPrometheusOfTodayAndOfAllThatWasCounted) {
  collect();
  EXPECT_DOUBLE_EQ(sample("crm_satisfaction_today_mean_score"), 4.0);  // (5 + 2 + 5) ÷ 3
  EXPECT_DOUBLE_EQ(sample("crm_satisfaction_today_satisfied_ratio"), 2.0 / 3.0);
  EXPECT_EQ(sample("crm_satisfaction_ratings_total", {"5"}), 2);
  EXPECT_EQ(sample("crm_satisfaction_ratings_total", {"1"}), 1);
  EXPECT_EQ(sample("crm_agent_satisfaction_ratings_total", {"a1"}), 3);
  EXPECT_EQ(sample("crm_agent_satisfaction_score_total", {"a1"}), 10);  // 5 + 4 + 1
}

TEST_F(SatisfactionCollector, WithoutConversationsIsEmptyInJsonAndAbsentFromPrometheus) {
  sources_.remove_view("conversations", {"satisfaction"});
  EXPECT_EQ(collect()["ratings"], 0);
  EXPECT_TRUE(report_.samples.empty());
}

TEST_F(SatisfactionCollector, BringsItsFactAndDeclaresEveryFamilyThatItReturns) {
  const Json document = collect();
  const Description& description = collector().describe();
  ASSERT_EQ(description.facts.size(), 1U);
  EXPECT_THAT(description.facts[0].text, HasSubstr("-- fact: satisfaction\n"));
  std::set<std::string> declared;
  for (const Family& family : description.families) declared.insert(family.name);
  for (const Sample& sample : report_.samples) EXPECT_TRUE(declared.contains(sample.family)) << sample.family;
  const Json schema = Json::parse(description.json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(document.contains(field.get<std::string>())) << field;
}

}  // namespace
