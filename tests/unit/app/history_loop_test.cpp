#include "app/history_loop.h"

#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using crm::app::rest_after;

TEST(RestAfterAStep, IsTwiceAsLongWhereChangesAreStillCountedWithinFourSeconds) {
  EXPECT_EQ(rest_after(300ms), 600ms);
  EXPECT_EQ(rest_after(1'300ms), 2'600ms);
}

TEST(RestAfterAStep, IsWhatThoseFourSecondsLeave) {
  EXPECT_EQ(rest_after(1'500ms), 2'500ms);
  EXPECT_EQ(rest_after(1'900ms), 2'100ms);
}

TEST(RestAfterAStep, IsAsLongAsTheStepWhereItTakesMore) {
  EXPECT_EQ(rest_after(2'000ms), 2'000ms);
  EXPECT_EQ(rest_after(9'000ms), 9'000ms);
}

TEST(RestAfterAStep, IsNeverNone) {
  EXPECT_EQ(rest_after(0ms), 200ms);
}

}  // namespace
