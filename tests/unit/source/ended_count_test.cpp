// Jobs that ended, from one sample to the next.
#include "source/queue/ended_count.h"

#include <gtest/gtest.h>

namespace crm::source {
namespace {

Instant at(const char* time) {
  return parse_instant(std::string("2026-03-10T") + time + "Z").value();
}

// Samples as a queue would give them: every one is asked with the newest score of the one before.
class EndedCountTest : public ::testing::Test {
 protected:
  void sample(const char* time, Ended ended) { count_.add(at(time), ended, count_.newest()); }
  EndedCount count_;
};

TEST_F(EndedCountTest, BeginsAtZeroAndGrowsWithTheSet) {
  sample("12:00:00", {.kept = 1'000, .newest = "1"});
  EXPECT_EQ(count_.total(), 0);
  sample("12:00:15", {.kept = 1'007, .since_newest = 7, .newest = "2"});
  EXPECT_EQ(count_.total(), 7);
}

TEST_F(EndedCountTest, DoesNotMissWhatALateClockHasDated) {
  sample("12:00:00", {.kept = 10, .newest = "100"});
  sample("12:00:15", {.kept = 13, .since_newest = 1, .newest = "101"});  // two ended on a clock that is behind
  EXPECT_EQ(count_.total(), 3);
}

TEST_F(EndedCountTest, CountsByWhatIsNewerWhereTheSetIsTrimmed) {
  sample("12:00:00", {.kept = 100, .newest = "1"});
  sample("12:00:15", {.kept = 100, .since_newest = 40, .newest = "2"});
  sample("12:00:30", {.kept = 60, .since_newest = 5, .newest = "3"});
  EXPECT_EQ(count_.total(), 45);
}

TEST_F(EndedCountTest, CountsByTheWorkersWhereNothingIsKept) {
  sample("12:00:00", {});
  sample("12:00:15", {.counted = 5});  // the workers began to count
  sample("12:00:30", {.counted = 12});
  sample("12:00:45", {.counted = 2});  // the queue was made anew
  sample("12:01:00", {.counted = 3});
  EXPECT_EQ(count_.total(), 5 + 7 + 0 + 1);
}

TEST_F(EndedCountTest, NeverCountsBackwards) {
  sample("12:00:00", {.kept = 100, .newest = "9"});
  sample("12:00:15", {.kept = 0, .newest = ""});
  EXPECT_EQ(count_.total(), 0);
  sample("12:00:30", {.kept = 4, .since_newest = 4, .newest = "3"});
  EXPECT_EQ(count_.total(), 4);
}

TEST_F(EndedCountTest, IgnoresASampleThatWasOvertaken) {
  sample("12:00:00", {.kept = 10, .newest = "1"});
  const auto asked = count_.newest();
  sample("12:00:15", {.kept = 20, .since_newest = 10, .newest = "2"});
  count_.add(at("12:00:10"), {.kept = 15, .since_newest = 5, .newest = "1"}, asked);
  sample("12:00:30", {.kept = 20, .newest = "2"});
  EXPECT_EQ(count_.total(), 10);
}

TEST_F(EndedCountTest, DoesNotAddTwiceWhatTwoSamplesWereAskedFor) {
  sample("12:00:00", {.kept = 100, .newest = "1"});
  const auto asked = count_.newest();
  count_.add(at("12:00:15"), {.kept = 100, .since_newest = 5, .newest = "2"}, asked);
  count_.add(at("12:00:15"), {.kept = 100, .since_newest = 5, .newest = "2"}, asked);
  EXPECT_EQ(count_.total(), 5);
}

TEST_F(EndedCountTest, AnotherRedisIsNoGrowth) {
  sample("12:00:00", {.kept = 1, .newest = "1"});
  sample("12:00:15", {.kept = 3, .newest = "2"});
  count_.begin_again();
  sample("12:00:30", {.kept = 1'000, .since_newest = 1'000, .newest = "7", .counted = 99});
  EXPECT_EQ(count_.total(), 2);
  sample("12:00:45", {.kept = 1'001, .newest = "8", .counted = 100});
  EXPECT_EQ(count_.total(), 3);
}

TEST_F(EndedCountTest, TheLastMinuteIsWhatTheSetSays) {
  sample("12:00:55", {.kept = 50, .last_minute = 7, .newest = "1"});
  EXPECT_EQ(count_.last_minute(), 7);
  sample("12:01:10", {.kept = 59, .last_minute = 9, .newest = "2"});
  EXPECT_EQ(count_.last_minute(), 9);
}

TEST_F(EndedCountTest, TheLastMinuteIsTakenBetweenSamplesWhereTheSetIsTrimmed) {
  sample("11:59:50", {.counted = 0});
  sample("12:00:10", {.counted = 20});  // 10 of them before 12:00
  sample("12:00:50", {.counted = 100});
  sample("12:01:10", {.counted = 120});  // 10 of them after 12:01
  EXPECT_EQ(count_.total(), 120);
  EXPECT_EQ(count_.last_minute(), 10 + 80 + 10);
}

TEST_F(EndedCountTest, TheLastMinuteIsWhatIsLeftOfItBeforeASampleOlderThanIt) {
  sample("12:01:10", {.kept = 3, .last_minute = 2, .newest = "1", .counted = 50});
  sample("12:01:20", {.kept = 3, .last_minute = 2, .newest = "2", .counted = 90});
  EXPECT_EQ(count_.last_minute(), 2) << "12:00 was not watched";
}

TEST_F(EndedCountTest, AClockThatIsSetBackBeginsTheMinutesAgain) {
  sample("13:00:00", {.kept = 1, .newest = "1"});
  sample("12:00:00", {.kept = 2, .last_minute = 1, .newest = "2"});
  EXPECT_EQ(count_.total(), 1);
  EXPECT_EQ(count_.last_minute(), 1);
}

}  // namespace
}  // namespace crm::source
