// Aligned ticks, on days of 23, 24 and 25 hours.

#include "schedule/cadence.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

#include "calendar/zone.h"

namespace crm::schedule {
namespace {

using calendar::Zone;
using crm::testing::at;
using ::testing::ElementsAre;
using namespace std::chrono_literals;

// The ticks after `from` up to and including `to`, as the business clock shows them.
std::vector<std::string> ticks(const std::string& zone_name, const std::string& from, const std::string& to,
                               std::chrono::milliseconds every) {
  const auto zone = Zone::load(zone_name);
  std::vector<std::string> shown;
  for (Instant tick = next_aligned(at(from), every, *zone); tick <= at(to); tick = next_aligned(tick, every, *zone))
    shown.push_back(zone->iso(tick));
  return shown;
}

std::string next(const std::string& now, std::chrono::milliseconds every) {
  return to_iso(next_aligned(at(now), every, crm::testing::utc_calendar()));
}

TEST(AlignedTick, IsTheNextWholeMultipleSinceMidnight) {
  EXPECT_EQ(next("2026-11-23T10:17:42Z", 1h), "2026-11-23T11:00:00Z");
  EXPECT_EQ(next("2026-11-23T10:17:42Z", 15min), "2026-11-23T10:30:00Z");
  EXPECT_EQ(next("2026-11-23T10:17:42Z", 15s), "2026-11-23T10:17:45Z");
  EXPECT_EQ(next("2026-11-23T10:17:42Z", 24h), "2026-11-24T00:00:00Z");
}

TEST(AlignedTick, AtNowIsOverAndTheNextOneCounts) {
  EXPECT_EQ(next("2026-11-23T10:00:00Z", 1h), "2026-11-23T11:00:00Z");
  EXPECT_EQ(next("2026-11-23T00:00:00Z", 24h), "2026-11-24T00:00:00Z");
  EXPECT_EQ(next("2026-11-23T09:59:59.999999Z", 1h), "2026-11-23T10:00:00Z");
  EXPECT_EQ(next("2026-11-23T10:00:00.000001Z", 1h), "2026-11-23T11:00:00Z");
}

TEST(AlignedTick, ComesAtEveryMidnightWhateverTheMultiple) {
  // 24 = 3 × 7 + 3: after 21:00 the next multiple would be 28:00.
  EXPECT_EQ(next("2026-11-23T21:00:00Z", 7h), "2026-11-24T00:00:00Z");
  EXPECT_EQ(next("2026-11-24T00:00:00Z", 7h), "2026-11-24T07:00:00Z");
  EXPECT_EQ(next("2026-11-23T12:00:00Z", 48h), "2026-11-24T00:00:00Z");
}

TEST(AlignedTick, FollowsTheBusinessClockRatherThanUtc) {
  // 17:50 UTC is 23:20 in Kolkata (+5:30); its next hour is 24:00 there, 18:30 UTC.
  const auto kolkata = Zone::load("Asia/Kolkata");
  EXPECT_EQ(to_iso(next_aligned(at("2026-11-23T17:50:00Z"), 1h, *kolkata)), "2026-11-23T18:30:00Z");
}

TEST(AlignedTick, EverySevenHoursOfADayOf23HoursIsWhatTheClockShows) {
  // 29 March 2026 in Berlin: 02:00 +01:00 becomes 03:00 +02:00.
  EXPECT_THAT(ticks("Europe/Berlin", "2026-03-28T22:59:59Z", "2026-03-29T22:00:00Z", 7h),
              ElementsAre("2026-03-29T00:00:00+01:00", "2026-03-29T07:00:00+02:00", "2026-03-29T14:00:00+02:00",
                          "2026-03-29T21:00:00+02:00", "2026-03-30T00:00:00+02:00"));
}

TEST(AlignedTick, EverySevenHoursOfADayOf25HoursIsWhatTheClockShows) {
  // 25 October 2026 in Berlin: 03:00 +02:00 becomes 02:00 +01:00.
  EXPECT_THAT(ticks("Europe/Berlin", "2026-10-24T21:59:59Z", "2026-10-25T23:00:00Z", 7h),
              ElementsAre("2026-10-25T00:00:00+02:00", "2026-10-25T07:00:00+01:00", "2026-10-25T14:00:00+01:00",
                          "2026-10-25T21:00:00+01:00", "2026-10-26T00:00:00+01:00"));
}

TEST(AlignedTick, EveryDayIsOncePerDayHoweverLongItIs) {
  EXPECT_THAT(ticks("Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", 24h),
              ElementsAre("2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"));
  EXPECT_THAT(ticks("Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 24h),
              ElementsAre("2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"));
}

TEST(AlignedTick, EveryHourIs23Or24Or25TimesADay) {
  EXPECT_EQ(ticks("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", 1h).size(), 23U);
  EXPECT_EQ(ticks("Europe/Berlin", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z", 1h).size(), 24U);
  EXPECT_EQ(ticks("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z", 1h).size(), 25U);
}

TEST(AlignedTick, AtATimeThatTheClockSkipsIsWhenItGoesOn) {
  // Every 2 h: 02:00 does not exist, the clock shows 03:00 at that moment.
  EXPECT_THAT(ticks("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T03:00:00Z", 2h),
              ElementsAre("2026-03-29T03:00:00+02:00", "2026-03-29T04:00:00+02:00"));
}

TEST(AlignedTick, AtATimeThatTheClockShowsTwiceComesTwice) {
  EXPECT_THAT(ticks("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T03:00:00Z", 2h),
              ElementsAre("2026-10-25T02:00:00+02:00", "2026-10-25T02:00:00+01:00", "2026-10-25T04:00:00+01:00"));
}

TEST(AlignedTick, InHalfAnHourThatIsSkippedOrRepeatedIsWhatTheClockShows) {
  // Lord Howe, 4 October 2026: 02:00 +10:30 becomes 02:30 +11:00; 5 April 2026: 02:00 +11:00 becomes 01:30 +10:30.
  EXPECT_THAT(ticks("Australia/Lord_Howe", "2026-10-03T14:30:00Z", "2026-10-03T16:00:00Z", 1h),
              ElementsAre("2026-10-04T02:30:00+11:00", "2026-10-04T03:00:00+11:00"));
  EXPECT_THAT(ticks("Australia/Lord_Howe", "2026-04-04T14:00:00Z", "2026-04-04T16:30:00Z", 1h),
              ElementsAre("2026-04-05T02:00:00+10:30", "2026-04-05T03:00:00+10:30"));
}

TEST(AlignedTick, WhereMidnightIsSkippedTheDayStillBeginsWithOne) {
  // Beirut, 29 March 2026: 00:00 +02:00 becomes 01:00 +03:00.
  EXPECT_THAT(ticks("Asia/Beirut", "2026-03-28T20:00:00Z", "2026-03-29T00:00:00Z", 3h),
              ElementsAre("2026-03-29T01:00:00+03:00", "2026-03-29T03:00:00+03:00"));
}

TEST(AlignedTick, IsAheadOfEveryMomentOfAYearAndTheSameForAllMomentsBeforeIt) {
  // No later than `every` and the hour by which a clock may be put back.
  for (const char* name : {"UTC", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Havana",
                           "America/Asuncion", "Pacific/Apia", "Africa/Casablanca", "Asia/Beirut"}) {
    const auto zone = Zone::load(name);
    for (const std::chrono::milliseconds every : {std::chrono::milliseconds(15min), std::chrono::milliseconds(1h),
                                                  std::chrono::milliseconds(7h), std::chrono::milliseconds(24h)}) {
      // 451 minutes: 451 = 11 × 41 and 60 have no common divisor, so that every minute of an hour is met.
      for (Instant now = at("2026-01-01T00:00:00Z"); now < at("2027-01-01T00:00:00Z"); now += 7h + 31min) {
        const Instant tick = next_aligned(now, every, *zone);
        ASSERT_GT(tick, now) << name << " " << to_iso(now);
        ASSERT_LE(tick, now + every + 1h) << name << " " << to_iso(now);
        ASSERT_EQ(next_aligned(tick - Duration(1), every, *zone), tick) << name << " " << to_iso(now);
      }
    }
  }
}

}  // namespace
}  // namespace crm::schedule
