#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "instants.h"

namespace crm::calendar::test {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Hours, OfAWindowAreThoseThatIntersectIt) {
  const auto utc = Zone::load("UTC");
  EXPECT_EQ(utc->hours(between("2026-11-23T08:30Z", "2026-11-23T10:00:00.000001Z")),
            (std::vector{at("2026-11-23T08:00Z"), at("2026-11-23T09:00Z"), at("2026-11-23T10:00Z")}));
  EXPECT_EQ(utc->hours(between("2026-11-23T08:00Z", "2026-11-23T10:00Z")),
            (std::vector{at("2026-11-23T08:00Z"), at("2026-11-23T09:00Z")}));
  EXPECT_THAT(utc->hours(between("2026-11-23T08:00Z", "2026-11-23T08:00Z")), IsEmpty());
  EXPECT_THAT(utc->hours(between("2026-11-23T08:00Z", "2026-11-22T08:00Z")), IsEmpty());
}

TEST(Hours, OfBerlinsShortDayAreTwentyThree) {
  const auto berlin = Zone::load("Europe/Berlin");
  EXPECT_THAT(berlin->hours(between("2026-03-28T23:00Z", "2026-03-29T22:00Z")), SizeIs(23));
  EXPECT_THAT(iso(*berlin, berlin->hours(between("2026-03-29T00:00Z", "2026-03-29T02:00Z"))),
              ElementsAre("2026-03-29T01:00:00+01:00", "2026-03-29T03:00:00+02:00"));
}

TEST(Hours, OfBerlinsLongDayAreTwentyFive) {
  const auto berlin = Zone::load("Europe/Berlin");
  EXPECT_THAT(berlin->hours(between("2026-10-24T22:00Z", "2026-10-25T23:00Z")), SizeIs(25));
  EXPECT_THAT(iso(*berlin, berlin->hours(between("2026-10-25T00:00Z", "2026-10-25T03:00Z"))),
              ElementsAre("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T03:00:00+01:00"));
}

TEST(Hours, BeginAtHalfAndQuarterHoursOfUtcWhereTheZoneIsSo) {
  const auto kolkata = Zone::load("Asia/Kolkata");
  EXPECT_EQ(kolkata->hours(between("2026-11-23T18:00Z", "2026-11-23T19:00Z")),
            (std::vector{at("2026-11-23T17:30Z"), at("2026-11-23T18:30Z")}));
  const auto kathmandu = Zone::load("Asia/Kathmandu");
  EXPECT_EQ(kathmandu->hours(between("2026-11-23T18:15Z", "2026-11-23T19:16Z")),
            (std::vector{at("2026-11-23T18:15Z"), at("2026-11-23T19:15Z")}));
  EXPECT_EQ(kathmandu->iso(at("2026-11-23T18:15Z")), "2026-11-24T00:00:00+05:45");
}

TEST(Hours, OfLordHowesLongerDayAreTwentyFiveOneOfThemHalf) {
  const auto lord_howe = Zone::load("Australia/Lord_Howe");
  // 24.5 hours: 00 and 01 in summer time, the repeated 01:30, 02 … 23: 2 + 1 + 22 = 25.
  EXPECT_THAT(lord_howe->hours(between("2026-04-04T13:00Z", "2026-04-05T13:30Z")), SizeIs(25));
  // At 02:00 +11:00 = 15:00Z back to 01:30 +10:30.
  EXPECT_THAT(iso(*lord_howe, lord_howe->hours(between("2026-04-04T14:00Z", "2026-04-04T16:00Z"))),
              ElementsAre("2026-04-05T01:00:00+11:00", "2026-04-05T01:30:00+10:30", "2026-04-05T02:00:00+10:30"));
}

TEST(Hours, OfLordHowesShorterDayAreTwentyFourOneOfThemHalf) {
  const auto lord_howe = Zone::load("Australia/Lord_Howe");
  // 23.5 hours: 00, 01, what is left of 02, 03 … 23: 2 + 1 + 21 = 24.
  EXPECT_THAT(lord_howe->hours(between("2026-10-03T13:30Z", "2026-10-04T13:00Z")), SizeIs(24));
  // At 02:00 +10:30 = 15:30Z forward to 02:30 +11:00.
  EXPECT_THAT(iso(*lord_howe, lord_howe->hours(between("2026-10-03T14:30Z", "2026-10-03T16:30Z"))),
              ElementsAre("2026-10-04T01:00:00+10:30", "2026-10-04T02:30:00+11:00", "2026-10-04T03:00:00+11:00"));
}

TEST(Hours, GoOnOverTheDayThatSamoaNeverHad) {
  const auto apia = Zone::load("Pacific/Apia");
  EXPECT_THAT(iso(*apia, apia->hours(between("2011-12-30T09:00Z", "2011-12-30T11:00Z"))),
              ElementsAre("2011-12-29T23:00:00-10:00", "2011-12-31T00:00:00+14:00"));
}

TEST(Hours, AreNotCutWhereOnlyTheNameOfTheOffsetChanges) {
  const auto st_johns = Zone::load("America/St_Johns");
  // On 14 August 1945 at 23:00Z = 20:30 -02:30 "war time" became "peace time", and nothing else.
  EXPECT_EQ(st_johns->hours(between("1945-08-14T22:30Z", "1945-08-15T00:00Z")),
            (std::vector{at("1945-08-14T22:30Z"), at("1945-08-14T23:30Z")}));
  EXPECT_EQ(st_johns->hours(between("1945-08-14T23:10Z", "1945-08-14T23:20Z")), std::vector{at("1945-08-14T22:30Z")});
}

TEST(HourOfWeek, CountsFromSundayByTheLocalClock) {
  // 22 November 2026 is a Sunday.
  EXPECT_EQ(Zone::load("UTC")->hour_of_week(at("2026-11-22T23:59:59Z")), (HourOfWeek{0, 23}));
  EXPECT_EQ(Zone::load("Asia/Kolkata")->hour_of_week(at("2026-11-22T23:59:59Z")), (HourOfWeek{1, 5}));
  EXPECT_EQ(Zone::load("America/Havana")->hour_of_week(at("2026-11-22T04:59:59Z")), (HourOfWeek{6, 23}));
}

TEST(HourOfWeek, IsTheSameInBothHoursOfTheRepeatedOne) {
  const auto berlin = Zone::load("Europe/Berlin");
  EXPECT_EQ(berlin->hour_of_week(at("2026-10-25T00:30Z")), (HourOfWeek{0, 2}));
  EXPECT_EQ(berlin->hour_of_week(at("2026-10-25T01:30Z")), (HourOfWeek{0, 2}));
}

TEST(Iso, HasWholeSecondsAndTheOffsetOfThatInstant) {
  EXPECT_EQ(Zone::load("Asia/Kolkata")->iso(at("2026-11-23T16:30:00.999999Z")), "2026-11-23T22:00:00+05:30");
  EXPECT_EQ(Zone::load("UTC")->iso(at("2026-11-23T16:30Z")), "2026-11-23T16:30:00+00:00");
  EXPECT_EQ(Zone::load("America/St_Johns")->iso(at("2026-01-01T00:00Z")), "2025-12-31T20:30:00-03:30");
  EXPECT_EQ(Zone::load("UTC")->iso(at("1969-12-31T23:59:59.5Z")), "1969-12-31T23:59:59+00:00");
}

TEST(Iso, HasTheSecondsOfALocalMeanTime) {
  // Monrovia was 44 minutes 30 seconds behind until 1972.
  EXPECT_EQ(Zone::load("Africa/Monrovia")->iso(at("1971-01-01T00:00Z")), "1970-12-31T23:15:30-00:44:30");
}

TEST(WholeHourOffsets, AreLookedForInTheWholeWindow) {
  const auto lord_howe = Zone::load("Australia/Lord_Howe");
  // +11:00 until 4 April 2026 15:00Z, then +10:30.
  EXPECT_TRUE(lord_howe->whole_hour_offsets(between("2026-01-01T00:00Z", "2026-04-04T15:00Z")));
  EXPECT_FALSE(lord_howe->whole_hour_offsets(between("2026-01-01T00:00Z", "2026-04-04T15:00:00.000001Z")));
  EXPECT_FALSE(lord_howe->whole_hour_offsets(between("2026-04-04T15:00Z", "2026-04-04T15:00Z")));
  EXPECT_TRUE(Zone::load("Europe/Berlin")->whole_hour_offsets(between("2000-01-01T00:00Z", "2026-04-04T15:00Z")));
  EXPECT_FALSE(Zone::load("Asia/Kathmandu")->whole_hour_offsets(between("2026-01-01T00:00Z", "2026-01-01T01:00Z")));
  EXPECT_TRUE(Zone::load("UTC")->whole_hour_offsets(between("0001-01-01T00:00Z", "9999-01-01T00:00Z")));
}

}  // namespace
}  // namespace crm::calendar::test
