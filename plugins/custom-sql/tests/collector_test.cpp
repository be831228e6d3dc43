// The collectors of a configuration, asked: rows in, document and samples out.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>
#include <crm/sdk/testing/fake_sources.h>
#include <crm/sdk/testing/request.h>

#include "options.h"

extern "C" const crm::PluginDescriptor* crm_plugin_descriptor();

namespace custom_sql::testing {
namespace {

using crm::Json;
using crm::Role;
using crm::testing::at;
using crm::testing::FakeSources;
using crm::testing::RequestBuilder;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const crm::Instant now = at("2026-11-23T12:00:00Z");

class CustomCollector : public ::testing::Test {
 protected:
  crm::Report collect(const Values& options, const crm::Rows& rows, const crm::Scope& scope = crm::Scope::everyone()) {
    sources_.add_rows("custom-sql/open", rows);
    return collect(options, scope);
  }
  crm::Report collect(const Values& options, const crm::Scope& scope = crm::Scope::everyone()) {
    const crm::Collectors made = crm_plugin_descriptor()->factory(collector(options));
    RequestBuilder asked(now);
    asked.scope(scope);
    return made.front()->collect(asked.request(), sources_);
  }
  std::string fault(const crm::Scope& scope = crm::Scope::everyone()) {
    try {
      collect(open_() + Values{{"agent_column", "agent_id"}}, scope);
    } catch (const crm::ContractError& error) {
      return error.what();
    }
    return "(no contract fault)";
  }
  void query_throws(const std::function<void()>& what) {
    sources_.add_rows("custom-sql/open", [what](const crm::Args&) {
      what();
      return crm::Rows();
    });
  }

  FakeSources sources_{now};
};

TEST_F(CustomCollector, GivesTheRowsWithTheirTypes) {
  const Values options = basics() + column("a", {{"role", "label"}}) + column("b", {{"role", "gauge"}}) +
                         column("c", {{"role", "detail"}, {"type", "integer"}}) +
                         column("d", {{"role", "detail"}, {"type", "instant"}}) +
                         column("e", {{"role", "detail"}, {"type", "boolean"}}) + column("f", {{"role", "detail"}});
  const auto report = collect(
      options,
      crm::Rows({"f", "e", "d", "c", "b", "a", "secret"},
                {{"free \"text\"", "f", "2026-11-23 12:00:00", "7", "0.5", "x", "hush"},
                 {std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt, std::nullopt}}));
  EXPECT_EQ(report.document->dump(),
            R"({"rows":[{"a":"x","b":0.5,"c":7,"d":"2026-11-23T12:00:00+00:00","e":false,"f":"free \"text\""},)"
            R"({"a":null,"b":null,"c":null,"d":null,"e":null,"f":null}],"truncated":false})");
  ASSERT_THAT(report.samples, SizeIs(1)) << "details are no metrics";
  EXPECT_THAT(report.samples[0].labels, ElementsAre("x"));
}

TEST_F(CustomCollector, UsesTheFirstRowsOfTooManyAndSaysSo) {
  const Values two = open_() + Values{{"max_rows", std::int64_t{2}}};
  const crm::Rows three({"priority", "tickets"}, {{"a", "1"}, {"b", "2"}, {"c", "3"}});
  const auto report = collect(two, three);
  EXPECT_THAT((*report.document)["rows"], SizeIs(2));
  EXPECT_EQ((*report.document)["truncated"], true);
  EXPECT_THAT(report.samples, SizeIs(2));
  ASSERT_THAT(report.partial, SizeIs(1));
  EXPECT_EQ(report.partial[0].what, "its query gives more than 2 rows (max_rows); the first of them are used");
  EXPECT_THAT(collect(two, crm::Rows({"priority", "tickets"}, {{"a", "1"}, {"b", "2"}})).partial, IsEmpty());
}

TEST_F(CustomCollector, MayNeedRowsUnlessTheyAreOnlyThoseOfSome) {
  const Values needed = open_() + Values{{"agent_column", "agent_id"}, {"allow_empty", false}};
  const crm::Rows none({"priority", "tickets"}, {});
  EXPECT_THROW(collect(needed, none), crm::ContractError);
  EXPECT_EQ(collect(needed, none, {Role::agent, "a"}).document->dump(), R"({"rows":[],"truncated":false})");
  EXPECT_THAT(collect(open_(), none).samples, IsEmpty());
}

TEST_F(CustomCollector, MasksTelephoneNumbersForAgents) {
  const Values options =
      basics() + column("phone", {{"role", "detail"}, {"type", "phone"}}) + column("text", {{"role", "detail"}});
  const crm::Rows rows({"phone", "text"}, {{"+4915123456789", "+4915123456789"}});
  const auto first = [&](const crm::Scope& scope) { return (*collect(options, rows, scope).document)["rows"][0]; };
  EXPECT_EQ(first(crm::Scope::everyone())["phone"], "+4915123456789");
  EXPECT_EQ(first({Role::supervisor, "s"})["phone"], "+4915123456789");
  EXPECT_EQ(first({Role::agent, "a"})["phone"], "…6789");
  EXPECT_EQ(first({Role::agent, "a"})["text"], "+4915123456789") << "what is said to be text is taken for that";
}

TEST_F(CustomCollector, SaysWhereABrokenQueryStands) {
  query_throws([] { throw crm::ContractError("statement custom-sql/open: column \"x\" does not exist"); });
  EXPECT_EQ(fault(), "test.yaml: collectors.open: statement custom-sql/open: column \"x\" does not exist");
  query_throws([] { throw std::runtime_error("statement custom-sql/open: syntax error at or near \"FORM\""); });
  EXPECT_EQ(fault(), "test.yaml: collectors.open: statement custom-sql/open: syntax error at or near \"FORM\"");
  sources_.add_rows("custom-sql/open", crm::Rows::of_absent_view("tickets"));
  EXPECT_EQ(fault(),
            "test.yaml: collectors.open: its query reads the view 'tickets', which this CRM does "
            "not have");
  sources_.add_rows("custom-sql/open", crm::Rows({"priority"}, {}));
  EXPECT_EQ(fault(), "test.yaml: collectors.open: its query gives no column 'tickets'; it gives priority");
}

TEST_F(CustomCollector, TellsAnAgentNothingOfWhatPostgresQuotes) {
  query_throws([] { throw std::runtime_error("invalid input syntax for type integer: \"+49 151 of another agent\""); });
  EXPECT_EQ(fault({Role::agent, "a"}), "custom/open: its query failed; the daemon's log says why");
  ASSERT_THAT(sources_.log_lines(), SizeIs(1));
  EXPECT_THAT(sources_.log_lines()[0].message, ::testing::HasSubstr("of another agent"));
}

TEST_F(CustomCollector, LeavesToTheHostWhatIsNoFaultOfTheQuery) {
  query_throws([] { throw crm::SourceUnavailable("away"); });
  EXPECT_THROW(fault(), crm::SourceUnavailable);
  query_throws([] { throw crm::DeadlineExceeded("late"); });
  EXPECT_THROW(fault(), crm::DeadlineExceeded);
  query_throws([] { throw crm::Forbidden("no agent id"); });
  EXPECT_THROW(fault(), crm::Forbidden);
}

TEST_F(CustomCollector, IsMadeForEachDefinition) {
  const auto made =
      crm_plugin_descriptor()->factory(FakeConfig(below("collectors.a", open_()) + below("collectors.b", open_())));
  ASSERT_THAT(made, SizeIs(2));
  EXPECT_EQ(made[1]->describe().name, "custom/b");
  EXPECT_THAT(crm_plugin_descriptor()->factory(FakeConfig()), IsEmpty());
}

}  // namespace
}  // namespace custom_sql::testing
