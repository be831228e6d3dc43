#include "rollup/fact_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm::rollup {
namespace {

using testing::at;
using ::testing::ElementsAre;

const Window day{at("2026-11-23T00:00:00Z"), at("2026-11-24T00:00:00Z")};

FactDefinition turns() {
  FactDefinition fact;
  fact.name = "turns";
  fact.columns = {{"answered", FactColumn::Kind::count}, {"response_ms", FactColumn::Kind::sum}};
  fact.histograms = {{"response", "response_ms", {15'000, 60'000}}};
  fact.sql = "SELECT :from";
  return fact;
}

TEST(AggregateSql, OfATotalIsOneRow) {
  EXPECT_EQ(aggregate_sql(turns(), {"turns", day}),
            "SELECT count(*) FILTER (WHERE f.answered) AS answered, "
            "coalesce(sum(f.response_ms), 0)::bigint AS response_ms, "
            "ARRAY[count(*) FILTER (WHERE f.response_ms <= 15000), "
            "count(*) FILTER (WHERE f.response_ms > 15000 AND f.response_ms <= 60000), "
            "count(*) FILTER (WHERE f.response_ms > 60000)]::text AS response "
            "FROM (SELECT :from\nOFFSET 0) f");
}

TEST(AggregateSql, GroupsByTheAxesInOneOrderWhateverTheOrderAsked) {
  FactDefinition fact = turns();
  fact.histograms.clear();
  const std::string expected =
      "SELECT width_bucket(f.at::timestamptz, :edges) AS bucket, f.agent::text AS agent, f.key::text AS key, "
      "count(*) FILTER (WHERE f.answered) AS answered, coalesce(sum(f.response_ms), 0)::bigint AS response_ms "
      "FROM (SELECT :from) f GROUP BY 1, 2, 3 ORDER BY 1, 2, 3";
  EXPECT_EQ(aggregate_sql(fact, {"turns", day, {Axis::bucket, Axis::agent, Axis::key}, {day.from}}), expected);
  EXPECT_EQ(aggregate_sql(fact, {"turns", day, {Axis::key, Axis::agent, Axis::bucket, Axis::key}, {day.from}}),
            expected);
}

TEST(AggregateSql, GroupsByEachAxisOnItsOwnInOneReading) {
  FactDefinition fact = turns();
  fact.histograms.clear();
  const FactQuery query{
      .fact = "turns", .window = day, .by = {Axis::agent, Axis::bucket}, .buckets = {day.from}, .apart = true};
  EXPECT_EQ(aggregate_sql(fact, query),
            "SELECT width_bucket(f.at::timestamptz, :edges) AS bucket, f.agent::text AS agent, "
            "count(*) FILTER (WHERE f.answered) AS answered, coalesce(sum(f.response_ms), 0)::bigint AS response_ms "
            "FROM (SELECT :from) f GROUP BY GROUPING SETS ((1), (2)) ORDER BY 1, 2");
}

TEST(BindQuery, RefusesOtherAxesApartThanBucketAndAgent) {
  const auto ask = [](std::vector<Axis> by) {
    return bind_query({.fact = "turns", .window = day, .by = std::move(by), .buckets = {day.from}, .apart = true});
  };
  EXPECT_THROW(ask({}), UsageError);
  EXPECT_THROW(ask({Axis::agent}), UsageError);
  EXPECT_THROW(ask({Axis::agent, Axis::key}), UsageError);
  EXPECT_THROW(ask({Axis::agent, Axis::bucket, Axis::key}), UsageError);
  EXPECT_NO_THROW(ask({Axis::agent, Axis::bucket}));
}

TEST(BindQuery, BindsTheWindowAsInstants) {
  const auto binding = bind_query({"turns", day});
  ASSERT_EQ(binding.size(), 3U);
  EXPECT_EQ(binding.at("edges").text, R"({"2026-11-23T00:00:00Z"})") << "it is one period";
  EXPECT_EQ(binding.at("from").text, "2026-11-23T00:00:00Z");
  EXPECT_EQ(binding.at("to").text, "2026-11-24T00:00:00Z");
  EXPECT_EQ(binding.at("from").type, "timestamptz");
  EXPECT_EQ(binding.at("to").type, "timestamptz");
}

TEST(BindQuery, BindsBucketsWhereTheyAreAskedFor) {
  const Instant noon = at("2026-11-23T12:00:00Z");
  const auto binding = bind_query({"turns", day, {Axis::bucket}, {day.from, noon}});
  EXPECT_EQ(binding.at("edges").text, R"({"2026-11-23T00:00:00Z","2026-11-23T12:00:00Z"})");
  EXPECT_EQ(binding.at("edges").type, "timestamptz[]");
  EXPECT_EQ(bind_query({"turns", day, {Axis::agent}, {noon}}).at("edges").text, R"({"2026-11-23T00:00:00Z"})")
      << "nothing is divided: the window is one";
}

TEST(BindQuery, RefusesBucketsThatDoNotAscendFromTheWindowsBeginning) {
  const Instant noon = at("2026-11-23T12:00:00Z");
  const auto ask = [](std::vector<Instant> buckets) {
    return bind_query({"turns", day, {Axis::bucket}, std::move(buckets)});
  };
  EXPECT_THROW(ask({}), UsageError);
  EXPECT_THROW(ask({noon}), UsageError);
  EXPECT_THROW(ask({day.from, noon, noon}), UsageError);
  EXPECT_THROW(ask({day.from, day.to, noon}), UsageError);
  EXPECT_NO_THROW(ask({day.from - std::chrono::hours(1), noon}));
}

TEST(ToTable, ReadsGroupsAsTheyWereAskedFor) {
  const Instant noon = at("2026-11-23T12:00:00Z");
  const Rows rows({"bucket", "agent", "answered", "response_ms", "response"},
                  {{"1", "a1", "2", "70000", "{1,0,1}"}, {"2", std::nullopt, "1", "20000", "{0,1,0}"}});
  const FactTable table = to_table(turns(), {"turns", day, {Axis::agent, Axis::bucket}, {day.from, noon}}, rows);
  EXPECT_THAT(table.columns(), ElementsAre("answered", "response_ms"));
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(table.rows()[0].bucket, day.from);
  EXPECT_EQ(table.rows()[0].agent, "a1");
  EXPECT_EQ(table.rows()[0].key, std::nullopt);
  EXPECT_EQ(table.rows()[1].bucket, noon);
  EXPECT_EQ(table.rows()[1].agent, std::nullopt);  // unassigned
  EXPECT_EQ(table.sum("answered"), 2 + 1);
  EXPECT_EQ(table.sum("response_ms"), 70'000 + 20'000);
  EXPECT_THAT(table.histogram("response"), ElementsAre(1, 1, 1));
}

TEST(ToTable, OfAxesApartHasRowsOfBucketsAndRowsOfAgents) {
  const Rows rows({"bucket", "agent", "answered", "response_ms", "response"},
                  {{"1", std::nullopt, "3", "90000", "{1,1,1}"},
                   {std::nullopt, "a1", "2", "70000", "{1,0,1}"},
                   {std::nullopt, std::nullopt, "1", "20000", "{0,1,0}"}});
  const FactQuery query{
      .fact = "turns", .window = day, .by = {Axis::bucket, Axis::agent}, .buckets = {day.from}, .apart = true};
  const FactTable table = to_table(turns(), query, rows);
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(table.rows()[0].bucket, day.from);
  EXPECT_EQ(table.rows()[1].bucket, std::nullopt);
  EXPECT_EQ(table.rows()[1].agent, "a1");
  EXPECT_EQ(table.rows()[2].bucket, std::nullopt);
  EXPECT_EQ(table.rows()[2].agent, std::nullopt);  // unassigned
}

TEST(ToTable, LeavesOutAGroupThatCannotBeRead) {
  for (const char* counts : {"", "{", "{1,x,3}", "{1;2}", "1,2,3", "{NULL}", "{99999999999999999999}"}) {
    const Rows rows({"answered", "response_ms", "response"}, {{"2", "5", "{1,1,0}"}, {"7", "7", counts}});
    EXPECT_EQ(to_table(turns(), {"turns", day}, rows).sum("answered"), 2) << counts;
  }
}

TEST(ToTable, OfAnAbsentViewIsAbsent) {
  EXPECT_TRUE(to_table(turns(), {"turns", day}, Rows::of_absent_view("messages")).absent());
}

}  // namespace
}  // namespace crm::rollup
