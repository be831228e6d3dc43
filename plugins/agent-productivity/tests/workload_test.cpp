// How work is spread: against the mean of those who are there.

#include "workload.h"

#include <gtest/gtest.h>

namespace agent_productivity {
namespace {

TEST(Workload, IsHeldAgainstTheMean) {
  // Mean 10: more than 13 is too much, less than 7 too little.
  EXPECT_EQ(spread({10, 14, 6, 13, 7}, 30), (Workload{.balanced = 3, .overloaded = 1, .underutilized = 1}));
}

TEST(Workload, HasTheBandThatIsConfigured) {
  EXPECT_EQ(spread({10, 12, 8}, 10), (Workload{.balanced = 1, .overloaded = 1, .underutilized = 1}));
  EXPECT_EQ(spread({10, 12, 8}, 20), (Workload{.balanced = 3}));
  EXPECT_EQ(spread({1, 0, 2}, 0), (Workload{.balanced = 1, .overloaded = 1, .underutilized = 1}));
}

TEST(Workload, OfNobodyAndOfNothing) {
  EXPECT_EQ(spread({}, 30), Workload{});
  EXPECT_EQ(spread({0, 0}, 30), (Workload{.balanced = 2})) << "nobody has more than another";
  EXPECT_EQ(spread({5}, 30), (Workload{.balanced = 1})) << "one is the mean";
  EXPECT_EQ(spread({3, 0, 0}, 30), (Workload{.overloaded = 1, .underutilized = 2}));
}

}  // namespace
}  // namespace agent_productivity
