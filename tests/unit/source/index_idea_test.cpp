#include "source/index_idea.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace crm::source {
namespace {

using ::testing::ElementsAre;

std::string idea_for(const std::string& filter, const std::string& joined_by = "") {
  const auto idea =
      index_for({.schema = "public", .relation = "messages", .alias = "m", .filter = filter, .joined_by = joined_by});
  return idea ? create_sql("t", *idea, false) : "";
}

TEST(IndexIdea, TakesTheLowerBoundOfTheWindow) {
  EXPECT_EQ(idea_for("((m.created_at >= '2026-03-10'::timestamptz) AND (m.created_at < '2026-03-11'::timestamptz))"),
            "CREATE INDEX CONCURRENTLY ON t (created_at);");
  EXPECT_EQ(idea_for("((m.created_at <= now()) AND (m.resolved_at > now()))"),
            "CREATE INDEX CONCURRENTLY ON t (resolved_at);");
}

TEST(IndexIdea, KeepsWhatIsOpenInAPartialIndex) {
  EXPECT_EQ(idea_for("((m.resolved_at IS NULL) AND (m.created_at <= now()))"),
            "CREATE INDEX CONCURRENTLY ON t (created_at) WHERE resolved_at IS NULL;");
  EXPECT_EQ(idea_for("(m.\"Resolved At\" IS NULL)"),
            "CREATE INDEX CONCURRENTLY ON t (\"Resolved At\") WHERE \"Resolved At\" IS NULL;");
}

TEST(IndexIdea, TakesIdsButNoWords) {
  EXPECT_EQ(idea_for("(m.agent_id = ANY ('{a}'::uuid[]))"), "CREATE INDEX CONCURRENTLY ON t (agent_id);");
  EXPECT_EQ(idea_for("(m.campaign_id = '00'::uuid)"), "CREATE INDEX CONCURRENTLY ON t (campaign_id);");
  EXPECT_EQ(idea_for("(m.direction = 'out''bound = m.x'::text)"), "");
  EXPECT_EQ(idea_for("(m.campaign_id IS NULL)"), "");
}

TEST(IndexIdea, TakesTheColumnOfTheJoinOnEitherSide) {
  EXPECT_EQ(idea_for("(m.created_at < now())", "(m.conversation_id = c.id)"),
            "CREATE INDEX CONCURRENTLY ON t (conversation_id, created_at);");
  EXPECT_EQ(idea_for("", "(c.id = m.conversation_id)"), "CREATE INDEX CONCURRENTLY ON t (conversation_id);");
}

TEST(IndexIdea, LeavesOutWhatStandsBesideAnOr) {
  EXPECT_EQ(idea_for("((m.created_at < now()) AND ((m.failed_at > now()) OR ((m.direction)::text = 'in'::text)))"), "");
  EXPECT_EQ(idea_for("((m.created_at > now()) AND ((m.read_at > now()) OR (m.sent_at > now())))"),
            "CREATE INDEX CONCURRENTLY ON t (created_at);");
}

TEST(IndexIdea, IsNoneOfAnExpressionWhichHidesTheRange) {
  const Access wrapped{.alias = "m", .filter = "((m.created_at AT TIME ZONE 'UTC'::text) >= now())"};
  EXPECT_EQ(index_for(wrapped), std::nullopt);
  EXPECT_TRUE(hides_its_range(wrapped));
  EXPECT_FALSE(hides_its_range({.alias = "m", .filter = "(m.created_at <= now())"}));
}

TEST(IndexIdea, CannotBeConcurrentOnAPartitionedTable) {
  EXPECT_EQ(create_sql("a.b", {{"x", "y"}, "x", ""}, true), "CREATE INDEX ON a.b (x, y);");
}

TEST(EntersBy, ItsFirstColumnFromBelowOrEqual) {
  const auto enters = [](const std::string& condition) {
    return enters_by({.alias = "m", .condition = condition}, "created_at");
  };
  EXPECT_TRUE(enters("(m.created_at >= now())"));
  EXPECT_TRUE(enters("(m.created_at = c.created_at)"));
  EXPECT_FALSE(enters("(m.created_at < now())")) << "that is nearly all of it";
  EXPECT_FALSE(enters("((m.status)::text = 'x'::text)"));
  EXPECT_FALSE(enters("(c.created_at >= now())"));
}

TEST(Accesses, AreFoundAtEveryDepthWithTheirIndexesAndJoins) {
  const Json plan = Json::parse(R"json({"Node Type": "Hash Join", "Hash Cond": "(m.conversation_id = c.id)", "Plans": [
    {"Node Type": "Bitmap Heap Scan", "Schema": "public", "Relation Name": "messages", "Alias": "m", "Filter": "f", "Plans": [
      {"Node Type": "BitmapAnd", "Plans": [
        {"Node Type": "Bitmap Index Scan", "Index Name": "one", "Index Cond": "1"},
        {"Node Type": "Bitmap Index Scan", "Index Name": "two", "Index Cond": "2"}]}]},
    {"Node Type": "Hash", "Plans": [
      {"Node Type": "Seq Scan", "Schema": "public", "Relation Name": "conversations", "Alias": "c"}]}]})json");
  std::vector<std::string> found;
  for (const Access& access : accesses(plan))
    found.push_back(access.relation + " " + access.index + " " + access.condition + " " + access.joined_by);
  EXPECT_THAT(found,
              ElementsAre("messages one 1 (m.conversation_id = c.id)", "messages two 2 (m.conversation_id = c.id)",
                          "conversations   (m.conversation_id = c.id)"));
}

TEST(ColumnsIn, ReadsQuotedNamesAndNoStrings) {
  std::vector<std::string> found;
  for (const NamedColumn& column : columns_in(R"sql((("My Alias"."the ""x""" > 'a.b it''s c.d') AND (e.f < g.h)))sql"))
    found.push_back(column.alias + "|" + column.column + "|" + column.written);
  EXPECT_THAT(found, ElementsAre(R"(My Alias|the "x"|"the ""x""")", "e|f|f", "g|h|h"));
}

TEST(IsColumn, OneNameOrTwo) {
  for (const char* column : {"a", "a.b", R"("A b"."c")"}) EXPECT_TRUE(is_column(column)) << column;
  for (const char* other : {"", "(a.b)", "a.b::text", "a.b.c", "a.", "lower(a)", "'a'"})
    EXPECT_FALSE(is_column(other)) << other;
}

}  // namespace
}  // namespace crm::source
