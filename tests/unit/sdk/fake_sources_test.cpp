#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_sources.h>

namespace crm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const Instant noon = at("2026-11-23T12:00:00Z");
const Window today{at("2026-11-23T00:00:00Z"), noon};

// Five answered turns; b's last is outside of today. The unassigned one has no response time.
EventFact turns() {
  return {.columns = {"answered", "response_ms"},
          .events = {{at("2026-11-23T09:00:00Z"), "a", "x", {1, 10'000}},
                     {at("2026-11-23T09:30:00Z"), "a", "y", {1, 15'000}},
                     {at("2026-11-23T10:00:00Z"), "b", "x", {1, 90'000}},
                     {at("2026-11-23T10:30:00Z"), {}, "x", {1, std::nullopt}},
                     {noon, "b", "x", {1, 1'000'000}}},
          .histograms = {{"response", "response_ms", {15'000, 60'000}}}};
}

FactTable one_number(std::int64_t number) {
  return FactTable({"created"}, {}, {FactRow{{}, {}, {}, {number}, {}}});
}

HttpRequest get(std::string url) {
  return {"GET", std::move(url), {}, {}};
}

class FactsOfEvents : public ::testing::Test {
 protected:
  FactsOfEvents() { sources.add_events("turns", turns()); }

  FakeSources sources{noon};
};

TEST_F(FactsOfEvents, WithoutAxesAreOneTotalOverTheWindow) {
  const FactTable table = sources.facts({.fact = "turns", .window = today});
  ASSERT_THAT(table.rows(), SizeIs(1));
  EXPECT_EQ(table.sum("answered"), 4);           // the one at noon is not in [0:00, 12:00)
  EXPECT_EQ(table.sum("response_ms"), 115'000);  // 10,000 + 15,000 + 90,000
  EXPECT_FALSE(table.rows()[0].agent.has_value());
}

TEST_F(FactsOfEvents, AHistogramCountsEventsUpToEachBoundAndAbove) {
  // 10,000 and 15,000 are at most 15,000; none is at most 60,000; 90,000 is above; NULL is nowhere
  EXPECT_THAT(sources.facts({.fact = "turns", .window = today}).histogram("response"), ElementsAre(2, 0, 1));
}

TEST_F(FactsOfEvents, OfAnEmptyWindowAreAZeroTotalAndNoGroups) {
  const Window empty{noon + std::chrono::hours{1}, noon + std::chrono::hours{2}};
  const FactTable total = sources.facts({.fact = "turns", .window = empty});
  ASSERT_THAT(total.rows(), SizeIs(1));
  EXPECT_EQ(total.sum("answered"), 0);
  EXPECT_THAT(total.histogram("response"), ElementsAre(0, 0, 0));
  EXPECT_THAT(sources.facts({.fact = "turns", .window = empty, .by = {Axis::agent}}).rows(), IsEmpty());
}

TEST_F(FactsOfEvents, ByAgentAreARowForEachAndOneForTheUnassigned) {
  const FactTable table = sources.facts({.fact = "turns", .window = today, .by = {Axis::agent}});
  ASSERT_THAT(table.rows(), SizeIs(3));
  EXPECT_EQ(table.rows()[0].agent, std::nullopt);
  EXPECT_EQ(table.value(table.rows()[0], "answered"), 1);
  EXPECT_EQ(table.rows()[1].agent, "a");
  EXPECT_EQ(table.value(table.rows()[1], "response_ms"), 25'000);  // 10,000 + 15,000
  EXPECT_EQ(table.rows()[2].agent, "b");
  EXPECT_EQ(table.value(table.rows()[2], "response_ms"), 90'000);
}

TEST_F(FactsOfEvents, ByBucketAndKeyAreARowForEachPair) {
  const Instant nine = at("2026-11-23T09:00:00Z");
  const Instant ten = at("2026-11-23T10:00:00Z");
  const FactTable table =
      sources.facts({.fact = "turns", .window = {nine, noon}, .by = {Axis::bucket, Axis::key}, .buckets = {nine, ten}});
  ASSERT_THAT(table.rows(), SizeIs(3));
  EXPECT_EQ(table.rows()[0].bucket, nine);
  EXPECT_EQ(table.rows()[0].key, "x");
  EXPECT_EQ(table.rows()[1].bucket, nine);
  EXPECT_EQ(table.rows()[1].key, "y");
  EXPECT_EQ(table.rows()[2].bucket, ten);
  EXPECT_EQ(table.value(table.rows()[2], "answered"), 2);  // b's at 10:00 and the unassigned one at 10:30
}

TEST_F(FactsOfEvents, OfALimitedScopeAreThoseOfItsAgentsOnly) {
  sources.limit_to({"a"});
  EXPECT_EQ(sources.facts({.fact = "turns", .window = today}).sum("answered"), 2);
  sources.limit_to({});
  EXPECT_EQ(sources.facts({.fact = "turns", .window = today}).sum("answered"), 0);
  sources.everyone();
  EXPECT_EQ(sources.facts({.fact = "turns", .window = today}).sum("answered"), 4);
}

TEST_F(FactsOfEvents, ByBucketNeedBuckets) {
  const auto ask = [&](std::vector<Instant> buckets) {
    sources.facts({.fact = "turns", .window = today, .by = {Axis::bucket}, .buckets = std::move(buckets)});
  };
  EXPECT_THROW(ask({}), UsageError);
  EXPECT_THROW(ask({noon}), UsageError);                          // after the window's start
  EXPECT_THROW(ask({today.from, noon, today.from}), UsageError);  // not ascending
  EXPECT_NO_THROW(ask({today.from}));
}

TEST_F(FactsOfEvents, ThatAreNotWellFormedAreDefectsOfTheTest) {
  sources.add_events("short", {.columns = {"a", "b"}, .events = {{noon, "a", {}, {1}}}});
  EXPECT_THROW(sources.facts({.fact = "short", .window = today}), UsageError);
  sources.add_events("odd", {.columns = {"a"}, .events = {}, .histograms = {{"h", "b", {1}}}});
  EXPECT_THROW(sources.facts({.fact = "odd", .window = today}), UsageError);
}

TEST(FakeSources, ATableAnswersForItsExactWindowOnly) {
  FakeSources sources(noon);
  sources.add_fact("messages", today, one_number(7));
  EXPECT_EQ(sources.facts({.fact = "messages", .window = today}).sum("created"), 7);
  try {
    sources.facts({.fact = "messages", .window = {today.from, noon + Duration{1}}});
    FAIL() << "another window was answered";
  } catch (const UsageError& error) {
    EXPECT_STREQ(
        error.what(),
        "the test's sources have no fact 'messages' for the window [2026-11-23T00:00:00Z, "
        "2026-11-23T12:00:00.000001Z); add add_events(\"messages\", …) or add_fact(\"messages\", window, table)");
  }
}

TEST(FakeSources, TheTableThatWasAddedLastWins) {
  FakeSources sources(noon);
  sources.add_fact("messages", today, one_number(7));
  sources.add_fact("messages", today, one_number(8));
  EXPECT_EQ(sources.facts({.fact = "messages", .window = today}).sum("created"), 8);
}

TEST(FakeSources, AFunctionMayPlayAFault) {
  FakeSources sources(noon);
  sources.add_fact("messages", [](const FactQuery&) -> FactTable { throw SourceUnavailable("PostgreSQL is away"); });
  EXPECT_THROW(sources.facts({.fact = "messages", .window = today}), SourceUnavailable);
  sources.add_rows("kpi/x", [](const Args&) -> Rows { throw DeadlineExceeded("kpi/x"); });
  EXPECT_THROW(sources.query({.name = "kpi/x", .text = ""}), DeadlineExceeded);
}

TEST(FakeSources, RowsAnswerTheirStatementAndMayLookAtItsArguments) {
  FakeSources sources(noon);
  sources.add_rows("kpi/open", Rows({"priority", "tickets"}, {{"high", "2"}}));
  sources.add_rows("kpi/limited", [](const Args& args) {
    return Rows({"limit"}, {{std::to_string(std::get<std::int64_t>(args.at(0).value))}});
  });
  EXPECT_EQ(sources.query({.name = "kpi/open", .text = ""})[0].integer("tickets"), 2);
  EXPECT_EQ(sources.query({.name = "kpi/limited", .text = ""}, {{"limit", std::int64_t{50}}})[0].integer("limit"), 50);
}

TEST(FakeSources, AnUnpreparedQuestionSaysWhatToAdd) {
  FakeSources sources(noon);
  const auto complaint = [](const auto& ask) -> std::string {
    try {
      ask();
    } catch (const UsageError& error) {
      return error.what();
    }
    return "answered";
  };
  EXPECT_EQ(
      complaint([&] { sources.query({.name = "kpi/open", .text = ""}); }),
      "the test's sources have no rows for statement 'kpi/open'; add add_rows(\"kpi/open\", Rows({columns}, {cells}))");
  EXPECT_THAT(complaint([&] { sources.queues(); }), HasSubstr("add set_queues"));
  EXPECT_THAT(complaint([&] { sources.sessions(); }), HasSubstr("add set_sessions"));
  EXPECT_THAT(complaint([&] { sources.redis({}); }), HasSubstr("add on_redis"));
  EXPECT_THAT(complaint([&] { sources.http(get("http://x/")); }),
              HasSubstr("HTTP server for GET http://x/; add on_http"));
}

TEST(FakeSources, RefusesAStatementWithoutAgentsAsTheHostDoes) {
  FakeSources sources(noon);
  sources.add_rows("kpi/open", Rows({"n"}, {{"1"}}));
  const Statement scopeless{.name = "kpi/open", .text = "SELECT count(*) AS n FROM tickets"};
  EXPECT_THROW(sources.query(scopeless), UsageError);
  EXPECT_NO_THROW(sources.query(Unscoped(scopeless)));
  EXPECT_NO_THROW(sources.query({.name = "kpi/open", .text = scopeless.text + " WHERE (:agents IS NULL OR true)"}));
}

TEST(FakeSources, ARemovedViewIsAbsentWhereverItIsNamed) {
  FakeSources sources(noon);
  sources.add_rows("kpi/open", Rows({"n"}, {{"1"}}));
  sources.remove_view("tickets", {"tickets_created"});
  EXPECT_FALSE(sources.has_view("tickets"));
  EXPECT_TRUE(sources.has_view("messages"));
  EXPECT_TRUE(sources.facts({.fact = "tickets_created", .window = today}).absent());

  const auto reading = [](const std::string& view) {
    return Unscoped({.name = "kpi/open", .text = "SELECT count(*) AS n FROM " + view + " t"});
  };
  EXPECT_TRUE(sources.query(reading("tickets")).absent());
  EXPECT_FALSE(sources.query(reading("tickets_archive")).absent());
}

TEST(FakeSources, RememberWhatWasAsked) {
  FakeSources sources(noon);
  sources.add_events("turns", turns());
  sources.add_rows("kpi/open", Rows({"n"}, {}));
  sources.facts({.fact = "turns", .window = today, .by = {Axis::agent}});
  sources.query({.name = "kpi/open", .text = ""}, {{"limit", std::int64_t{5}}});
  ASSERT_THAT(sources.facts_asked(), SizeIs(1));
  EXPECT_EQ(sources.facts_asked()[0].window, today);
  EXPECT_THAT(sources.facts_asked()[0].by, ElementsAre(Axis::agent));
  ASSERT_THAT(sources.statements_asked(), SizeIs(1));
  EXPECT_EQ(sources.statements_asked()[0].statement, "kpi/open");
  EXPECT_EQ(sources.statements_asked()[0].args[0].name, "limit");
}

TEST(FakeSources, RememberSkippedRowsUnknownWordsAndLogLines) {
  FakeSources sources(noon);
  sources.add_rows("kpi/open", Rows({"n"}, {{"1"}, {std::nullopt}, {"many"}}));
  std::int64_t sum = 0;
  EXPECT_EQ(sources.query({.name = "kpi/open", .text = ""}).each([&](const Row& row) { sum += row.integer("n"); }), 2U);
  EXPECT_EQ(sum, 1);
  EXPECT_THAT(sources.skipped_rows(),
              ElementsAre(FakeSources::SkippedRow{"kpi/open", "column 'n' is NULL"},
                          FakeSources::SkippedRow{"kpi/open", "column 'n': 'many' is not a 64-bit integer"}));

  sources.unknown_word("tickets", "priority", 3);
  EXPECT_THAT(sources.unknown_words(), ElementsAre(FakeSources::UnknownWord{"tickets", "priority", 3}));

  sources.log().warn("careful");
  EXPECT_THAT(sources.log_lines(), ElementsAre(FakeSources::LogLine{"warn", "careful"}));
}

TEST(FakeSources, RowsMayOutliveThem) {
  Rows rows;
  {
    FakeSources sources(noon);
    sources.add_rows("kpi/open", Rows({"n"}, {{std::nullopt}}));
    rows = sources.query({.name = "kpi/open", .text = ""});
  }
  EXPECT_EQ(rows.each([](const Row& row) { row.integer("n"); }), 1U);
}

TEST(FakeSources, GiveQueuesSessionsRedisAndHttpAsPrepared) {
  FakeSources sources(noon);
  QueueState outbound;
  outbound.queue = "outbound";
  outbound.depth = 3;
  sources.set_queues({outbound});
  sources.set_sessions({});
  sources.on_redis([](std::span<const RedisCommand> pipeline) {
    return std::vector<RedisReply>(pipeline.size(), RedisReply{.value = std::int64_t{7}});
  });
  sources.on_http(
      [](const HttpRequest& request) { return HttpResponse{.status = 200, .headers = {}, .body = request.url}; });
  EXPECT_EQ(sources.queues().at(0).depth, 3);
  EXPECT_THAT(sources.sessions(), IsEmpty());
  const std::vector<RedisCommand> pipeline{{{"LLEN", "a"}}, {{"LLEN", "b"}}};
  EXPECT_EQ(std::get<std::int64_t>(sources.redis(pipeline).at(1).value), 7);
  EXPECT_EQ(sources.http(get("http://x/")).body, "http://x/");
  EXPECT_EQ(sources.now(), noon);
}

}  // namespace
}  // namespace crm::testing
