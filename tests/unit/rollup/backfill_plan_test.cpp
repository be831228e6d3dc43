#include "rollup/backfill_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::rollup {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

class Plan : public ::testing::Test {
 protected:
  static Instant day(int number) { return Instant(std::chrono::days(number)); }
  std::vector<Wanted> wanted(const FactDefinition& fact, int first, int last) const {
    std::vector<Wanted> days;
    for (int i = last; i >= first; --i) days.push_back({&fact, {Grain::day, day(i), day(i + 1)}});
    return days;
  }
  static std::vector<int> days_of(const std::optional<Turn>& turn) {
    std::vector<int> days;
    for (const StoredPeriod& period : turn.value().days)
      days.push_back(static_cast<int>(std::chrono::floor<std::chrono::days>(period.start).time_since_epoch().count()));
    return days;
  }

  FactDefinition one_;
  FactDefinition other_;
};

TEST_F(Plan, GivesOutTheNewestDaysAndMoreAtATimeAsTimeAllows) {
  BackfillPlan plan(wanted(one_, 1, 20));
  const auto first = plan.next();
  EXPECT_THAT(days_of(first), ElementsAre(20));
  plan.done(*first, milliseconds(10), milliseconds(1'000));
  const auto second = plan.next();
  EXPECT_THAT(days_of(second), ElementsAre(17, 18, 19)) << "a hundred would fit, but days differ";
  plan.done(*second, milliseconds(3'000), milliseconds(1'000));
  const auto third = plan.next();
  EXPECT_THAT(days_of(third), ElementsAre(16));
  plan.put_back(*third);
  EXPECT_THAT(days_of(plan.next()), ElementsAre(16));
}

TEST_F(Plan, TheFactThatIsFurthestBehindIsNext) {
  auto all = wanted(one_, 1, 3);
  const auto more = wanted(other_, 1, 2);
  all.insert(all.end(), more.begin(), more.end());
  BackfillPlan plan(all);
  EXPECT_EQ(plan.next()->fact, &one_) << "day 3";
  EXPECT_NE(plan.next()->fact, plan.next()->fact) << "day 2 of each";
  EXPECT_NE(plan.next()->fact, plan.next()->fact);
  EXPECT_EQ(plan.next(), std::nullopt);
}

TEST_F(Plan, KnowsFromWhichDayOnAllIsCounted) {
  auto all = wanted(one_, 1, 2);
  const auto more = wanted(other_, 1, 2);
  all.insert(all.end(), more.begin(), more.end());
  BackfillPlan plan(all);
  std::vector<Turn> turns;
  while (auto turn = plan.next()) turns.push_back(*turn);
  ASSERT_EQ(turns.size(), 4u);
  plan.done(turns[0], milliseconds(1), milliseconds(1));
  EXPECT_EQ(plan.state().complete_from, std::nullopt) << "one fact of two";
  plan.done(turns[1], milliseconds(1), milliseconds(1));
  EXPECT_EQ(plan.state().complete_from, day(2));
  EXPECT_EQ(plan.state().days_counted, 1u);
  plan.done(turns[2], milliseconds(1), milliseconds(1));
  plan.done(turns[3], milliseconds(1), milliseconds(1));
  EXPECT_EQ(plan.state().complete_from, day(1));
  EXPECT_EQ(plan.state().counted, 4u);
}

}  // namespace
}  // namespace crm::rollup
