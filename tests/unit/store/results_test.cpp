#include "store/results.h"

#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::store {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

const Key scheduled{"kpi", "everyone", "default"};

Key asked(std::string window) {
  return {"kpi", "agent:a1", std::move(window)};
}

ResultPtr taken(std::chrono::seconds at, std::size_t document_size = 0) {
  return std::make_shared<const Result>(Result{.collector = "kpi",
                                               .as_of = Instant{at},
                                               .taken = SteadyTime{at},
                                               .document = std::make_shared<const std::string>(document_size, 'x')});
}

TEST(Results, WhatWasPutIsFoundUnderItsWholeKeyOnly) {
  Results results({});
  const auto result = taken(1s);
  EXPECT_TRUE(results.put(asked("today"), result));
  EXPECT_EQ(results.get(asked("today")), result);
  EXPECT_EQ(results.get(asked("week")), nullptr);
  EXPECT_EQ(results.get({"kpi", "agent:a2", "today"}), nullptr);
  EXPECT_EQ(results.get({"customer-load", "agent:a1", "today"}), nullptr);
}

TEST(Results, TheLeastRecentlyUsedGoesWhenThereAreTooMany) {
  Results results({.entries = 2});
  results.put(asked("today"), taken(1s));
  results.put(asked("week"), taken(1s));
  EXPECT_NE(results.get(asked("today")), nullptr);  // used again: week is the older one now
  results.put(asked("month"), taken(1s));
  EXPECT_NE(results.get(asked("today")), nullptr);
  EXPECT_EQ(results.get(asked("week")), nullptr);
  EXPECT_NE(results.get(asked("month")), nullptr);
  EXPECT_EQ(results.entries(), 2U);
}

TEST(Results, TheLeastRecentlyUsedGoWhenTheyAreTooLarge) {
  Results results({.entries = 100, .bytes = 10'000});  // three of 3,000 and their overhead do not fit
  results.put(asked("1"), taken(1s, 3'000));
  results.put(asked("2"), taken(1s, 3'000));
  results.put(asked("3"), taken(1s, 3'000));
  EXPECT_EQ(results.get(asked("1")), nullptr);
  EXPECT_EQ(results.entries(), 2U);
  EXPECT_LE(results.bytes(), 10'000U);
}

TEST(Results, OneThatIsLargerThanAllTheSpaceEvictsNobody) {
  Results results({.entries = 100, .bytes = 10'000});
  results.put(asked("small"), taken(1s, 100));
  EXPECT_FALSE(results.put(asked("huge"), taken(1s, 20'000)));
  EXPECT_NE(results.get(asked("small")), nullptr);
  EXPECT_EQ(results.get(asked("huge")), nullptr);
}

TEST(Results, WithoutSpaceNothingOfPeopleIsStored) {
  Results results({.entries = 0});
  EXPECT_FALSE(results.put(asked("today"), taken(1s)));
  EXPECT_TRUE(results.keep(scheduled, taken(1s)));
  EXPECT_NE(results.get(scheduled), nullptr);
}

TEST(Results, TheSchedulersAreNeverEvicted) {
  Results results({.entries = 1, .bytes = 5'000});
  const auto kept = taken(1s, 100'000);
  results.keep(scheduled, kept);
  for (int i = 0; i < 100; ++i) results.put(asked(std::to_string(i)), taken(1s, 1'000));
  EXPECT_EQ(results.get(scheduled), kept);
  EXPECT_EQ(results.entries(), 1U);
}

TEST(Results, APersonsLaterAnswerToTheSameQuestionIsFoundAndTheSchedulersStaysKept) {
  Results results({});
  const auto by_schedule = taken(1s);
  const auto by_person = taken(2s);
  results.keep(scheduled, by_schedule);
  results.put(scheduled, by_person);
  EXPECT_EQ(results.get(scheduled), by_person);
  EXPECT_THAT(results.kept(), ElementsAre(by_schedule));
  EXPECT_EQ(results.kept(scheduled), by_schedule) << "a person's has no samples";
  EXPECT_EQ(results.kept(asked("today")), nullptr);

  const auto next = taken(3s);
  results.keep(scheduled, next);
  EXPECT_EQ(results.get(scheduled), next);
}

TEST(Results, ARunThatEndsLateDoesNotDisplaceOneThatWasTakenAfterIt) {
  Results results({});
  const auto newer = taken(2s);
  results.keep(scheduled, newer);
  EXPECT_FALSE(results.keep(scheduled, taken(1s)));
  EXPECT_EQ(results.get(scheduled), newer);

  results.put(asked("today"), newer);
  EXPECT_FALSE(results.put(asked("today"), taken(1s)));
  EXPECT_EQ(results.get(asked("today")), newer);
}

TEST(Results, ReplacingOneDoesNotCountItsBytesTwice) {
  Results results({});
  results.put(asked("today"), taken(1s, 1'000));
  const auto bytes = results.bytes();
  results.put(asked("today"), taken(2s, 1'000));
  EXPECT_EQ(results.bytes(), bytes);
  EXPECT_EQ(results.entries(), 1U);
}

TEST(Results, AForgottenCollectorIsGoneAndTheOthersStay) {
  Results results({});
  const Key other{"customer-load", "everyone", "default"};
  results.keep(scheduled, taken(1s));
  results.keep(other, taken(1s));
  results.put(asked("today"), taken(1s));
  results.put(asked("week"), taken(1s));
  EXPECT_EQ(results.forget("kpi"), 3U);  // 1 kept, 2 put
  EXPECT_EQ(results.get(scheduled), nullptr);
  EXPECT_EQ(results.get(asked("today")), nullptr);
  EXPECT_NE(results.get(other), nullptr);
  EXPECT_EQ(results.bytes(), 0U);
  EXPECT_EQ(results.forget("kpi"), 0U);
}

TEST(Results, AResultOutlivesItsPlace) {
  Results results({.entries = 1});
  results.put(asked("today"), taken(1s, 7));
  const auto held = results.get(asked("today"));
  results.put(asked("week"), taken(1s));
  EXPECT_EQ(results.get(asked("today")), nullptr);
  EXPECT_EQ(*held->document, "xxxxxxx");
}

TEST(Results, NoResultIsADefectOfTheCaller) {
  Results results({});
  EXPECT_THROW(results.keep(scheduled, nullptr), std::invalid_argument);
  EXPECT_THROW(results.put(scheduled, nullptr), std::invalid_argument);
}

TEST(Results, ManyThreadsStayWithinTheBounds) {
  Results results({.entries = 8, .bytes = 20'000});
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&results, t] {
        for (int i = 0; i < 500; ++i) {
          const Key key = asked(std::to_string((i * 7 + t) % 20));
          results.put(key, taken(std::chrono::seconds{i}, 2'000));
          results.get(key);
          if (i % 100 == 99) results.forget("kpi");
        }
      });
    }
  }
  EXPECT_LE(results.entries(), 8U);
  EXPECT_LE(results.bytes(), 20'000U);
}

TEST(Age, IsTheSteadyTimeSinceItWasTakenAndNeverNegative) {
  const auto result = taken(10s);
  EXPECT_EQ(age(*result, SteadyTime{25s}), 15s);
  EXPECT_EQ(age(*result, SteadyTime{9s}), 0s);
}

}  // namespace
}  // namespace crm::store
