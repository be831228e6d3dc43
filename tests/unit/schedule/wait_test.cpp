// How long a job waits, with clocks that the test sets.

#include "schedule/wait.h"

#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

namespace crm::schedule {
namespace {

using crm::testing::at;
using crm::testing::utc_calendar;
using std::chrono::steady_clock;
using namespace std::chrono_literals;

// Both clocks `passed` after a beginning of the steady one, the wall's at `wall`.
Clocks clocks(const std::string& wall, std::chrono::milliseconds passed = 0ms) {
  return {at(wall), steady_clock::time_point(1h) + passed};
}

const Clocks noon = clocks("2026-11-23T12:00:00Z");

Cadence hourly(std::chrono::milliseconds jitter = 0ms) {
  return {.every = 1h, .aligned = true, .jitter = jitter};
}

Wait hourly_wait(const std::string& now, double random = 0, std::chrono::milliseconds jitter = 0ms) {
  return {hourly(jitter), random, clocks(now), noon.steady, utc_calendar()};
}

TEST(FirstWait, IsOverAtOnceButForItsJitter) {
  EXPECT_EQ(Wait::first(hourly(), 0.5, noon, utc_calendar()).remaining(noon), 0s);
  EXPECT_EQ(Wait::first(hourly(10s), 0.5, noon, utc_calendar()).remaining(noon), 5s) << "0.5 × 10 s";
}

TEST(Wait, KeepsItsDistanceFromTheLastStart) {
  // Started at 0 s, ended at 4 s: the next start is at 15 s.
  const Cadence cadence{.every = 15s};
  Wait wait(cadence, 0, clocks("2026-11-23T12:00:04Z", 4s), noon.steady, utc_calendar());
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T12:00:04Z", 4s)), 11s);
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T12:00:14Z", 14s)), 1s);
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T12:00:15Z", 15s)), 0s);
}

TEST(Wait, AfterARunThatTookTooLongIsOverAndMakesNothingUp) {
  // The run took 50 s, three ticks were missed: one run at once, and the next one 15 s after that began.
  const Cadence cadence{.every = 15s};
  const Clocks end = clocks("2026-11-23T12:00:50Z", 50s);
  EXPECT_EQ(Wait(cadence, 0, end, noon.steady, utc_calendar()).remaining(end), 0s);
  EXPECT_EQ(Wait(cadence, 0, end, end.steady, utc_calendar()).remaining(end), 15s);
}

TEST(Wait, DoesNotCareWhereTheWallClockIsSet) {
  const Cadence cadence{.every = 15s};
  Wait wait(cadence, 0, noon, noon.steady, utc_calendar());
  EXPECT_EQ(wait.remaining(clocks("2030-01-01T00:00:00Z", 5s)), 10s);
  EXPECT_EQ(wait.remaining(clocks("1990-01-01T00:00:00Z", 5s)), 10s);
}

TEST(Jitter, IsLessThanItsBound) {
  const Cadence cadence{.every = 15s, .aligned = false, .jitter = 2s};
  const auto with = [&](double random) {
    return Wait(cadence, random, noon, noon.steady, utc_calendar()).remaining(noon);
  };
  EXPECT_EQ(with(0), 15s);
  EXPECT_EQ(with(0.5), 16s) << "15 s + 0.5 × 2 s";
  EXPECT_LT(with(0.999999999), 17s);
  EXPECT_EQ(hourly_wait("2026-11-23T12:00:00Z", 0.25, 10min).remaining(noon), 62min + 30s) << "60 min + 0.25 × 10 min";
}

TEST(AlignedWait, IsUntilTheTickOfTheWallClock) {
  Wait wait = hourly_wait("2026-11-23T11:10:00Z");
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T11:10:00Z")), 50min);
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T11:59:59.999Z")), 1ms);
  EXPECT_EQ(wait.remaining(noon), 0s);
}

TEST(AlignedWait, StaysOverHoweverLateItIsAsked) {
  Wait wait = hourly_wait("2026-11-23T11:10:00Z");
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T12:00:07Z")), -7s);
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T14:30:00Z")), -(2h + 30min));
}

TEST(AlignedWait, KeepsItsTickWhileItsJitterLasts) {
  // The tick was 12:00, its jitter 0.8 × 10 min: due at 12:08, asked every minute on the way.
  Wait wait = hourly_wait("2026-11-23T11:10:00Z", 0.8, 10min);
  for (int minute = 0; minute < 8; ++minute) {
    const Clocks now{noon.wall + std::chrono::minutes(minute), noon.steady};
    EXPECT_EQ(wait.remaining(now), (8min - std::chrono::minutes(minute)));
  }
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T12:08:00Z")), 0s);
}

TEST(AlignedWait, IsOverWhenTheClockIsSetForwardOverItsTick) {
  Wait wait = hourly_wait("2026-11-23T11:10:00Z");
  EXPECT_LT(wait.remaining(clocks("2026-11-24T03:20:00Z", 1min)), 0s);
}

TEST(AlignedWait, FollowsAClockThatIsSetBack) {
  Wait wait = hourly_wait("2026-11-23T11:10:00Z");
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T05:40:00Z", 1min)), 20min) << "until 06:00, not until 12:00";
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T06:00:00Z", 21min)), 0s);
}

TEST(AlignedWait, ThatWokeALittleEarlyStillWaitsForTheSameTick) {
  // The wall clock is slowed down: a minute of the steady one was 59.98 s of it. A run now, and again at 12:00, were
  // one too many.
  Wait wait = hourly_wait("2026-11-23T11:59:00Z");
  EXPECT_EQ(wait.remaining(clocks("2026-11-23T11:59:59.980Z", 60s)), 20ms);
}

}  // namespace
}  // namespace crm::schedule
