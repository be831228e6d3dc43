#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "instants.h"

namespace crm::calendar::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The business day that contains `text`, as a window.
Window day_of(const Calendar& zone, std::string_view text) {
  const Instant from = zone.start_of_day(at(text));
  const auto starts = zone.days({from, from + std::chrono::hours{49}});
  return {from, starts.at(1)};
}

TEST(Days, InUtcBeginAtMidnight) {
  const auto utc = Zone::load("UTC");
  EXPECT_EQ(utc->start_of_day(at("2026-11-23T22:40:18.123456Z")), at("2026-11-23T00:00Z"));
  EXPECT_EQ(utc->start_of_day(at("2026-11-23T00:00Z")), at("2026-11-23T00:00Z"));
  EXPECT_EQ(utc->start_of_day(at("2026-11-22T23:59:59.999999Z")), at("2026-11-22T00:00Z"));
}

TEST(Days, OfAWindowAreThoseThatIntersectIt) {
  const auto utc = Zone::load("UTC");
  // From the afternoon of the 21st to the first microsecond of the 23rd: three days.
  EXPECT_THAT(iso(*utc, utc->days(between("2026-11-21T15:00Z", "2026-11-23T00:00:00.000001Z"))),
              ElementsAre("2026-11-21T00:00:00+00:00", "2026-11-22T00:00:00+00:00", "2026-11-23T00:00:00+00:00"));
  // Half open: the window that ends at midnight has nothing of the day that begins there.
  EXPECT_THAT(iso(*utc, utc->days(between("2026-11-21T15:00Z", "2026-11-23T00:00Z"))),
              ElementsAre("2026-11-21T00:00:00+00:00", "2026-11-22T00:00:00+00:00"));
}

TEST(Days, OfAnEmptyOrReversedWindowAreNone) {
  const auto utc = Zone::load("UTC");
  EXPECT_THAT(utc->days(between("2026-11-21T15:00Z", "2026-11-21T15:00Z")), IsEmpty());
  EXPECT_THAT(utc->days(between("2026-11-21T15:00Z", "2026-11-01T15:00Z")), IsEmpty());
}

TEST(Days, HaveTwentyThreeHoursWhenBerlinGoesForward) {
  const auto berlin = Zone::load("Europe/Berlin");
  // 29 March 00:00 +01:00 = 28th 23:00Z; 30 March 00:00 +02:00 = 29th 22:00Z.
  const Window day = day_of(*berlin, "2026-03-29T12:00Z");
  EXPECT_EQ(day, between("2026-03-28T23:00Z", "2026-03-29T22:00Z"));
  EXPECT_EQ(in_hours(day.length()), 23);
}

TEST(Days, HaveTwentyFiveHoursWhenBerlinGoesBack) {
  const auto berlin = Zone::load("Europe/Berlin");
  // 25 October 00:00 +02:00 = 24th 22:00Z; 26 October 00:00 +01:00 = 25th 23:00Z.
  const Window day = day_of(*berlin, "2026-10-25T12:00Z");
  EXPECT_EQ(day, between("2026-10-24T22:00Z", "2026-10-25T23:00Z"));
  EXPECT_EQ(in_hours(day.length()), 25);
}

TEST(Days, BeginAfterTheGapWhereMidnightDoesNotExist) {
  const auto sao_paulo = Zone::load("America/Sao_Paulo");
  // 4 November 2018: at 00:00 -03:00 = 03:00Z the clock went to 01:00 -02:00. The next midnight is 02:00Z: 23 hours.
  const Window day = day_of(*sao_paulo, "2018-11-04T12:00Z");
  EXPECT_EQ(day, between("2018-11-04T03:00Z", "2018-11-05T02:00Z"));
  EXPECT_EQ(sao_paulo->iso(day.from), "2018-11-04T01:00:00-02:00");
  EXPECT_EQ(sao_paulo->start_of_day(at("2018-11-04T02:59:59Z")), at("2018-11-03T03:00Z"));
}

TEST(Days, EndLateWhereTheClockGoesBackFromMidnight) {
  const auto sao_paulo = Zone::load("America/Sao_Paulo");
  // 18 February 2018: at 00:00 -02:00 = 02:00Z the clock went to 23:00 -03:00 of the 17th, which so lasted from
  // 17th 02:00Z to 18th 03:00Z: 25 hours.
  EXPECT_EQ(day_of(*sao_paulo, "2018-02-17T12:00Z"), between("2018-02-17T02:00Z", "2018-02-18T03:00Z"));
}

TEST(Days, BeginAtTheFirstOfTwoMidnights) {
  const auto havana = Zone::load("America/Havana");
  // 1 November 2026: at 01:00 -04:00 = 05:00Z the clock goes to 00:00 -05:00. The first midnight is 04:00Z, that of the
  // 2nd 05:00Z: 25 hours.
  const Window day = day_of(*havana, "2026-11-01T12:00Z");
  EXPECT_EQ(day, between("2026-11-01T04:00Z", "2026-11-02T05:00Z"));
  EXPECT_EQ(havana->start_of_day(at("2026-11-01T04:30Z")), day.from);
  EXPECT_EQ(havana->start_of_day(at("2026-11-01T05:30Z")), day.from);
}

TEST(Days, BeginOffTheUtcHourInKolkataAndKathmandu) {
  // 24 November 00:00 +05:30 = 23rd 18:30Z, 00:00 +05:45 = 23rd 18:15Z.
  EXPECT_EQ(day_of(*Zone::load("Asia/Kolkata"), "2026-11-24T00:00Z"),
            between("2026-11-23T18:30Z", "2026-11-24T18:30Z"));
  EXPECT_EQ(day_of(*Zone::load("Asia/Kathmandu"), "2026-11-24T00:00Z"),
            between("2026-11-23T18:15Z", "2026-11-24T18:15Z"));
}

TEST(Days, LoseOrGainThirtyMinutesOnLordHowe) {
  const auto lord_howe = Zone::load("Australia/Lord_Howe");
  // 5 April 2026: 00:00 +11:00 = 4th 13:00Z; 6 April 00:00 +10:30 = 5th 13:30Z.
  const Window longer = day_of(*lord_howe, "2026-04-05T00:00Z");
  EXPECT_EQ(longer, between("2026-04-04T13:00Z", "2026-04-05T13:30Z"));
  EXPECT_EQ(in_hours(longer.length()), 24.5);
  // 4 October 2026: 00:00 +10:30 = 3rd 13:30Z; 5 October 00:00 +11:00 = 4th 13:00Z.
  const Window shorter = day_of(*lord_howe, "2026-10-04T00:00Z");
  EXPECT_EQ(shorter, between("2026-10-03T13:30Z", "2026-10-04T13:00Z"));
  EXPECT_EQ(in_hours(shorter.length()), 23.5);
}

TEST(Days, SkipTheOneThatSamoaNeverHad) {
  const auto apia = Zone::load("Pacific/Apia");
  // The 29th ended at 24:00 -10:00 = 30th 10:00Z, where the 31st began at 00:00 +14:00.
  EXPECT_THAT(iso(*apia, apia->days(between("2011-12-28T20:00Z", "2012-01-01T09:00Z"))),
              ElementsAre("2011-12-28T00:00:00-10:00", "2011-12-29T00:00:00-10:00", "2011-12-31T00:00:00+14:00",
                          "2012-01-01T00:00:00+14:00"));
  EXPECT_EQ(day_of(*apia, "2011-12-30T09:59:59Z"), between("2011-12-29T10:00Z", "2011-12-30T10:00Z"));
  EXPECT_EQ(day_of(*apia, "2011-12-30T10:00Z"), between("2011-12-30T10:00Z", "2011-12-31T10:00Z"));
}

TEST(Days, GoOnWhileTheClockRepeatsTheEveningBefore) {
  const auto st_johns = Zone::load("America/St_Johns");
  // 29 October 2006 began at 00:00 -02:30 = 02:30Z. One minute later the clock went back to 23:01 -03:30 of the 28th.
  const Window day = day_of(*st_johns, "2006-10-29T12:00Z");
  EXPECT_EQ(day.from, at("2006-10-29T02:30Z"));
  EXPECT_EQ(st_johns->iso(at("2006-10-29T02:45Z")), "2006-10-28T23:15:00-03:30");
  EXPECT_EQ(st_johns->start_of_day(at("2006-10-29T02:45Z")), day.from);
  EXPECT_EQ(st_johns->days(between("2006-10-29T02:45Z", "2006-10-29T12:00Z")), std::vector{day.from});
}

}  // namespace
}  // namespace crm::calendar::test
