#include "calendar/window_query.h"

#include <gtest/gtest.h>

#include "instants.h"

namespace crm::calendar::test {
namespace {

// A request to a Berlin business; `now` is Monday 23 November 2026, 13:00 +01:00.
struct Berlin : ::testing::Test {
  std::shared_ptr<const Zone> zone = Zone::load("Europe/Berlin");
  WindowRules rules;
  Instant now = at("2026-11-23T12:00Z");

  Period ask(const WindowQuery& query) const { return resolve(query, rules, *zone, now); }
  Period named(const std::string& range) const { return ask({range, {}, {}}); }
  Period dates(const std::string& start) const { return ask({{}, start, {}}); }
  Period dates(const std::string& start, const std::string& end) const { return ask({{}, start, end}); }
};

TEST_F(Berlin, WithoutParametersGetsTheDefaultOfTheSection) {
  EXPECT_EQ(ask({}), zone->last_days(now, 1));
  rules.default_window = {DefaultWindow::Unit::business_days, 30};
  EXPECT_EQ(ask({}), zone->last_days(now, 30));
  rules.default_window = {DefaultWindow::Unit::business_hours, 24};
  EXPECT_EQ(ask({}), zone->last_hours(now, 24));
}

TEST_F(Berlin, TodayIsSinceMidnightAgainstYesterdayUntilNow) {
  EXPECT_EQ(named("today"), (Period{between("2026-11-22T23:00Z", "2026-11-23T12:00Z"),
                                    between("2026-11-21T23:00Z", "2026-11-22T12:00Z")}));
}

TEST_F(Berlin, YesterdayIsTheWholeOfItAgainstTheWholeDayBefore) {
  EXPECT_EQ(named("yesterday"), (Period{between("2026-11-21T23:00Z", "2026-11-22T23:00Z"),
                                        between("2026-11-20T23:00Z", "2026-11-21T23:00Z")}));
}

TEST_F(Berlin, YesterdayHasTwentyFiveHoursAfterTheClockWentBack) {
  now = at("2026-10-26T12:00Z");
  // 25 October: 24th 22:00Z to 25th 23:00Z; the 24th: 23rd 22:00Z to 24th 22:00Z.
  EXPECT_EQ(named("yesterday"), (Period{between("2026-10-24T22:00Z", "2026-10-25T23:00Z"),
                                        between("2026-10-23T22:00Z", "2026-10-24T22:00Z")}));
}

TEST_F(Berlin, WeekAndMonthAreTheLastSevenAndThirtyDaysWithToday) {
  // From 17 November; before: from the 10th until the 16th, 13:00.
  EXPECT_EQ(named("week"), (Period{between("2026-11-16T23:00Z", "2026-11-23T12:00Z"),
                                   between("2026-11-09T23:00Z", "2026-11-16T12:00Z")}));
  // From 25 October (30 − 23 = 7 days of October, the 25th to the 31st), 00:00 +02:00; before: from 25 September until
  // 24 October 13:00 +02:00.
  EXPECT_EQ(named("month"), (Period{between("2026-10-24T22:00Z", "2026-11-23T12:00Z"),
                                    between("2026-09-24T22:00Z", "2026-10-24T11:00Z")}));
}

TEST_F(Berlin, DatesAreWholeBusinessDaysTheEndIncluded) {
  // 1 to 3 November: three days, compared with 29 to 31 October.
  EXPECT_EQ(dates("2026-11-01", "2026-11-03"), (Period{between("2026-10-31T23:00Z", "2026-11-03T23:00Z"),
                                                       between("2026-10-28T23:00Z", "2026-10-31T23:00Z")}));
}

TEST_F(Berlin, DatesOverAChangeOfTheClockAreComparedWithAsManyDays) {
  // 25 October has 25 hours (from 22:00Z to 23:00Z); the 24th has 24.
  EXPECT_EQ(dates("2026-10-25", "2026-10-25"), (Period{between("2026-10-24T22:00Z", "2026-10-25T23:00Z"),
                                                       between("2026-10-23T22:00Z", "2026-10-24T22:00Z")}));
}

TEST_F(Berlin, ADateOfTodayIsTheSameAsToday) {
  EXPECT_EQ(dates("2026-11-23"), named("today"));
  EXPECT_EQ(dates("2026-11-23", "2026-11-23"), named("today"));
}

TEST_F(Berlin, AStartAloneRunsUntilNow) {
  EXPECT_EQ(dates("2026-11-17"), named("week"));
  EXPECT_EQ(dates("2026-11-23T11:00Z").window, between("2026-11-23T11:00Z", "2026-11-23T12:00Z"));
}

TEST_F(Berlin, AnEndInTheFutureIsNow) {
  EXPECT_EQ(dates("2026-11-17", "2026-12-31"), named("week"));
  EXPECT_EQ(dates("2026-11-17", "9999-12-31"), named("week"));
  EXPECT_EQ(dates("2026-11-23T11:00Z", "2026-11-30T00:00Z"), dates("2026-11-23T11:00Z"));
}

TEST_F(Berlin, InstantsAreComparedWithTheSameLengthImmediatelyBefore) {
  // 90 minutes, given with two offsets: 08:00Z to 09:30Z.
  EXPECT_EQ(
      dates("2026-11-23T09:00:00+01:00", "2026-11-23T09:30:00Z"),
      (Period{between("2026-11-23T08:00Z", "2026-11-23T09:30Z"), between("2026-11-23T06:30Z", "2026-11-23T08:00Z")}));
}

TEST_F(Berlin, DatesAndInstantsMayBeMixed) {
  // From 22 November 00:00 +01:00 to 23 November 06:00Z = 31 hours.
  EXPECT_EQ(dates("2026-11-22", "2026-11-23T06:00Z"), (Period{between("2026-11-21T23:00Z", "2026-11-23T06:00Z"),
                                                              between("2026-11-20T16:00Z", "2026-11-21T23:00Z")}));
  // From 21 November 22:00Z to the end of the 22nd, 23:00Z = 25 hours.
  EXPECT_EQ(dates("2026-11-21T22:00Z", "2026-11-22"), (Period{between("2026-11-21T22:00Z", "2026-11-22T23:00Z"),
                                                              between("2026-11-20T21:00Z", "2026-11-21T22:00Z")}));
}

TEST_F(Berlin, DatesOverrideAGoodRange) {
  EXPECT_EQ(ask({"month", "2026-11-17", {}}), named("week"));
}

TEST_F(Berlin, FourHundredDaysAreAllowed) {
  // 400 days up to 23 November 2026: 327 of 2026 (to 23 November: 304 + 23) and 73 of 2025, from 20 October (12 + 30 +
  // 31).
  EXPECT_EQ(zone->days(dates("2025-10-20").window).size(), 400U);
}

TEST(DatesAsWindow, BeginAfterTheGapWhereMidnightDoesNotExist) {
  const auto zone = Zone::load("America/Sao_Paulo");
  // 4 November 2018: from 01:00 -02:00 = 03:00Z to midnight -02:00 = 02:00Z. The day before: 03:00Z to 03:00Z.
  EXPECT_EQ(
      resolve({{}, "2018-11-04", "2018-11-04"}, {}, *zone, at("2018-12-01T00:00Z")),
      (Period{between("2018-11-04T03:00Z", "2018-11-05T02:00Z"), between("2018-11-03T03:00Z", "2018-11-04T03:00Z")}));
  // The day after is compared with it, from its first instant.
  EXPECT_EQ(
      resolve({{}, "2018-11-05", "2018-11-05"}, {}, *zone, at("2018-12-01T00:00Z")),
      (Period{between("2018-11-05T02:00Z", "2018-11-06T02:00Z"), between("2018-11-04T03:00Z", "2018-11-05T02:00Z")}));
}

TEST(DatesAsWindow, AreThoseOfTheZoneAtEitherEndOfTheWorld) {
  const Instant now = at("2026-12-01T00:00Z");
  // 00:00 +14:00 is 10:00Z of the day before, 00:00 -11:00 is 11:00Z.
  EXPECT_EQ(resolve({{}, "2026-11-23", "2026-11-23"}, {}, *Zone::load("Pacific/Kiritimati"), now).window,
            between("2026-11-22T10:00Z", "2026-11-23T10:00Z"));
  EXPECT_EQ(resolve({{}, "2026-11-23", "2026-11-23"}, {}, *Zone::load("Pacific/Pago_Pago"), now).window,
            between("2026-11-23T11:00Z", "2026-11-24T11:00Z"));
}

TEST(DatesAsWindow, MayBeginAndEndWithTheDayThatSamoaNeverHad) {
  const auto apia = Zone::load("Pacific/Apia");
  const Instant now = at("2012-06-01T00:00Z");
  // 29 and (no) 30 December: one day, 29th 10:00Z to 30th 10:00Z; (no) 30 and 31: to 31st 10:00Z.
  EXPECT_EQ(
      resolve({{}, "2011-12-29", "2011-12-30"}, {}, *apia, now),
      (Period{between("2011-12-29T10:00Z", "2011-12-30T10:00Z"), between("2011-12-28T10:00Z", "2011-12-29T10:00Z")}));
  EXPECT_EQ(
      resolve({{}, "2011-12-30", "2011-12-31"}, {}, *apia, now),
      (Period{between("2011-12-30T10:00Z", "2011-12-31T10:00Z"), between("2011-12-29T10:00Z", "2011-12-30T10:00Z")}));
}

}  // namespace
}  // namespace crm::calendar::test
