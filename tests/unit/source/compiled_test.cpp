#include "source/compiled.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm::source {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

using testing::at;

const Catalog& catalog() {
  static const Catalog views("crm_source",
                             {{"agents", {{"agent_id", "uuid"}}},
                              {"conversations", {{"conversation_id", "bigint"}, {"agent_id", "integer"}}}});
  return views;
}

TEST(Compile, NumbersAndCastsEveryParameter) {
  const Compiled compiled =
      compile("kpi/x", "SELECT 1 WHERE a >= :from AND (:agents IS NULL OR b = ANY (:agents))",
              {{"from", {"2026-11-23T00:00:00Z", "timestamptz"}}, {"agents", {std::nullopt, "uuid[]"}}});
  EXPECT_EQ(compiled.sql, "SELECT 1 WHERE a >= $1::timestamptz AND ($2::uuid[] IS NULL OR b = ANY ($2::uuid[]))");
  EXPECT_THAT(compiled.values, ElementsAre(Optional(std::string("2026-11-23T00:00:00Z")), std::nullopt));
}

TEST(Compile, GivesARepeatedNameOneNumberAndOneValue) {
  const Compiled compiled = compile("x", ":b :a :b", {{"a", {"1", "bigint"}}, {"b", {"2", "text"}}});
  EXPECT_EQ(compiled.sql, "$1::text $2::bigint $1::text");
  EXPECT_THAT(compiled.values, ElementsAre(Optional(std::string("2")), Optional(std::string("1"))));
}

TEST(Compile, LeavesOutWhatTheStatementDoesNotUse) {
  const Compiled compiled = compile("x", "SELECT ':a' -- :a", {{"a", {"1", "bigint"}}});
  EXPECT_EQ(compiled.sql, "SELECT ':a'  ");
  EXPECT_TRUE(compiled.values.empty());
}

TEST(Compile, RefusesAParameterThatNothingIsBoundTo) {
  try {
    compile("kpi/open", "SELECT :form", {{"from", {"1", "bigint"}}});
    FAIL() << "accepted";
  } catch (const UsageError& error) {
    EXPECT_STREQ(error.what(), "statement kpi/open: nothing is bound to its parameter :form");
  }
}

TEST(Compile, CastsOfTheStatementStandBehindItsOwn) {
  EXPECT_EQ(compile("x", ":a::date", {{"a", {"1", "timestamptz"}}}).sql, "$1::timestamptz::date");
}

std::string shown(const Bound& bound) {
  return bound.text.value_or("NULL") + " as " + bound.type;
}

TEST(Bind, GivesEveryValueItsType) {
  EXPECT_EQ(shown(source::bind(std::int64_t{-5}, catalog())), "-5 as bigint");
  EXPECT_EQ(shown(source::bind(0.1, catalog())), "0.1 as double precision");
  EXPECT_EQ(shown(source::bind(true, catalog())), "true as boolean");
  EXPECT_EQ(shown(source::bind(std::string("'; DROP"), catalog())), "'; DROP as text");
  EXPECT_EQ(shown(source::bind(at("2026-11-23T22:40:18.5Z"), catalog())), "2026-11-23T22:40:18.500000Z as timestamptz");
  EXPECT_EQ(shown(source::bind(Duration(1'500'000), catalog())), "1500000 microseconds as interval");
}

TEST(Bind, CastsIdsAsTheCatalogSays) {
  EXPECT_EQ(shown(source::bind(IdArg{"conversations", "conversation_id", "7"}, catalog())), "7 as bigint");
  const std::string uuid = "00000007-0000-4000-8000-000000000000";
  EXPECT_EQ(shown(source::bind(IdArg{"agents", "agent_id", uuid}, catalog())), uuid + " as uuid");
  EXPECT_EQ(source::bind(IdArg{"agents", "agent_id", std::nullopt}, catalog()).text, std::nullopt);
  EXPECT_EQ(shown(source::bind(IdArg{"tickets", "ticket_id", "7"}, catalog())), "7 as text");
}

// What a caller wrote must be his error, never one of the database.
TEST(Bind, RefusesATextThatIsNoIdOfItsType) {
  const auto bind = [](const std::string& text, const std::string& parameter) {
    return source::bind(IdArg{"agents", "agent_id", text, parameter}, catalog());
  };
  try {
    bind("'; DROP TABLE x", "cursor");
    FAIL() << "it was bound";
  } catch (const BadParameter& error) {
    EXPECT_EQ(error.parameter(), "cursor");
    EXPECT_STREQ(
        error.what(),
        "cursor: what it holds is no agent_id of this CRM's agents (expected uuid); give it as an answer gave it");
  }
  EXPECT_THROW(bind("", "cursor"), BadParameter);
  EXPECT_THROW(bind("7", ""), UsageError) << "nobody gave it: the plugin is wrong";
}

TEST(BindAgents, IsNullForEveryoneAndAnEmptyArrayForNobody) {
  EXPECT_EQ(shown(bind_agents(std::nullopt, catalog())), "NULL as uuid[]");
  EXPECT_EQ(shown(bind_agents(std::vector<std::string>{}, catalog())), "{} as uuid[]");
  EXPECT_EQ(shown(bind_agents(std::nullopt, Catalog())), "NULL as text[]");
}

TEST(BindAgents, QuotesEveryElementWhateverItHolds) {
  EXPECT_EQ(*bind_agents(std::vector<std::string>{"a1", "a2"}, catalog()).text, R"({"a1","a2"})");
  EXPECT_EQ(
      *bind_agents(std::vector<std::string>{R"(a"b)", R"(a\b)", "a,b", "{a}", "NULL", "null", "", " "}, catalog()).text,
      R"({"a\"b","a\\b","a,b","{a}","NULL","null",""," "})");
  EXPECT_EQ(*bind_agents(std::vector<std::string>{R"(","x)"}, catalog()).text, R"({"\",\"x"})");
}

TEST(BindInstants, IsAnArrayOfInstants) {
  const Bound bound = bind_instants({at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z")});
  EXPECT_EQ(shown(bound), R"({"2026-11-23T00:00:00Z","2026-11-24T00:00:00Z"} as timestamptz[])");
}

TEST(BindSettings, NamesThemByKeyWithUnderscores) {
  Settings settings;
  settings.sla.first_response_seconds = 120;
  settings.sla.count_bot_replies = true;
  settings.rollup.horizon = std::chrono::hours(35 * 24);
  const Binding binding = bind_settings(settings);
  EXPECT_EQ(shown(binding.at("sla_first_response_seconds")), "120 as bigint");
  EXPECT_EQ(shown(binding.at("sla_count_bot_replies")), "true as boolean");
  EXPECT_EQ(shown(binding.at("rollup_horizon")), "3024000000000 microseconds as interval");  // 35·86400·10⁶
  EXPECT_EQ(shown(binding.at("automation_drop_off_after")), "86400000000 microseconds as interval");
}

void expect_ids(std::string_view type, std::initializer_list<std::string_view> good,
                std::initializer_list<std::string_view> bad) {
  for (const auto text : good) EXPECT_TRUE(is_id(text, type)) << type << ": " << text;
  for (const auto text : bad) EXPECT_FALSE(is_id(text, type)) << type << ": " << text;
}

TEST(IsId, KnowsTheFormOfEachType) {
  expect_ids("uuid", {"6f1c2a34-0000-4000-8000-0123456789ab", "6F1C2A34-0000-4000-8000-0123456789AB"},
             {"", "1", "6f1c2a340000400080000123456789ab", "{6f1c2a34-0000-4000-8000-0123456789ab}",
              "6f1c2a34-0000-4000-8000-0123456789ag", "6f1c2a34-0000-4000-8000-0123456789ab ",
              "6f1c2a340-000-4000-8000-0123456789ab"});
  expect_ids("bigint", {"7", "-7", "9223372036854775807"},
             {"", "9223372036854775808", "+7", " 7", "7.0", "7;", "x", "0x7"});
  expect_ids("integer", {"2147483647", "-2147483648"}, {"2147483648", "1e3"});
  expect_ids("smallint", {"32767"}, {"32768"});
}

TEST(IsId, TakesAnyTextThatPostgreSqlTakes) {
  expect_ids("text", {"a1", "' OR true --", "NULL", "{}", "ü", "名", "😀", std::string_view("\x7f", 1)}, {""});
  EXPECT_TRUE(is_id(std::string(200, 'x'), "text"));
  EXPECT_FALSE(is_id(std::string(201, 'x'), "text"));
}

TEST(IsId, RefusesZeroBytesAndWhatIsNotUtf8) {
  for (const char* type : {"text", "uuid", "bigint"}) EXPECT_FALSE(is_id(std::string_view("1\0", 2), type));
  for (const char* text : {"\xff", "a\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80",
                           "\xf0\x80\x80\x80", "\xe2\x82", "\xf5\x80\x80\x80", "\xe2\x28\xa1"}) {
    EXPECT_FALSE(is_id(text, "text")) << static_cast<int>(text[0]);
  }
  EXPECT_TRUE(is_id("\xf4\x8f\xbf\xbf", "text"));  // U+10FFFF
  EXPECT_TRUE(is_id("\xed\x9f\xbf", "text"));      // U+D7FF
}

}  // namespace
}  // namespace crm::source
