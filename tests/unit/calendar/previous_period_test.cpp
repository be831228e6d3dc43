// "The same time of day, some business days earlier."

#include <gtest/gtest.h>

#include "instants.h"

namespace crm::calendar::test {
namespace {

TEST(ShiftDays, KeepsTheWallClockOverAChangeOfTheOffset) {
  const auto berlin = Zone::load("Europe/Berlin");
  // 29 March 12:00 +02:00 = 10:00Z; 28 March 12:00 +01:00 = 11:00Z.
  EXPECT_EQ(berlin->shift_days(at("2026-03-29T10:00Z"), -1), at("2026-03-28T11:00Z"));
  EXPECT_EQ(berlin->shift_days(at("2026-03-28T11:00:00.000001Z"), 1), at("2026-03-29T10:00:00.000001Z"));
}

TEST(ShiftDays, IntoAGapGivesItsEnd) {
  const auto berlin = Zone::load("Europe/Berlin");
  // 30 March 02:30 +02:00 = 00:30Z; on the 29th the clock went from 02:00 to 03:00 at 01:00Z.
  EXPECT_EQ(berlin->shift_days(at("2026-03-30T00:30Z"), -1), at("2026-03-29T01:00Z"));
  EXPECT_EQ(berlin->iso(at("2026-03-29T01:00Z")), "2026-03-29T03:00:00+02:00");
}

TEST(ShiftDays, IntoAnOverlapGivesTheFirstOfTheTwo) {
  const auto berlin = Zone::load("Europe/Berlin");
  // 26 October 02:30 +01:00 = 01:30Z; on the 25th it was 02:30 at 00:30Z (+02:00) and at 01:30Z (+01:00).
  EXPECT_EQ(berlin->shift_days(at("2026-10-26T01:30Z"), -1), at("2026-10-25T00:30Z"));
}

TEST(ShiftDays, OutOfEitherHalfOfAnOverlapGivesTheSameInstant) {
  const auto berlin = Zone::load("Europe/Berlin");
  // Both are 02:30 of the 25th; 24 October 02:30 +02:00 = 00:30Z.
  EXPECT_EQ(berlin->shift_days(at("2026-10-25T00:30Z"), -1), at("2026-10-24T00:30Z"));
  EXPECT_EQ(berlin->shift_days(at("2026-10-25T01:30Z"), -1), at("2026-10-24T00:30Z"));
}

TEST(ShiftDays, ByNothingChangesNothing) {
  EXPECT_EQ(Zone::load("Europe/Berlin")->shift_days(at("2026-10-25T01:30Z"), 0), at("2026-10-25T01:30Z"));
}

TEST(ShiftDays, DoesNotCountTheDayThatSamoaNeverHad) {
  const auto apia = Zone::load("Pacific/Apia");
  // 31 December 10:00 +14:00 = 30th 20:00Z; the business day before is the 29th: 10:00 -10:00 = 20:00Z.
  EXPECT_EQ(apia->shift_days(at("2011-12-30T20:00Z"), -1), at("2011-12-29T20:00Z"));
  EXPECT_EQ(apia->shift_days(at("2011-12-29T20:00Z"), 1), at("2011-12-30T20:00Z"));
}

TEST(LastDays, OneIsTodayAgainstYesterdayUntilThisTimeOfDay) {
  const auto utc = Zone::load("UTC");
  EXPECT_EQ(utc->last_days(at("2026-11-23T22:40Z"), 1), (Period{between("2026-11-23T00:00Z", "2026-11-23T22:40Z"),
                                                                between("2026-11-22T00:00Z", "2026-11-22T22:40Z")}));
}

TEST(LastDays, SevenIsTheWeekWithToday) {
  const auto berlin = Zone::load("Europe/Berlin");
  // Tuesday 31 March 12:00 +02:00 = 10:00Z. From Wednesday 25 March 00:00 +01:00 = 24th 23:00Z. Seven days before: from
  // 18 March 00:00 +01:00 = 17th 23:00Z until 24 March 12:00 +01:00 = 11:00Z.
  EXPECT_EQ(berlin->last_days(at("2026-03-31T10:00Z"), 7), (Period{between("2026-03-24T23:00Z", "2026-03-31T10:00Z"),
                                                                   between("2026-03-17T23:00Z", "2026-03-24T11:00Z")}));
}

TEST(LastDays, OnAShortDayAreComparedWithMoreHours) {
  const auto berlin = Zone::load("Europe/Berlin");
  // 29 March 12:00 +02:00: 11 hours since midnight, 12 on the day before.
  const Period period = berlin->last_days(at("2026-03-29T10:00Z"), 1);
  EXPECT_EQ(period.previous, between("2026-03-27T23:00Z", "2026-03-28T11:00Z"));
  EXPECT_EQ(in_hours(period.window.length()), 11);
  EXPECT_EQ(in_hours(period.previous.length()), 12);
}

TEST(LastDays, BeginAfterTheGapOnADayWithoutMidnight) {
  const auto sao_paulo = Zone::load("America/Sao_Paulo");
  // 4 November 2018 12:00 -02:00 = 14:00Z began at 03:00Z; 3 November from 00:00 -03:00 = 03:00Z to 12:00 -03:00 =
  // 15:00Z.
  EXPECT_EQ(
      sao_paulo->last_days(at("2018-11-04T14:00Z"), 1),
      (Period{between("2018-11-04T03:00Z", "2018-11-04T14:00Z"), between("2018-11-03T03:00Z", "2018-11-03T15:00Z")}));
  // The day after, at 00:30 -02:00 = 02:30Z: yesterday had no 00:30, so yesterday until then is nothing.
  EXPECT_EQ(
      sao_paulo->last_days(at("2018-11-05T02:30Z"), 1),
      (Period{between("2018-11-05T02:00Z", "2018-11-05T02:30Z"), between("2018-11-04T03:00Z", "2018-11-04T03:00Z")}));
}

TEST(LastDays, AtMidnightAreAnEmptyToday) {
  EXPECT_EQ(
      Zone::load("UTC")->last_days(at("2026-11-23T00:00Z"), 1),
      (Period{between("2026-11-23T00:00Z", "2026-11-23T00:00Z"), between("2026-11-22T00:00Z", "2026-11-22T00:00Z")}));
}

TEST(LastDays, DoNotCountTheDayThatSamoaNeverHad) {
  const auto apia = Zone::load("Pacific/Apia");
  // 1 January 2012 10:00 +14:00 = 31st 20:00Z. Three days: 29 December (-10:00, from 10:00Z), 31 December, 1 January.
  // Three before: from 26 December 00:00 -10:00 = 10:00Z to 28 December 10:00 -10:00 = 20:00Z.
  EXPECT_EQ(apia->last_days(at("2011-12-31T20:00Z"), 3), (Period{between("2011-12-29T10:00Z", "2011-12-31T20:00Z"),
                                                                 between("2011-12-26T10:00Z", "2011-12-28T20:00Z")}));
}

TEST(LastDays, NeverTurnThePreviousWindowRound) {
  const auto st_johns = Zone::load("America/St_Johns");
  // The 29th has begun (02:30Z), but the clock repeats 23:15 of the 28th; the day before, 23:15 is before midnight.
  EXPECT_EQ(
      st_johns->last_days(at("2006-10-29T02:45Z"), 1),
      (Period{between("2006-10-29T02:30Z", "2006-10-29T02:45Z"), between("2006-10-28T02:30Z", "2006-10-28T02:30Z")}));
}

TEST(LastDays, AreAtLeastOne) {
  EXPECT_THROW(Zone::load("UTC")->last_days(at("2026-11-23T22:40Z"), 0), std::invalid_argument);
  EXPECT_THROW(Zone::load("UTC")->last_days(at("2026-11-23T22:40Z"), -7), std::invalid_argument);
}

TEST(LastHours, HaveTheCurrentOneAndTheSameLengthBefore) {
  const auto utc = Zone::load("UTC");
  // 24 hours with the one that began at 22:00: from 23:00 of the day before, 23 h 40 min.
  const Period period = utc->last_hours(at("2026-11-23T22:40Z"), 24);
  EXPECT_EQ(period.window, between("2026-11-22T23:00Z", "2026-11-23T22:40Z"));
  EXPECT_EQ(period.previous, between("2026-11-21T23:20Z", "2026-11-22T23:00Z"));
  EXPECT_EQ(utc->hours(period.window).size(), 24U);
}

TEST(LastHours, AreCountedByTheLocalClock) {
  // 22:40Z = 04:10 +05:30: the current hour began at 04:00 = 22:30Z, the one before at 21:30Z.
  EXPECT_EQ(Zone::load("Asia/Kolkata")->last_hours(at("2026-11-23T22:40Z"), 2).window,
            between("2026-11-23T21:30Z", "2026-11-23T22:40Z"));
  // 4 April 2026 16:00Z = 02:30 +10:30 on Lord Howe: since 02:00 = 15:30Z, 01:30 = 15:00Z, 01:00 +11:00 = 14:00Z.
  EXPECT_EQ(Zone::load("Australia/Lord_Howe")->last_hours(at("2026-04-04T16:00Z"), 3).window,
            between("2026-04-04T14:00Z", "2026-04-04T16:00Z"));
}

TEST(LastHours, AreAtLeastOne) {
  EXPECT_THROW(Zone::load("UTC")->last_hours(at("2026-11-23T22:40Z"), 0), std::invalid_argument);
}

}  // namespace
}  // namespace crm::calendar::test
