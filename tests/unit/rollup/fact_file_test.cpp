#include "rollup/fact_file.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::rollup {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string select = "SELECT 1 WHERE :from < :to AND :agents IS NULL";

// A good header in which one line is replaced, or left out.
std::string file_with(const std::string& key, const std::string& line) {
  std::string text = "-- Answered turns.\n";
  for (const auto& [name, value] : std::vector<std::pair<std::string, std::string>>{
           {"fact", "turns"}, {"clock", "happened"}, {"touched_by", "reply"}, {"columns", "answered count"}}) {
    text += name == key ? line + "\n" : "-- " + name + ": " + value + "\n";
  }
  return text + select;
}

FactDefinition with_columns(const std::string& columns) {
  return parse_fact_file("turns.sql", file_with("columns", "-- columns: " + columns));
}

std::string refusal(const std::string& text) {
  try {
    parse_fact_file("turns.sql", text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

std::string columns_refusal(const std::string& columns) {
  return refusal(file_with("columns", "-- columns: " + columns));
}

TEST(FactFile, DeclaresWhatItsHeaderSays) {
  const FactDefinition fact = parse_fact_file(
      "turns.sql",
      "-- Answered turns (a turn: a run\n-- of messages) and their length.\n--\n-- fact: turns\n-- clock: happened\n"
      "-- touched_by: reply, asked\n-- columns: answered count, response_ms sum, response histogram(response_ms: 15 60 "
      "300)\n"
      "-- settings: sla.count_bot_replies, rollup.horizon\n-- next_due: least(f.a, f.b)\n" +
          select + "\n");
  EXPECT_EQ(fact.name, "turns");
  EXPECT_EQ(fact.about, "Answered turns (a turn: a run of messages) and their length.");
  EXPECT_EQ(fact.clock, Clock::happened);
  EXPECT_EQ(fact.touched_by, (std::vector{crm::rollup::Touch::reply, crm::rollup::Touch::asked}));
  ASSERT_EQ(fact.columns.size(), 2U);
  EXPECT_EQ(fact.columns[0].name, "answered");
  EXPECT_EQ(fact.columns[0].kind, FactColumn::Kind::count);
  EXPECT_EQ(fact.columns[1].name, "response_ms");
  EXPECT_EQ(fact.columns[1].kind, FactColumn::Kind::sum);
  ASSERT_EQ(fact.histograms.size(), 1U);
  EXPECT_EQ(fact.histograms[0].name, "response");
  EXPECT_EQ(fact.histograms[0].column, "response_ms");
  EXPECT_THAT(fact.histograms[0].bounds, ElementsAre(15, 60, 300));
  EXPECT_THAT(fact.settings, ElementsAre("sla.count_bot_replies", "rollup.horizon"));
  EXPECT_EQ(fact.next_due, "least(f.a, f.b)");
}

TEST(FactFile, NeedsNeitherSettingsNorNextDue) {
  const FactDefinition fact = parse_fact_file("turns.sql", file_with("", ""));
  EXPECT_THAT(fact.settings, IsEmpty());
  EXPECT_EQ(fact.next_due, "");
  const FactDefinition none =
      parse_fact_file("turns.sql", "-- settings: none\n-- next_due: none\n" + file_with("", ""));
  EXPECT_THAT(none.settings, IsEmpty());
  EXPECT_EQ(none.next_due, "");
}

TEST(FactFile, ReadsUnbalancedParenthesesOfAComment) {
  for (const char* comment : {"-- a) first of all\n", "-- (never closed\n", "-- :) and :(\n"}) {
    EXPECT_EQ(refusal(comment + file_with("", "")), "accepted") << comment;
  }
}

TEST(FactFile, ReadsWindowsLineEnds) {
  std::string text = file_with("", "");
  for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; at += 2) text.insert(at, "\r");
  EXPECT_EQ(parse_fact_file("turns.sql", text).name, "turns");
}

TEST(FactFile, IsItsSelectWithoutCommentsAndWithoutAFinalSemicolon) {
  const FactDefinition fact = parse_fact_file("turns.sql", file_with("", "") + " -- all\n;\n");
  EXPECT_EQ(fact.sql.substr(fact.sql.find("SELECT")), select);
  EXPECT_EQ(fact.sql.find("--"), std::string::npos);
}

TEST(FactFile, MustSayEveryRequiredLine) {
  EXPECT_EQ(refusal(file_with("fact", "--")), "fact file turns.sql: 'fact' is missing from its header");
  EXPECT_EQ(refusal(file_with("clock", "--")), "fact file turns.sql: 'clock' is missing from its header");
  EXPECT_EQ(refusal(file_with("touched_by", "-- touched_by:")),
            "fact file turns.sql: 'touched_by' is missing from its header");
  EXPECT_EQ(refusal(file_with("columns", "-- columns: ")), "fact file turns.sql: 'columns' is missing from its header");
  EXPECT_EQ(refusal(""), "fact file turns.sql: 'fact' is missing from its header");
}

TEST(FactFile, EndsItsHeaderWhereTheSelectBegins) {
  EXPECT_EQ(refusal("SELECT 1\n" + file_with("", "")), "fact file turns.sql: 'fact' is missing from its header");
}

TEST(FactFile, RefusesALineThatStandsTwice) {
  EXPECT_EQ(refusal("-- clock: created\n" + file_with("", "")), "fact file turns.sql: 'clock' is declared twice");
}

TEST(FactFile, RefusesNamesAndWordsThatItDoesNotKnow) {
  EXPECT_EQ(refusal(file_with("fact", "-- fact: Turns")),
            "fact file turns.sql: 'fact' is 'Turns': use lower case, digits and _");
  EXPECT_EQ(refusal(file_with("fact", "-- fact: 1st")),
            "fact file turns.sql: 'fact' is '1st': use lower case, digits and _");
  EXPECT_EQ(refusal(file_with("clock", "-- clock: now")), "fact file turns.sql: 'clock' is 'now': created or happened");
}

TEST(FactFile, RefusesColumnsThatAreNone) {
  const std::string refused = "fact file turns.sql: 'columns' ";
  EXPECT_EQ(columns_refusal("answered"), refused + "declares 'answered': a column is count, sum or histogram(…)");
  EXPECT_EQ(columns_refusal("answered average"),
            refused + "declares 'answered average': a column is count, sum or histogram(…)");
  EXPECT_EQ(columns_refusal("An-swered count"), refused + "has 'An-swered', which is no column name");
  EXPECT_EQ(columns_refusal("a count, a sum"), refused + "has 'a' twice");
  EXPECT_EQ(columns_refusal("a sum, a histogram(a: 1)"), refused + "has 'a' twice");
  for (const std::string own : {"at", "agent", "key", "bucket"}) {
    EXPECT_EQ(columns_refusal(own + " count"),
              refused + "has '" + own + "', which every fact has: choose another name");
  }
}

TEST(FactFile, RefusesHistogramsWithoutColumnOrAscendingBounds) {
  const std::string refused = "fact file turns.sql: 'columns' ";
  const std::string form = ": write histogram(<column>: <bound> …)";
  for (const std::string kind : {"histogram(ms)", "histogram(ms: 1 2", "histogram(: 1 2)", "histogram(m s: 1)"}) {
    EXPECT_EQ(columns_refusal("h " + kind), refused + "declares 'h " + kind + "'" + form);
  }
  EXPECT_EQ(columns_refusal("h histogram(ms:)"), refused + "has a histogram without bounds");
  for (const std::string bound : {"x", "1.5", "5", "4", "9223372036854775808"}) {
    EXPECT_EQ(columns_refusal("h histogram(ms: 5 " + bound + ")"),
              refused + "has the histogram bound '" + bound + "': bounds are ascending integers");
  }
  EXPECT_THAT(with_columns("h histogram(ms: -5 0 5)").histograms.at(0).bounds, ElementsAre(-5, 0, 5));
}

TEST(FactFile, MustBeBoundByWindowAndAgents) {
  const auto body_refusal = [](const std::string& body) {
    const std::string good = file_with("", "");
    return refusal(good.substr(0, good.find("SELECT")) + body);
  };
  const std::string rule = " is not used: a fact is bound by :from, :to and :agents";
  EXPECT_EQ(body_refusal("SELECT :to, :agents"), "fact file turns.sql: 'from'" + rule);
  EXPECT_EQ(body_refusal("SELECT :from, :agents"), "fact file turns.sql: 'to'" + rule);
  EXPECT_EQ(body_refusal("SELECT :from, :to -- :agents"), "fact file turns.sql: 'agents'" + rule);
  EXPECT_EQ(body_refusal("SELECT :from, :to, ':agents'"), "fact file turns.sql: 'agents'" + rule);
}

// What its shares are made of is read in the place of all there is, where it is read first.
TEST(FactFile, SharesAreMadeOfAskedRows) {
  const std::string header = file_with("settings", "").substr(0, file_with("settings", "").find(select));
  const auto with = [&](const std::string& shares, const std::string& sql) {
    const std::string share_sql = parse_fact_file("turns.sql", header + "-- shares: " + shares + "\n" + sql).share_sql;
    return share_sql.substr(share_sql.find_first_not_of(" \n"));
  };
  const std::string where = "WHERE :from < :to AND :agents IS NULL AND EXISTS (SELECT FROM messages m\n)";
  EXPECT_EQ(with("messages m", "SELECT m.id AS part\nFROM messages m\n" + where),
            "SELECT m.id AS part\nFROM asked_rows m\n" + where);
  EXPECT_EQ(with("messages m", "SELECT m.id AS part\nFROM r\nJOIN messages m ON true\n" + where),
            "SELECT m.id AS part\nFROM r\nJOIN asked_rows m ON true\n" + where);
  EXPECT_EQ(parse_fact_file("turns.sql", file_with("", "")).share_sql, "");
  const auto refused = [&](const std::string& shares, const std::string& sql) {
    return refusal(header + "-- shares: " + shares + "\n" + sql);
  };
  const std::string good = "SELECT m.id AS part\nFROM messages m\n" + where;
  EXPECT_EQ(refused("tickets t", good),
            "fact file turns.sql: 'shares' is 'tickets t': messages or conversations, and what it calls them");
  EXPECT_EQ(refused("messages", good),
            "fact file turns.sql: 'shares' is 'messages': messages or conversations, and what it calls them");
  EXPECT_EQ(refused("conversations c", good),
            "fact file turns.sql: 'shares' says 'conversations c', which it does not read");
  EXPECT_EQ(refused("messages m", "SELECT 1\nFROM messages m\n" + where),
            "fact file turns.sql: 'shares' is declared, but there is no column part: in whose share a row is");
  EXPECT_EQ(refused("messages m", "SELECT m.id AS part, :edges\nFROM messages m\n" + where),
            "fact file turns.sql: 'shares' is declared: only what happens at an instant has any");
}

}  // namespace
}  // namespace crm::rollup
