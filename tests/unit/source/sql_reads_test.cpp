#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "source/sql_text.h"

namespace crm::source {
namespace {

// "contacts(created_at) messages()"
std::string reads(std::string_view sql) {
  std::string text;
  for (const auto& [view, columns] : reads_of(sql)) {
    text += fmt::format("{}{}({})", text.empty() ? "" : " ", view, fmt::join(columns, " "));
  }
  return text;
}

TEST(Reads, AreViewsWithTheColumnsTakenByAlias) {
  EXPECT_EQ(reads("SELECT m.created_at FROM messages m WHERE m.direction = 'inbound'"),
            "messages(created_at direction)");
  EXPECT_EQ(reads("SELECT m.created_at FROM messages AS m"), "messages(created_at)");
  EXPECT_EQ(reads("select M.CREATED_AT from MESSAGES M"), "messages(created_at)");
  EXPECT_EQ(reads("SELECT messages.created_at FROM messages"), "messages(created_at)");
  EXPECT_EQ(reads("SELECT m . created_at FROM messages m"), "messages(created_at)");
  EXPECT_EQ(reads("SELECT 1"), "");
  EXPECT_EQ(reads(""), "");
}

TEST(Reads, LeaveOutColumnsThatTheContractDoesNotKnow) {
  EXPECT_EQ(reads("SELECT m.body, m.created_at FROM messages m"), "messages(created_at)");
}

TEST(Reads, FollowJoinsAndCommas) {
  EXPECT_EQ(reads("SELECT 1 FROM messages m LEFT JOIN conversations c ON c.conversation_id = m.conversation_id"),
            "conversations(conversation_id) messages(conversation_id)");
  EXPECT_EQ(reads("SELECT 1 FROM messages m, conversations c WHERE c.agent_id = m.sender_agent_id"),
            "conversations(agent_id) messages(sender_agent_id)");
  EXPECT_EQ(reads("SELECT 1 FROM messages, conversations, tickets"), "conversations() messages() tickets()");
  EXPECT_EQ(reads("SELECT 1 FROM foo f JOIN bar b ON b.x = f.x, messages m"), "messages()");
  EXPECT_EQ(reads("SELECT 1 FROM (VALUES (1, 2)) v, messages m"), "messages()");
  EXPECT_EQ(reads("SELECT 1 FROM unnest(:a) WITH ORDINALITY u(id, n), messages m"), "messages()");
  EXPECT_EQ(
      reads(
          "SELECT 1 FROM foo f LEFT JOIN (messages m JOIN tickets t ON t.conversation_id = m.conversation_id) ON true"),
      "messages(conversation_id) tickets(conversation_id)");
}

TEST(Reads, AreNotTheNamesInASelectListOrAGroup) {
  EXPECT_EQ(reads("SELECT d.day, tickets FROM daily d"), "");
  EXPECT_EQ(reads("SELECT d.day, tickets AS n FROM daily d"), "");
  EXPECT_EQ(reads("SELECT count(*) AS messages FROM foo f GROUP BY f.x, messages ORDER BY 1, tickets"), "");
  EXPECT_EQ(reads("SELECT f.a FROM foo f WHERE (f.a, contacts) IN (SELECT 1, agents)"), "");
  EXPECT_EQ(reads("SELECT 1 FROM f(1, messages)"), "");
}

TEST(Reads, OfAViewBeforeAKeywordTakeNoAliasFromIt) {
  for (const char* rest : {"WHERE true", "ORDER BY 1", "GROUP BY 1", "LIMIT 1", "UNION SELECT 1", "CROSS JOIN foo",
                           "NATURAL JOIN foo", "FOR UPDATE", "WINDOW w AS ()", ""}) {
    EXPECT_EQ(reads(std::string("SELECT messages.read_at FROM messages ") + rest), "messages(read_at)") << rest;
  }
}

TEST(Reads, FindSubqueriesAndLaterals) {
  EXPECT_EQ(reads("SELECT o.created_at FROM (SELECT c.resolved_at FROM conversations c) o"),
            "conversations(resolved_at)");
  EXPECT_EQ(reads("SELECT 1 WHERE EXISTS (SELECT 1 FROM tickets t WHERE t.contact_id = 1)"), "tickets(contact_id)");
  EXPECT_EQ(reads("SELECT 1 FROM foo f CROSS JOIN LATERAL (SELECT m.sent_at FROM messages m) x"), "messages(sent_at)");
  EXPECT_EQ(reads("SELECT (SELECT count(*) FROM agents), 1 FROM foo"), "agents()");
}

TEST(Reads, AreNotTheFromOfAFunctionOrAComparison) {
  EXPECT_EQ(reads("SELECT extract(EPOCH FROM m.sent_at), substring(f.x FROM 2) FROM messages m, foo f"),
            "messages(sent_at)");
  EXPECT_EQ(reads("SELECT 1 FROM foo f WHERE f.x IS DISTINCT FROM tickets"), "");
  EXPECT_EQ(reads("SELECT 1 FROM messages(1) m"), "");
}

TEST(Reads, AreNotInStringsCommentsOrParameters) {
  EXPECT_EQ(reads("SELECT 'x FROM messages m' -- FROM tickets t\n /* FROM agents */ FROM foo"), "");
  EXPECT_EQ(reads("SELECT $$ FROM messages $$ FROM foo f WHERE f.x = :messages"), "");
}

TEST(Reads, KnowAViewInQuotes) {
  EXPECT_EQ(reads("SELECT \"m\".\"created_at\" FROM \"messages\" AS \"m\""), "messages(created_at)");
  EXPECT_EQ(reads("SELECT 1 FROM \"Messages\" m"), "");
}

TEST(Reads, AreNotTablesOfANamedSchema) {
  EXPECT_EQ(reads("SELECT m.created_at FROM public.messages m"), "");
  EXPECT_EQ(reads("SELECT m.created_at FROM public.messages m JOIN tickets t ON t.ticket_id = m.message_id"),
            "tickets(ticket_id)");
}

TEST(Reads, TellACteFromTheViewOfItsName) {
  EXPECT_EQ(reads("WITH messages AS (SELECT t.created_at FROM tickets t) SELECT m.sent_at FROM messages m"),
            "tickets(created_at)");
  EXPECT_EQ(reads("WITH messages AS (SELECT m.sent_at FROM messages m) SELECT x.read_at FROM messages x"),
            "messages(sent_at)");
  EXPECT_EQ(reads("WITH a (x, y) AS NOT MATERIALIZED (SELECT 1, 2), tickets AS (SELECT 1 FROM agents g) "
                  "SELECT 1 FROM a, tickets t JOIN contacts c ON true"),
            "agents() contacts()");
  EXPECT_EQ(reads("SELECT 1 FROM (WITH messages AS (SELECT 1) SELECT 1 FROM messages) x, messages m"), "messages()");
}

TEST(Reads, CountAColumnToEveryViewOfASharedAlias) {
  EXPECT_EQ(reads("SELECT (SELECT max(x.lead_at) FROM contacts x), (SELECT max(x.resolved_at) FROM tickets x)"),
            "contacts(lead_at) tickets(resolved_at)");
}

TEST(Reads, OfBrokenStatementsEnd) {
  for (const char* sql :
       {"FROM", "FROM messages m JOIN", ")))) FROM", "WITH", "WITH a", "WITH a (", "WITH a AS", "\"", "'", "$",
        "SELECT m. FROM messages m", ".", "FROM public.", ",", "from \"\" x, (", "a.b.c.d"}) {
    EXPECT_NO_THROW(reads_of(sql)) << sql;
  }
}

TEST(Reads, OfAnyTextEndAndAreOfTheContract) {
  const std::vector<std::string> tokens{"FROM",    " ",  "messages", "m",  ",",    "(",    ")",      "WITH", "AS",
                                        "SELECT",  ".",  "'",        "\"", "$$",   "$t",   ":",      "::",   "[",
                                        "]",       "/*", "*/",       "--", "\n",   "E'",   "\\",     "join", "on",
                                        "tickets", "x",  ";",        "$1", "\xff", "only", "lateral"};
  std::mt19937 random(42);
  for (int round = 0; round < 20'000; ++round) {
    std::string sql;
    for (auto length = random() % 30; length > 0; --length)
      sql += tokens[random() % tokens.size()] + (random() % 2 ? " " : "");
    for (const auto& [view, columns] : reads_of(sql)) {
      ASSERT_TRUE(view == "messages" || view == "tickets") << sql;
    }
  }
}

}  // namespace
}  // namespace crm::source
