#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Calendar& calendar = utc_calendar();
const Instant monday_noon = at("2026-11-23T12:34:56.5Z");

TEST(UtcCalendar, DaysBeginAtMidnight) {
  EXPECT_EQ(calendar.start_of_day(monday_noon), at("2026-11-23T00:00:00Z"));
  EXPECT_EQ(calendar.start_of_day(at("1969-12-31T23:59:59Z")), at("1969-12-31T00:00:00Z"));
  EXPECT_EQ(calendar.shift_days(monday_noon, -1), at("2026-11-22T12:34:56.5Z"));
}

TEST(UtcCalendar, TodayIsComparedWithYesterdayUntilThisTimeOfDay) {
  const Period today = calendar.last_days(monday_noon, 1);
  EXPECT_EQ(today.window, (Window{at("2026-11-23T00:00:00Z"), monday_noon}));
  EXPECT_EQ(today.previous, (Window{at("2026-11-22T00:00:00Z"), at("2026-11-22T12:34:56.5Z")}));
}

TEST(UtcCalendar, AWeekIsTodayAndTheSixDaysBefore) {
  const Period week = calendar.last_days(monday_noon, 7);
  EXPECT_EQ(week.window, (Window{at("2026-11-17T00:00:00Z"), monday_noon}));
  EXPECT_EQ(week.previous, (Window{at("2026-11-10T00:00:00Z"), at("2026-11-16T12:34:56.5Z")}));
}

TEST(UtcCalendar, TheLastHoursIncludeTheCurrentOne) {
  const Period hours = calendar.last_hours(monday_noon, 24);
  EXPECT_EQ(hours.window, (Window{at("2026-11-22T13:00:00Z"), monday_noon}));
  // 23 h 34 min 56.5 s long, and as long before: 13:00 − 23:34:56.5
  EXPECT_EQ(hours.previous, (Window{at("2026-11-21T13:25:03.5Z"), at("2026-11-22T13:00:00Z")}));
}

TEST(UtcCalendar, ListsTheDaysAndHoursThatMeetAWindow) {
  EXPECT_THAT(calendar.days({at("2026-11-22T23:59:59Z"), at("2026-11-24T00:00:00Z")}),
              ElementsAre(at("2026-11-22T00:00:00Z"), at("2026-11-23T00:00:00Z")));
  EXPECT_THAT(calendar.hours({at("2026-11-23T10:30:00Z"), at("2026-11-23T12:00:00.000001Z")}),
              ElementsAre(at("2026-11-23T10:00:00Z"), at("2026-11-23T11:00:00Z"), at("2026-11-23T12:00:00Z")));
  EXPECT_THAT(calendar.hours({monday_noon, monday_noon}), IsEmpty());
  EXPECT_THAT(calendar.days({monday_noon, at("2026-11-01T00:00:00Z")}), IsEmpty());
}

TEST(UtcCalendar, TheWeekBeginsWithSundayAsZero) {
  EXPECT_EQ(calendar.hour_of_week(monday_noon), (HourOfWeek{1, 12}));
  EXPECT_EQ(calendar.hour_of_week(at("2026-11-22T00:00:00Z")), (HourOfWeek{0, 0}));
  EXPECT_EQ(calendar.hour_of_week(at("2026-11-28T23:59:59Z")), (HourOfWeek{6, 23}));
}

TEST(UtcCalendar, WritesAnOffsetAndWholeSeconds) {
  EXPECT_EQ(calendar.iso(monday_noon), "2026-11-23T12:34:56+00:00");
}

TEST(At, RefusesWhatIsNoInstant) {
  EXPECT_THROW(at("2026-11-23"), UsageError);
}

}  // namespace
}  // namespace crm::testing
