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

// Noon of a Tuesday, UTC: today is [00:00, 12:00), before is yesterday until 12:00.
const Instant noon = at("2026-03-10T12:00:00Z");

class MySectionCollector : public ::testing::Test {
 protected:
  MySectionCollector() : collectors_(crm_plugin_descriptor()->factory(kit::FakeConfig{})) {
    sources_.add_events("conversations", {.columns = {"created", "resolved"},
                                          .events = {{at("2026-03-10T09:00:00Z"), "ann", {}, {1, 1}},
                                                     {at("2026-03-10T10:00:00Z"), "ann", {}, {1, 0}},
                                                     {at("2026-03-10T11:00:00Z"), "bob", {}, {1, 0}},
                                                     {at("2026-03-09T11:59:00Z"), "bob", {}, {1, 1}},
                                                     {at("2026-03-09T12:00:00Z"), "bob", {}, {1, 1}}}});
    sources_.add_rows("my-section/agents_of_conversations", Rows({"agents"}, {{"2"}}));
  }

  Json collect() {
    const kit::RequestBuilder asked(noon);
    report_ = collector().collect(asked.request(), sources_);
    return *report_.document;
  }
  const Collector& collector() const { return *collectors_.front(); }

  std::map<std::string, double> samples() const {
    std::map<std::string, double> values;
    for (const Sample& sample : report_.samples) values.emplace(sample.family, sample.value);
    return values;
  }

  kit::FakeSources sources_{noon};
  Collectors collectors_;
  Report report_;
};

TEST_F(MySectionCollector, ComparesTodayWithYesterdayUntilThisTimeOfDay) {
  EXPECT_EQ(collect().dump(), R"({"conversations":{"value":3,"trend":"up","change":200.0},"agents":2})")
      << "3 against 1: yesterday's of 12:00 is after this time of day";
}

TEST_F(MySectionCollector, CountsOnlyWhatTheScopeSees) {
  sources_.limit_to({"bob"});
  EXPECT_EQ(collect()["conversations"]["value"], 1);
}

TEST_F(MySectionCollector, TellsPrometheusWhatHasBeenCountedSinceTheBeginning) {
  collect();
  EXPECT_EQ(samples(),
            (std::map<std::string, double>{{"crm_my_section_conversations_total", 5}, {"crm_my_section_agents", 2}}));
}

TEST_F(MySectionCollector, WithoutTheViewIsZeroInJsonAndAbsentFromPrometheus) {
  sources_.remove_view("conversations", {"conversations"});
  EXPECT_EQ(collect().dump(), R"({"conversations":{"value":0,"trend":"stable","change":0.0},"agents":0})");
  EXPECT_TRUE(report_.samples.empty());
}

TEST_F(MySectionCollector, DeclaresEveryFamilyThatItReturnsAndTheDocumentsFields) {
  const Json document = collect();
  std::set<std::string> declared;
  for (const Family& family : collector().describe().families) declared.insert(family.name);
  for (const auto& [family, value] : samples()) EXPECT_TRUE(declared.contains(family)) << family;
  const Json schema = Json::parse(collector().describe().json_schema);
  for (const auto& field : schema["required"]) EXPECT_TRUE(document.contains(field.get<std::string>())) << field;
}

}  // namespace
