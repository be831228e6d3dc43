// One SELECT, whatever stands in its strings and comments; and nothing that would mean something else in parentheses.

#include "select_text.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace custom_sql {
namespace {

std::string fault(const std::string& text) {
  try {
    one_select(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(SelectText, EndsWithoutSemicolonOrBlanks) {
  EXPECT_EQ(one_select("SELECT 1"), "SELECT 1");
  EXPECT_EQ(one_select("\n select 1 ;\n"), "\n select 1");
  EXPECT_EQ(one_select("SELECT 1; -- all of them\n/* and that; */\n"), "SELECT 1");
  EXPECT_EQ(one_select("-- first; line\nWITH x AS (SELECT 1) SELECT * FROM x\t"),
            "-- first; line\nWITH x AS (SELECT 1) SELECT * FROM x");
  EXPECT_EQ(one_select("(SELECT 1) UNION (SELECT 2)"), "(SELECT 1) UNION (SELECT 2)");
}

TEST(SelectText, KnowsWhatIsNoCode) {
  for (const char* text : {
           "SELECT ';' AS a",
           "SELECT 'it''s; )' AS a",
           R"(SELECT E'\'; )' AS a)",
           "SELECT $$; ) $$ AS a",
           "SELECT $a$ $b$ ; $a$ AS a",
           "SELECT 1 AS \"a;)\"",
           "SELECT 1 /* ; ) /* ( */ ' */ AS a",
           "SELECT 1 -- ; ) '",
           "SELECT a$b$c FROM x",
           "SELECT 1 AS ärger$x$",
           "SELECT (1 - -1)",
           "SELECT '\\'",
           "SELECT E'' || '\\'",
       }) {
    EXPECT_EQ(one_select(text), text);
  }
}

TEST(SelectText, RefusesTheRest) {
  const std::string two = "holds more than one statement; a collector has one SELECT";
  EXPECT_EQ(fault("SELECT 1; SELECT 2"), two);
  EXPECT_EQ(fault("SELECT 1;;"), two);
  EXPECT_EQ(fault("SELECT 1; DROP TABLE x; --"), two);
  EXPECT_EQ(fault(""), "holds no statement");
  EXPECT_EQ(fault(" -- nothing"), "holds no statement");
  EXPECT_EQ(fault("UPDATE x SET a = 1"), "must begin with SELECT or WITH, not 'UPDATE'");
  EXPECT_EQ(fault("EXPLAIN SELECT 1"), "must begin with SELECT or WITH, not 'EXPLAIN'");
  EXPECT_EQ(fault("; SELECT 1"), "must begin with SELECT or WITH, not ';'");
  EXPECT_EQ(fault("SELECT 1) UNION (SELECT 2"), "closes a parenthesis that it does not open");
  EXPECT_EQ(fault("SELECT (1"), "opens a parenthesis that it does not close");
  EXPECT_EQ(fault("SELECT 'abc"), "ends within a string");
  EXPECT_EQ(fault("SELECT $x$ abc $y$"), "ends within a string");
  EXPECT_EQ(fault(R"(SELECT E'\')"), "ends within a string");
  EXPECT_EQ(fault("SELECT \"abc"), "ends within a quoted name");
  EXPECT_EQ(fault("SELECT 1 /* abc"), "ends within a comment");
  EXPECT_EQ(fault(std::string("SELECT 1\0", 9)), "holds a byte 0");
  EXPECT_EQ(fault("SELECT 1 " + std::string(70'000, ' ')), "is longer than 65536 bytes");
}

TEST(SelectText, IsLimitedOnALineOfItsOwn) {
  EXPECT_EQ(limited("SELECT 1 -- one", "", 10), "SELECT * FROM (\nSELECT 1 -- one\n) AS crm_custom_rows\nLIMIT 11");
  EXPECT_EQ(limited("SELECT a", "a", 1),
            "SELECT * FROM (\nSELECT a\n) AS crm_custom_rows\n"
            "WHERE (:agents IS NULL OR crm_custom_rows.\"a\" = ANY (:agents))\nLIMIT 2");
}

TEST(Identifiers, ArePlainNames) {
  for (const char* name : {"a", "_a", "Select", "a1"}) EXPECT_TRUE(is_identifier(name)) << name;
  for (const char* name : {"", "1a", "a b", "a\"", "a.b", "ä", "a-b"}) EXPECT_FALSE(is_identifier(name)) << name;
}

}  // namespace
}  // namespace custom_sql
