#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/rows.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Rows one(std::optional<std::string> cell) {
  return Rows({"x"}, {{std::move(cell)}});
}

template <typename Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const BadValue& bad) {
    return bad.what();
  }
  return "accepted";
}

std::string integer(std::optional<std::string> cell) {
  const Rows rows = one(std::move(cell));
  try {
    return std::to_string(rows[0].integer("x"));
  } catch (const BadValue&) {
    return "bad";
  }
}

std::string real(std::optional<std::string> cell) {
  const Rows rows = one(std::move(cell));
  try {
    return std::to_string(rows[0].real("x"));
  } catch (const BadValue&) {
    return "bad";
  }
}

TEST(Row, ReadsIntegersThatFill64BitsAndNothingElse) {
  EXPECT_EQ(integer("9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(integer("-9223372036854775808"), "-9223372036854775808");
  for (const char* text : {"9223372036854775808", "-9223372036854775809", "", " 1", "1 ", "+1", "1.0", "1e3", "0x1",
                           "NaN", "Infinity", "t"}) {
    EXPECT_EQ(integer(text), "bad") << text;
  }
  EXPECT_EQ(integer(std::nullopt), "bad");
}

TEST(Row, ReadsFiniteRealsOnly) {
  EXPECT_EQ(real("2.5"), "2.500000");
  EXPECT_EQ(real("-1e3"), "-1000.000000");
  for (const char* text :
       {"NaN", "nan", "Infinity", "-Infinity", "inf", "1e400", "-1e400", "", " 1", "+1", "1,5", "0x1p3", "1.5x"}) {
    EXPECT_EQ(real(text), "bad") << text;
  }
  EXPECT_EQ(real(std::nullopt), "bad");
}

TEST(Row, ReadsBooleansAsPostgreSqlPrintsThem) {
  EXPECT_TRUE(one("t")[0].boolean("x"));
  EXPECT_TRUE(one("true")[0].boolean("x"));
  EXPECT_FALSE(one("f")[0].boolean("x"));
  EXPECT_FALSE(one("false")[0].boolean("x"));
  for (const char* text : {"T", "yes", "1", "0", "", "tr"}) {
    const Rows rows = one(text);
    EXPECT_THROW(rows[0].boolean("x"), BadValue) << text;
  }
}

TEST(Row, ReadsInstantsAndTellsNullFromABadOne) {
  const Rows rows({"at", "none", "bad"}, {{"2026-11-23 22:40:18.5+00", std::nullopt, "yesterday"}});
  EXPECT_EQ(rows[0].instant("at"), testing::at("2026-11-23T22:40:18.5Z"));
  EXPECT_EQ(rows[0].maybe_instant("at"), testing::at("2026-11-23T22:40:18.5Z"));
  EXPECT_EQ(rows[0].maybe_instant("none"), std::nullopt);
  EXPECT_THROW(rows[0].instant("none"), BadValue);
  EXPECT_THROW(rows[0].maybe_instant("bad"), BadValue);
}

TEST(Row, TellsNullFromEmptyText) {
  const Rows rows({"null", "empty"}, {{std::nullopt, ""}});
  EXPECT_TRUE(rows[0].is_null("null"));
  EXPECT_FALSE(rows[0].is_null("empty"));
  EXPECT_EQ(rows[0].text("empty"), "");
  EXPECT_EQ(rows[0].text_or("null", "-"), "-");
  EXPECT_EQ(rows[0].text_or("empty", "-"), "");
  EXPECT_THROW(rows[0].text("null"), BadValue);
}

TEST(Row, NamesColumnAndValueOfWhatItCannotRead) {
  const Rows rows({"score"}, {{"ten"}});
  EXPECT_EQ(refusal([&] { rows[0].integer("score"); }), "column 'score': 'ten' is not a 64-bit integer");
  const Rows null({"score"}, {{std::nullopt}});
  EXPECT_EQ(refusal([&] { null[0].integer("score"); }), "column 'score' is NULL");
}

TEST(Row, ShowsTheBeginningOfALongValueInWholeCharacters) {
  const Rows rows = one(std::string(39, 'a') + "äöü");  // ä takes the bytes 39 and 40
  EXPECT_EQ(refusal([&] { rows[0].integer("x"); }),
            "column 'x': '" + std::string(39, 'a') + "…' is not a 64-bit integer");
}

TEST(Row, AnUnknownColumnIsADefectOfTheCollector) {
  const Rows rows = one("1");
  EXPECT_THROW(rows[0].integer("y"), UsageError);
  EXPECT_THROW(rows.each([](const Row& row) { row.text("y"); }), UsageError);
}

TEST(Rows, RefuseARowOfAnotherLength) {
  EXPECT_THROW(Rows({"a", "b"}, {{"1"}}), UsageError);
  EXPECT_THROW(Rows({}, {{"1"}}), UsageError);
}

TEST(Rows, EachSkipsAndCountsRowsThatCannotBeRead) {
  Rows rows({"x"}, {{"1"}, {"NaN"}, {std::nullopt}, {"4"}, {"1e400"}});
  std::vector<std::string> reasons;
  rows.on_skip([&](std::string_view reason) { reasons.emplace_back(reason); });
  double sum = 0;
  EXPECT_EQ(rows.each([&](const Row& row) { sum += row.real("x"); }), 3U);
  EXPECT_EQ(sum, 5.0);
  EXPECT_THAT(reasons, ElementsAre(HasSubstr("'NaN'"), HasSubstr("is NULL"), HasSubstr("'1e400'")));
}

TEST(Rows, EachSkipsWithoutAListenerAndLetsOtherErrorsPass) {
  const Rows rows = one("x");
  EXPECT_EQ(rows.each([](const Row& row) { row.integer("x"); }), 1U);
  EXPECT_THROW(rows.each([](const Row&) { throw std::runtime_error("else"); }), std::runtime_error);
}

TEST(Rows, OfAnAbsentViewAreEmptyAndSayWhichView) {
  const Rows rows = Rows::of_absent_view("tickets");
  EXPECT_TRUE(rows.absent());
  EXPECT_TRUE(rows.empty());
  EXPECT_EQ(rows.absent_view(), "tickets");
  EXPECT_EQ(rows.each([](const Row&) { FAIL(); }), 0U);
  EXPECT_FALSE(Rows({"x"}, {}).absent());
}

}  // namespace
}  // namespace crm
