#include "rollup/live_counters.h"

#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fact_events.h>
#include <crm/sdk/testing/fake_calendar.h>

namespace crm::rollup {
namespace {

using testing::at;

// A fact over events that the test adds and takes away.
class LiveCountersTest : public ::testing::Test {
 protected:
  void event(const std::string& time, const std::string& agent, std::int64_t ms = 1'000) {
    fact_.events.push_back({at(time), agent, {}, {1, ms}});
  }
  FactTable count(const std::string& now, const std::vector<Axis>& by = {}) {
    return counters_.count("turns", by, at(now), [&](const FactQuery& query) {
      asked_ = query;
      return testing::sum_events(fact_, query, {});
    });
  }
  std::int64_t answered(const std::string& now) { return count(now).sum("answered"); }

  testing::EventFact fact_{.columns = {"answered", "ms"}, .events = {}, .histograms = {{"wait", "ms", {1'000, 5'000}}}};
  LiveCounters counters_;
  FactQuery asked_;
};

TEST_F(LiveCountersTest, BeginAtZeroAndCountWhatComes) {
  event("2026-11-23T11:59:00Z", "ann");
  EXPECT_EQ(answered("2026-11-23T12:00:00Z"), 0) << "it happened before counting began";
  event("2026-11-23T12:00:05Z", "ann", 2'000);
  event("2026-11-23T12:00:06Z", "ben", 9'000);
  const FactTable counted = count("2026-11-23T12:00:15Z");
  EXPECT_EQ(counted.sum("answered"), 2);
  EXPECT_EQ(counted.sum("ms"), 11'000);
  EXPECT_EQ(counted.histogram("wait"), (std::vector<std::int64_t>{0, 1, 1}));
  EXPECT_EQ(answered("2026-11-23T12:00:30Z"), 2) << "nothing is counted twice";
}

TEST_F(LiveCountersTest, CountRowsThatComeLate) {
  answered("2026-11-23T12:00:00Z");
  event("2026-11-23T10:30:00Z", "ann");  // 90 minutes late: within what every run counts
  EXPECT_EQ(answered("2026-11-23T12:00:15Z"), 1);
  event("2026-11-22T13:00:00Z", "ann");  // 23 hours late
  EXPECT_EQ(answered("2026-11-23T12:00:30Z"), 1);
  EXPECT_EQ(answered("2026-11-23T12:15:00Z"), 2) << "seen when the last day is counted again";
}

TEST_F(LiveCountersTest, NeverFall) {
  answered("2026-11-23T12:00:00Z");
  event("2026-11-23T12:00:05Z", "ann");
  event("2026-11-23T12:00:06Z", "ann");
  EXPECT_EQ(answered("2026-11-23T12:00:15Z"), 2);
  fact_.events.pop_back();  // a conversation was reopened
  EXPECT_EQ(answered("2026-11-23T12:00:30Z"), 2);
  event("2026-11-23T12:00:40Z", "ann");
  EXPECT_EQ(answered("2026-11-23T12:00:45Z"), 3) << "and resolved again";
}

TEST_F(LiveCountersTest, KeepGroupsThatHaveBeenMet) {
  event("2026-11-23T11:00:00Z", "ann");
  const FactTable begun = count("2026-11-23T12:00:00Z", {Axis::agent});
  ASSERT_EQ(begun.rows().size(), 1u);
  EXPECT_EQ(begun.rows()[0].agent, "ann");
  EXPECT_EQ(begun.value(begun.rows()[0], "answered"), 0) << "so that Prometheus sees its first step";
  event("2026-11-23T12:00:05Z", "ben");
  fact_.events.erase(fact_.events.begin());
  const FactTable counted = count("2026-11-23T12:00:15Z", {Axis::agent});
  ASSERT_EQ(counted.rows().size(), 2u);
  EXPECT_EQ(counted.value(counted.rows()[0], "answered"), 0);
  EXPECT_EQ(counted.value(counted.rows()[1], "answered"), 1);
}

TEST_F(LiveCountersTest, AskForTwoHoursInEveryRunAndForADayNowAndThen) {
  answered("2026-11-23T12:00:00Z");
  EXPECT_EQ(asked_.window.from, at("2026-11-22T10:00:00Z"));
  answered("2026-11-23T12:00:15Z");
  EXPECT_EQ(asked_.window.from, at("2026-11-23T10:00:00Z"));
  EXPECT_EQ(asked_.buckets.size(), 9u) << "8 quarters before 12:00 and the one that has begun";
  answered("2026-11-23T12:15:00Z");
  EXPECT_EQ(asked_.window.from, at("2026-11-22T10:15:00Z"));
}

TEST_F(LiveCountersTest, AddNothingWhenTheMeaningOfTheFactChanges) {
  answered("2026-11-23T12:00:00Z");
  event("2026-11-23T12:00:05Z", "ann");
  EXPECT_EQ(answered("2026-11-23T12:00:15Z"), 1);
  counters_.begin_again();
  event("2026-11-23T12:00:06Z", "ann");  // counts only since the setting changed
  EXPECT_EQ(answered("2026-11-23T12:00:30Z"), 1);
  event("2026-11-23T12:00:35Z", "ann");
  EXPECT_EQ(answered("2026-11-23T12:00:45Z"), 2);
}

TEST_F(LiveCountersTest, StayAsTheyAreWhenCountingFails) {
  answered("2026-11-23T12:00:00Z");
  event("2026-11-23T12:00:05Z", "ann");
  EXPECT_THROW(counters_.count("turns", {}, at("2026-11-23T12:00:15Z"),
                               [](const FactQuery&) -> FactTable { throw SourceUnavailable("away"); }),
               SourceUnavailable);
  EXPECT_EQ(answered("2026-11-23T12:00:30Z"), 1);
}

TEST_F(LiveCountersTest, OfAnAbsentViewAreAbsent) {
  EXPECT_TRUE(counters_
                  .count("turns", {}, at("2026-11-23T12:00:00Z"),
                         [](const FactQuery&) { return FactTable::of_absent_view("messages"); })
                  .absent());
}

}  // namespace
}  // namespace crm::rollup
