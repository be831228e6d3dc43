// Every way to be answered 400, and what is said.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/window_query.h"
#include "instants.h"

namespace crm::calendar::test {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::StartsWith;

struct Refusal {
  std::string parameter;
  std::string message;
};

// A UTC business on 23 November 2026 at noon.
Refusal refusal(const WindowQuery& query, Instant now = at("2026-11-23T12:00Z"), std::string_view zone = "UTC") {
  try {
    const Period period = resolve(query, {}, *Zone::load(zone), now);
    return {"none", "accepted from " + to_iso(period.window.from)};
  } catch (const BadWindow& error) {
    return {error.parameter(), error.what()};
  }
}

Refusal start(const std::string& text) {
  return refusal({{}, text, {}});
}
Refusal end(const std::string& text) {
  return refusal({{}, "2026-11-01", text});
}

MATCHER_P2(Names, parameter, message, "") {
  *result_listener << arg.parameter << ": " << arg.message;
  return arg.parameter == parameter && ::testing::Matches(message)(arg.message);
}

TEST(BadRange, IsRefusedWithThoseThatThereAre) {
  EXPECT_THAT(refusal({"tomorrow", {}, {}}),
              Names("dateRange", "dateRange 'tomorrow' is unknown: give today, yesterday, week or month"));
  EXPECT_THAT(refusal({"Today", {}, {}}), Names("dateRange", HasSubstr("'Today'")));
  EXPECT_THAT(refusal({"", {}, {}}), Names("dateRange", HasSubstr("'' is unknown")));
}

TEST(BadRange, IsRefusedEvenBesideGoodDates) {
  EXPECT_THAT(refusal({"tomorrow", "2026-11-01", "2026-11-02"}), Names("dateRange", HasSubstr("'tomorrow'")));
}

TEST(BadEdge, ThatIsEmptyIsRefused) {
  EXPECT_THAT(start(""), Names("startDate", StartsWith("startDate '' is empty: give a date such as 2026-11-23")));
  EXPECT_THAT(end(""), Names("endDate", StartsWith("endDate '' is empty")));
  EXPECT_THAT(refusal({"today", "", {}}), Names("startDate", HasSubstr("is empty")));
}

TEST(BadEdge, ThatIsNotInTheCalendarIsRefused) {
  for (const char* text : {"2026-02-30", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00", "0000-01-01"}) {
    EXPECT_THAT(start(text), Names("startDate", HasSubstr(std::string(text) + "' is not in the calendar")));
  }
}

TEST(BadEdge, ThatIsALeapDayIsGoodInALeapYear) {
  EXPECT_EQ(refusal({{}, "2024-02-29", "2024-03-01"}).message, "accepted from 2024-02-29T00:00:00Z");
}

TEST(BadEdge, ThatIsAnInstantWithoutOffsetIsRefused) {
  for (const char* text : {"2026-11-01T08:00:00", "2026-11-01T08:00", "2026-11-01 08:00", "2026-11-01T08:00:00.5"}) {
    EXPECT_THAT(start(text), Names("startDate", HasSubstr("without an offset: end it with Z or +01:00 (%2B01:00)")));
    EXPECT_THAT(end(text), Names("endDate", HasSubstr("without an offset")));
  }
}

TEST(BadEdge, WhosePlusBecameASpaceIsToldHowToWriteIt) {
  EXPECT_THAT(start("2026-01-01T00:00:00 01:00"),
              Names("startDate",
                    "startDate '2026-01-01T00:00:00 01:00' has a space before its offset: in a URL, + is "
                    "written %2B"));
  EXPECT_THAT(end("2026-11-02 00:00:00 0530"), Names("endDate", HasSubstr("%2B")));
}

TEST(BadEdge, ThatIsNeitherDateNorInstantIsRefused) {
  for (const char* text :
       {"today", "1", "20261101", "2026-11-1", "2026-W47", "11/01/2026", " 2026-11-01", "2026-11-01 ", "2026-11-01Z",
        "2026-11-01T", "2026-11-01T25:00Z", "2026-11-01T08:60Z", "2026-11-01T08:00+99:00", "2026-11-01T08:00Zulu",
        "-2026-11-01", "1767225600", "١٢٣٤-٠١-٠١", "2026-11-01T08:00:00+01:00x", "'; DROP TABLE messages; --"}) {
    EXPECT_THAT(start(text), Names("startDate", HasSubstr("is neither a date nor an instant: give a date such as "
                                                          "2026-11-23, or an instant with its offset")));
  }
}

TEST(BadEdge, OfAnyLengthAndBytesIsRefusedInPrintableText) {
  const Refusal huge = start(std::string(1'000'000, '9'));
  EXPECT_THAT(huge, Names("startDate", HasSubstr("9…'")));
  EXPECT_LT(huge.message.size(), 400U);
  EXPECT_THAT(start("\xff\n\x7f\x1b[31m"),
              Names("startDate", StartsWith("startDate '\\xff\\x0a\\x7f\\x1b[31m' is neither")));
  EXPECT_THAT(refusal({"\xc3", {}, {}}), Names("dateRange", HasSubstr("'\\xc3'")));
  EXPECT_THAT(start(std::string("2026-11-01\0", 11)), Names("startDate", HasSubstr("'2026-11-01\\x00'")));
}

TEST(BadWindowOf, AnEndAloneIsRefused) {
  EXPECT_THAT(refusal({{}, {}, "2026-11-01"}),
              Names("endDate", "endDate '2026-11-01' is given without a startDate: give both"));
  EXPECT_THAT(refusal({"today", {}, "2026-11-01T00:00Z"}), Names("endDate", HasSubstr("without a startDate")));
  EXPECT_THAT(refusal({{}, {}, "nonsense"}), Names("endDate", HasSubstr("'nonsense' is neither")));
}

TEST(BadWindowOf, ReversedEdgesIsRefused) {
  EXPECT_THAT(
      refusal({{}, "2026-11-02", "2026-11-01"}),
      Names("endDate", "nothing lies between startDate '2026-11-02' and endDate '2026-11-01': give a later endDate"));
  EXPECT_THAT(refusal({{}, "2026-11-02T00:00Z", "2026-11-01T23:00Z"}), Names("endDate", HasSubstr("nothing lies")));
}

TEST(BadWindowOf, NoLengthIsRefused) {
  // The same instant, written with two offsets.
  EXPECT_THAT(refusal({{}, "2026-11-02T00:00Z", "2026-11-02T01:00+01:00"}),
              Names("endDate", HasSubstr("nothing lies")));
  // 30 December 2011 does not exist in Samoa.
  EXPECT_THAT(refusal({{}, "2011-12-30", "2011-12-30"}, at("2012-02-01T00:00Z"), "Pacific/Apia"),
              Names("endDate", HasSubstr("nothing lies")));
}

TEST(BadWindowOf, TheFutureIsRefused) {
  EXPECT_THAT(
      start("2026-11-24"),
      Names("startDate", "startDate '2026-11-24' is not before now (2026-11-23T12:00:00+00:00): give an earlier one"));
  EXPECT_THAT(start("9999-12-31"), Names("startDate", HasSubstr("not before now")));
  EXPECT_THAT(start("9999-12-31T23:59:59+15:00"), Names("startDate", HasSubstr("not before now")));
  EXPECT_THAT(refusal({{}, "2027-01-01", "2027-02-01"}), Names("startDate", HasSubstr("not before now")));
  // Half open: a window from now until now is empty.
  EXPECT_THAT(start("2026-11-23T12:00:00Z"), Names("startDate", HasSubstr("not before now")));
  EXPECT_THAT(start("2026-11-23T11:59:59.999999Z"), Names("none", StartsWith("accepted")));
}

TEST(BadWindowOf, MoreThanTheLongestRangeIsRefused) {
  // 400 days up to 23 November 2026 begin on 20 October 2025.
  EXPECT_THAT(refusal({{}, "2025-10-19", "2026-11-23"}),
              Names("startDate",
                    "from startDate '2025-10-19' to endDate '2026-11-23' is longer than 400 days: give a "
                    "later startDate"));
  EXPECT_THAT(start("2025-10-18"), Names("startDate", HasSubstr("to now is longer than 400 days")));
  EXPECT_THAT(start("0001-01-01"), Names("startDate", HasSubstr("longer than 400 days")));
  EXPECT_THAT(start("0001-01-01T00:00:00-15:00"), Names("startDate", HasSubstr("longer than 400 days")));
  EXPECT_THAT(refusal({{}, "0001-01-01", "0001-01-02"}),
              Names("startDate", "startDate '0001-01-01' is before 1970: give a later one"));
  EXPECT_THAT(refusal({{}, "1969-12-31T23:59:59.999999Z", "1970-01-02"}), Names("startDate", HasSubstr("before 1970")));
  EXPECT_EQ(refusal({{}, "1970-01-01", "1970-01-02"}).message, "accepted from 1970-01-01T00:00:00Z");
}

TEST(BadWindowOf, MoreThanTheLongestRangeIsMeasuredToTheMicrosecond) {
  EXPECT_THAT(refusal({{}, "2025-10-01T00:00Z", "2026-11-05T00:00:00Z"}), Names("none", StartsWith("accepted")));
  EXPECT_THAT(refusal({{}, "2025-10-01T00:00Z", "2026-11-05T00:00:00.000001Z"}),
              Names("startDate", HasSubstr("longer than 400 days")));
}

TEST(BadWindowOf, TooLongARangeIsNotMadeShorterByItsFutureEnd) {
  // The future part does not count: 19 days until now.
  EXPECT_THAT(refusal({{}, "2026-11-05", "2030-01-01"}), Names("none", StartsWith("accepted")));
}

}  // namespace
}  // namespace crm::calendar::test
