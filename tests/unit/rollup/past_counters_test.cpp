// Counters of instants of the past.
#include "rollup/past_counters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

namespace crm::rollup {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

Instant at(int minute) {
  return Instant(std::chrono::minutes(minute));
}

const std::vector<Instant> instants{at(0), at(5), at(10), at(15)};

FactTable unused(const FactQuery&) {
  throw std::logic_error("this one is not asked");
}

// "agent/key: value" of each group.
std::vector<std::string> said(const FactTable& table) {
  std::vector<std::string> all;
  for (const FactRow& row : table.rows()) {
    std::string text = row.agent.value_or("-") + "/" + row.key.value_or("-") + ": " + std::to_string(row.values.at(0));
    for (const std::int64_t count : row.histograms.empty() ? std::vector<std::int64_t>{} : row.histograms.at(0)) {
      text += " " + std::to_string(count);
    }
    all.push_back(text);
  }
  return all;
}

TEST(PastCounters, GrowByWhatEachStepBrought) {
  int asked = 0;
  PastCounters counters(instants, [&](const FactQuery& query) {
    ++asked;
    EXPECT_EQ(query.window.from, at(0));
    EXPECT_EQ(query.window.to, at(15));
    EXPECT_THAT(query.buckets, ElementsAre(at(0), at(5), at(10)));
    return FactTable({"n"}, {"h"},
                     {{.bucket = at(10), .key = "a", .values = {4}, .histograms = {{4, 0}}},
                      {.bucket = at(0), .key = "a", .values = {1}, .histograms = {{0, 1}}},
                      {.bucket = at(0), .key = "b", .values = {2}, .histograms = {{2, 0}}}});
  });
  const auto count = [&](int minute) { return said(counters.count("f", {Axis::key}, at(minute), unused)); };
  EXPECT_THAT(count(0), IsEmpty());
  EXPECT_THAT(count(5), ElementsAre("-/a: 1 0 1", "-/b: 2 2 0"));
  EXPECT_THAT(count(10), ElementsAre("-/a: 1 0 1", "-/b: 2 2 0"));
  EXPECT_THAT(count(15), ElementsAre("-/a: 5 4 1", "-/b: 2 2 0"));
  EXPECT_THROW(count(10), UsageError);
  EXPECT_EQ(asked, 1);
}

TEST(PastCounters, ByAgentAreWithoutTheUnassignedAndAbsentViewsStayAbsent) {
  PastCounters counters(instants, [&](const FactQuery& query) {
    if (query.fact == "none") return FactTable::of_absent_view("tickets");
    return FactTable({"n"}, {}, {{.bucket = at(0), .values = {7}}, {.bucket = at(0), .agent = "ann", .values = {1}}});
  });
  EXPECT_THAT(said(counters.count("f", {Axis::agent}, at(5), unused)), ElementsAre("ann/-: 1"));
  EXPECT_TRUE(counters.count("none", {}, at(5), unused).absent());
}

}  // namespace
}  // namespace crm::rollup
