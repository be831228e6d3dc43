#include "source/sql_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::source {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The statement with its parameters as <name>: what would be sent, but for the numbering.
std::string split(std::string_view sql) {
  std::string text;
  for (const Piece& piece : split_parameters(sql)) text += piece.parameter ? "<" + piece.text + ">" : piece.text;
  return text;
}

TEST(Parameters, AreNamesBehindAColon) {
  EXPECT_EQ(split("a >= :from AND a<:to AND x = ANY (:agents)"), "a >= <from> AND a<<to> AND x = ANY (<agents>)");
  EXPECT_EQ(split(":as_of"), "<as_of>");
  EXPECT_EQ(split(":a1:b2"), "<a1><b2>");
  EXPECT_EQ(split("x=:sla_first_response_seconds"), "x=<sla_first_response_seconds>");
  EXPECT_EQ(split(""), "");
}

TEST(Parameters, AreNoCastsAssignmentsOrLoneColons) {
  EXPECT_EQ(split("x::text"), "x::text");
  EXPECT_EQ(split(":from::date"), "<from>::date");
  EXPECT_EQ(split("NULL::text AS key"), "NULL::text AS key");
  EXPECT_EQ(split("make_interval(days := 3)"), "make_interval(days := 3)");
  EXPECT_EQ(split("a : b :1 :"), "a : b :1 :");
}

TEST(Parameters, InCommentsGoWithTheComment) {
  EXPECT_EQ(split("SELECT 1 -- :from\n, 2"), "SELECT 1  \n, 2");
  EXPECT_EQ(split("SELECT 1 -- :from"), "SELECT 1  ");
  EXPECT_EQ(split("a/* :x */b"), "a b");
  EXPECT_EQ(split("a/* 1 /* :x */ :y */:z"), "a <z>");
  EXPECT_EQ(split("a /* never closed :x"), "a  ");
  EXPECT_EQ(split("a/*/ :x */b"), "a b");
}

TEST(Parameters, InStringsAreText) {
  for (const char* sql :
       {"':x'", "'it''s :x'", "'-- :x'", "'/* :x'", "E'\\' :x'", "e'\\\\ :x'", "E'it''s \\' :x'", "'never closed :x",
        "\"a :x\"", "\"a\"\" :x\"", "$$ :x ' $$", "$tag$ :x $$ $tag$", "$_t1$ :x $_t1$", "$$ never closed :x"}) {
    EXPECT_EQ(split(sql), sql);
  }
}

TEST(Parameters, BehindStringsAreParametersAgain) {
  EXPECT_EQ(split("'a':x"), "'a'<x>");
  EXPECT_EQ(split("'\\':x"), "'\\'<x>");            // no E: the backslash is itself
  EXPECT_EQ(split("nameE'\\':x"), "nameE'\\'<x>");  // the E ends a name
  EXPECT_EQ(split("E'\\\\':x"), "E'\\\\'<x>");
  EXPECT_EQ(split("$$ a $$:x"), "$$ a $$<x>");
  EXPECT_EQ(split("'':x''"), "''<x>''");
  EXPECT_EQ(split("a$b$ :x $b$"), "a$b$ <x> $b$");  // dollars within a name quote nothing
}

TEST(Parameters, DirectlyBehindAnOperandInBracketsAreSlices) {
  EXPECT_EQ(split("a[1:n]"), "a[1:n]");
  EXPECT_EQ(split("a[i:j]"), "a[i:j]");
  EXPECT_EQ(split("a[f(1):n][x[1]:n]"), "a[f(1):n][x[1]:n]");
  EXPECT_EQ(split("a[\"i\":n]"), "a[\"i\":n]");
  EXPECT_EQ(split("a[1 : (:n)]"), "a[1 : (<n>)]");
  EXPECT_EQ(split("a[:n]"), "a[<n>]");
  EXPECT_EQ(split("ARRAY[:from, :to]"), "ARRAY[<from>, <to>]");
  EXPECT_EQ(split("a[1:n] AND b=1 AND:x"), "a[1:n] AND b=1 AND<x>");
}

TEST(Parameters, AreListedOnceEach) {
  EXPECT_THAT(parameters_of(":b :a :b ':c' -- :d"), ElementsAre("a", "b"));
  EXPECT_THAT(parameters_of("SELECT 1"), IsEmpty());
}

}  // namespace
}  // namespace crm::source
