#include "metrics/staleness.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "metrics/block.h"

namespace crm::metrics {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

const store::SteadyTime noon{12h};

store::ResultPtr taken_at(store::SteadyTime taken, store::BlockPtr block = make_block("a 1\n")) {
  return std::make_shared<const store::Result>(
      store::Result{.collector = "kpi", .as_of = {}, .taken = taken, .block = std::move(block)});
}

TEST(Fresh, AResultOfStaleAfterIsStillServedAndAnOlderOneIsNot) {
  const auto just = taken_at(noon - 45s);
  const auto old = taken_at(noon - 45s - 1ns);
  const std::vector<Sampled> sampled{{just, 45s}, {old, 45s}, {old, 60s}};
  EXPECT_THAT(fresh(sampled, noon), ElementsAre(just, old));
}

TEST(Fresh, CollectorsWithoutASuccessOrWithoutABlockAreLeftOut) {
  const auto good = taken_at(noon);
  const std::vector<Sampled> sampled{{nullptr, 45s}, {taken_at(noon, nullptr), 45s}, {good, 45s}};
  EXPECT_THAT(fresh(sampled, noon), ElementsAre(good));
}

TEST(Fresh, AResultTakenAfterTheScrapeBeganIsServed) {
  const auto newer = taken_at(noon + 1s);
  EXPECT_THAT(fresh(std::vector<Sampled>{{newer, 45s}}, noon), ElementsAre(newer));
}

}  // namespace
}  // namespace crm::metrics
