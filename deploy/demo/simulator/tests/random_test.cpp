#include "random.h"

#include <gtest/gtest.h>

#include "local_day.h"

namespace crm::simulator {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

Instant at(const char* text) {
  return parse_instant(text).value();
}

TEST(Random, GivesTheNumbersThatTheStandardPromisesForMt19937_64) {
  Random random(5489);  // the engine's default seed: the standard says what its 10000th number is
  for (int i = 1; i < 10'000; ++i) random.bits();
  EXPECT_EQ(random.bits(), 9981545732273789042U);
}

TEST(Spread, DrawsEachStepEquallyOften) {
  Random random(1);
  const Spread<3> spread{{0, 10, 1000}};
  int below_ten = 0;
  for (int i = 0; i < 10'000; ++i) {
    const Duration drawn = spread.draw(random);
    ASSERT_GE(drawn, seconds{0});
    ASSERT_LE(drawn, seconds{1000});
    below_ten += drawn < seconds{10} ? 1 : 0;
  }
  EXPECT_NEAR(below_ten, 5000, 200);  // half of the draws, 4 standard deviations of 50
}

TEST(LocalDays, CutTodayAtNowAndBeginAtLocalMidnight) {
  const auto days = last_days(*date::locate_zone("Europe/Berlin"), at("2026-11-23T22:40:00Z"), 2);
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].start, at("2026-11-21T23:00:00Z"));
  EXPECT_TRUE(days[0].weekend);  // a Sunday
  EXPECT_EQ(days[1].start, at("2026-11-22T23:00:00Z"));
  EXPECT_EQ(days[1].end, at("2026-11-23T22:40:00Z"));
  EXPECT_EQ(days[1].hours.back().hour, 23);  // 22:40 UTC is 23:40 in Berlin
  EXPECT_EQ(days[1].hours.back().end - days[1].hours.back().start, std::chrono::minutes{40});
}

TEST(LocalDays, SkipTheHourThatSpringTakesAndDoubleTheOneThatAutumnGives) {
  const auto& berlin = *date::locate_zone("Europe/Berlin");
  const auto spring = last_days(berlin, at("2026-03-30T00:00:00Z"), 2).front();
  EXPECT_EQ(spring.hours.size(), 23U);
  EXPECT_EQ(spring.end - spring.start, hours{23});
  const auto autumn = last_days(berlin, at("2026-10-26T00:00:00Z"), 2).front();
  ASSERT_EQ(autumn.hours.size(), 24U);
  EXPECT_EQ(autumn.hours[2].end - autumn.hours[2].start, hours{2});
  EXPECT_EQ(autumn.end - autumn.start, hours{25});
}

TEST(LocalDays, AreBusierInTheMorningThanAtNight) {
  Random random(1);
  const auto day = last_days(*date::locate_zone("Asia/Kolkata"), at("2026-11-24T18:00:00Z"), 2).front();
  int at_ten = 0;
  int at_two = 0;
  for (int i = 0; i < 10'000; ++i) {
    const auto hour = (draw_instant(random, day) - day.start) / hours{1};
    at_ten += hour == 10 ? 1 : 0;
    at_two += hour == 2 ? 1 : 0;
  }
  EXPECT_GT(at_ten, 20 * at_two);  // weights 100 and 2
}

}  // namespace
}  // namespace crm::simulator
