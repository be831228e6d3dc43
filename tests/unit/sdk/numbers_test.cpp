#include <cmath>
#include <cstdint>
#include <random>

#include <gtest/gtest.h>

#include <crm/sdk/numbers.h>

namespace crm {
namespace {

constexpr std::int64_t huge = std::int64_t{1} << 62;

TEST(Percentage, HasOneDecimalAndRoundsHalfAwayFromZero) {
  EXPECT_EQ(percentage({1, 3}, 0), 33.3);
  EXPECT_EQ(percentage({2, 3}, 0), 66.7);
  EXPECT_EQ(percentage({1, 2'000}, 0), 0.1);      // 0.05
  EXPECT_EQ(percentage({1, 2'001}, 0), 0.0);      // 0.04998
  EXPECT_EQ(percentage({1'999, 2'000}, 0), 100);  // 99.95
  EXPECT_EQ(percentage({1'998, 2'000}, 0), 99.9);
  EXPECT_EQ(percentage({0, 7}, 50), 0.0);
  EXPECT_EQ(percentage({7, 7}, 50), 100.0);
}

TEST(Percentage, OfNothingIsWhatTheFieldSays) {
  EXPECT_EQ(percentage({0, 0}, 100), 100.0);
  EXPECT_EQ(percentage({0, 0}, 0), 0.0);
}

TEST(Percentage, OfHugeNumbersDoesNotOverflow) {
  EXPECT_EQ(percentage({huge, huge}, 0), 100.0);
  EXPECT_EQ(percentage({huge / 2, huge}, 0), 50.0);
  EXPECT_EQ(percentage({huge - 1, huge}, 0), 100.0);
  EXPECT_EQ(percentage({1, huge}, 0), 0.0);
}

TEST(Percentage, LiesWithinItsBoundsAndNeverFallsAsThePartGrows) {
  std::mt19937_64 random(20261123);
  for (int round = 0; round < 20'000; ++round) {
    const auto whole = static_cast<std::int64_t>(random() >> (2 + random() % 60)) + 1;
    const auto part = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(whole + 1));
    const double percent = percentage({part, whole}, 0);
    ASSERT_GE(percent, 0.0) << part << "/" << whole;
    ASSERT_LE(percent, 100.0) << part << "/" << whole;
    ASSERT_NEAR(percent, 100.0 * static_cast<double>(part) / static_cast<double>(whole), 0.0500001);
    if (part < whole) {
      ASSERT_LE(percent, percentage({part + 1, whole}, 0)) << part << "/" << whole;
    }
  }
}

TEST(WholeSeconds, AreRoundedHalfUp) {
  EXPECT_EQ(whole_seconds({1'499, 1}), 1);
  EXPECT_EQ(whole_seconds({1'500, 1}), 2);
  EXPECT_EQ(whole_seconds({4'499, 3}), 1);  // 1.49967 s
  EXPECT_EQ(whole_seconds({4'500, 3}), 2);  // 1.5 s
  EXPECT_EQ(whole_seconds({0, 5}), 0);
  EXPECT_EQ(whole_seconds({0, 0}), 0);
  EXPECT_EQ(whole_seconds({huge, 1}), 4'611'686'018'427'388);  // 2^62 = 4611686018427387904 ms
  EXPECT_EQ(whole_seconds({huge, huge}), 0);
}

TEST(MeanAndRatio, AreNothingOverNothing) {
  EXPECT_FALSE((Mean{0, 0}.exists()));
  EXPECT_EQ((Mean{0, 0}.seconds()), 0.0);
  EXPECT_EQ((Mean{3'000, 2}.seconds()), 1.5);
  EXPECT_FALSE((Ratio{0, 0}.exists()));
  EXPECT_EQ((Ratio{0, 0}.value()), 0.0);
  EXPECT_EQ((Ratio{1, 4}.value()), 0.25);
}

void expect(Change change, double percent, Trend trend) {
  EXPECT_EQ(change.percent, percent);
  EXPECT_EQ(to_string(change.trend), to_string(trend));
  if (percent == 0) {
    EXPECT_FALSE(std::signbit(change.percent)) << "-0.0 would be written as \"-0.0\"";
  }
}

TEST(ChangeOfACount, IsASignedPercentageWithOneDecimal) {
  expect(change(150, 100, 5), 50, Trend::up);
  expect(change(50, 100, 5), -50, Trend::down);
  expect(change(0, 3, 5), -100, Trend::down);
  expect(change(4, 3, 5), 33.3, Trend::up);
  expect(change(5, 3, 5), 66.7, Trend::up);
  expect(change(2'001, 2'000, 5), 0.1, Trend::stable);   // 0.05: half away from zero
  expect(change(1'999, 2'000, 5), -0.1, Trend::stable);  // −0.05
  expect(change(3'000, 3'001, 5), 0, Trend::stable);     // −0.033, and no −0
}

TEST(ChangeOfACount, FromNothingIsHundredOrZero) {
  expect(change(7, 0, 5), 100, Trend::up);
  expect(change(0, 0, 5), 0, Trend::stable);
}

TEST(ChangeOfACount, IsStableUpToAndIncludingTheDeadBand) {
  expect(change(105, 100, 5), 5, Trend::stable);
  expect(change(95, 100, 5), -5, Trend::stable);
  expect(change(1'051, 1'000, 5), 5.1, Trend::up);
  expect(change(949, 1'000, 5), -5.1, Trend::down);
  expect(change(1'001, 1'000, 0.1), 0.1, Trend::stable);
  expect(change(1'003, 1'000, 0.3), 0.3, Trend::stable);
  expect(change(101, 100, 0), 1, Trend::up);
  expect(change(100, 100, 0), 0, Trend::stable);
  expect(change(9, 0, 100), 100, Trend::stable);
}

TEST(ChangeOfACount, TakesItsTrendFromTheExactChange) {
  expect(change(10'504, 10'000, 5), 5, Trend::up);      // 5.04
  expect(change(9'496, 10'000, 5), -5, Trend::down);    // −5.04
  expect(change(10'496, 10'000, 5), 5, Trend::stable);  // 4.96
}

TEST(ChangeOfACount, OfHugeNumbersDoesNotOverflow) {
  expect(change(huge, huge, 5), 0, Trend::stable);
  expect(change(huge, huge / 2, 5), 100, Trend::up);
  expect(change(0, huge, 5), -100, Trend::down);
  EXPECT_NEAR(change(huge, 1, 5).percent, 4.611686018427388e20, 1e6);
}

TEST(ChangeOfANegative, StillRoundsHalfAwayFromZero) {
  expect(change(-50, -100, 5), -50, Trend::down);  // 100·(−50 + 100)/−100
  expect(change(-150, -100, 5), 50, Trend::up);
}

TEST(ChangeOfAMean, ComparesSumsOverCounts) {
  expect(change(Mean{90'000, 3}, Mean{80'000, 4}, 5), 50, Trend::up);       // 30 s against 20 s
  expect(change(Mean{20'000, 1}, Mean{90'000, 3}, 5), -33.3, Trend::down);  // 20 s against 30 s
  expect(change(Mean{21'000, 1}, Mean{100'000, 5}, 5), 5, Trend::stable);
}

TEST(ChangeOfAMean, IsZeroAndStableWhereASideHasNoEvents) {
  expect(change(Mean{}, Mean{1'000, 1}, 5), 0, Trend::stable);
  expect(change(Mean{1'000, 1}, Mean{}, 5), 0, Trend::stable);
  expect(change(Mean{}, Mean{}, 5), 0, Trend::stable);
}

TEST(ChangeOfAMean, FromZeroSecondsIsHundredOrZero) {
  expect(change(Mean{1'000, 1}, Mean{0, 4}, 5), 100, Trend::up);
  expect(change(Mean{0, 1}, Mean{0, 4}, 5), 0, Trend::stable);
}

TEST(ChangeOfAMean, OfExactlyTheDeadBandIsStableWhateverTheSize) {
  // now = 21·k over 20·c, before = k over c: exactly 5 % more, with products beyond the 53 bits of a double.
  std::mt19937_64 random(7);
  for (int round = 0; round < 20'000; ++round) {
    const auto k = static_cast<std::int64_t>(random() % 100'000'000'000) + 1;
    const auto c = static_cast<std::int64_t>(random() % 10'000'000) + 1;
    const Change rise = change(Mean{21 * k, 20 * c}, Mean{k, c}, 5);
    const Change fall = change(Mean{19 * k, 20 * c}, Mean{k, c}, 5);
    ASSERT_EQ(to_string(rise.trend), "stable") << k << "/" << c;
    ASSERT_EQ(to_string(fall.trend), "stable") << k << "/" << c;
    ASSERT_EQ(rise.percent, 5.0);
    ASSERT_EQ(fall.percent, -5.0);
  }
}

TEST(ChangeOfAMean, OfHugeSumsAndCountsDoesNotOverflow) {
  expect(change(Mean{huge, huge}, Mean{huge, huge}, 5), 0, Trend::stable);
  expect(change(Mean{huge, huge / 2}, Mean{huge, huge}, 5), 100, Trend::up);
  expect(change(Mean{huge / 4 * 3, huge}, Mean{huge, huge}, 5), -25, Trend::down);
}

TEST(ChangeOfARatio, ComparesRatesOfDifferentWholes) {
  expect(change(Ratio{9, 10}, Ratio{3, 4}, 5), 20, Trend::up);       // 90 % against 75 %
  expect(change(Ratio{3, 4}, Ratio{9, 10}, 5), -16.7, Trend::down);  // 75 % against 90 %
  expect(change(Ratio{0, 0}, Ratio{9, 10}, 5), 0, Trend::stable);
  expect(change(Ratio{9, 10}, Ratio{0, 0}, 5), 0, Trend::stable);
  expect(change(Ratio{1, 10}, Ratio{0, 10}, 5), 100, Trend::up);
  expect(change(Ratio{0, 10}, Ratio{0, 10}, 5), 0, Trend::stable);
}

TEST(SlaStatus, IsGoodUpToTheTargetAndAWarningUpToHalfAsMuchMore) {
  EXPECT_EQ(to_string(sla_status({300'000, 1}, 300)), "good");
  EXPECT_EQ(to_string(sla_status({300'001, 1}, 300)), "warning");
  EXPECT_EQ(to_string(sla_status({450'000, 1}, 300)), "warning");
  EXPECT_EQ(to_string(sla_status({450'001, 1}, 300)), "critical");
  EXPECT_EQ(to_string(sla_status({900'000, 3}, 300)), "good");     // the mean counts
  EXPECT_EQ(to_string(sla_status({900'001, 3}, 300)), "warning");  // 300.0003 s
  EXPECT_EQ(to_string(sla_status({1, 1}, 0)), "critical");
}

TEST(SlaStatus, IsGoodOverNothing) {
  EXPECT_EQ(to_string(sla_status({0, 0}, 300)), "good");
  EXPECT_EQ(to_string(sla_status({5, 0}, 300)), "good");
}

TEST(SlaStatus, OfHugeNumbersDoesNotOverflow) {
  EXPECT_EQ(to_string(sla_status({huge, huge}, 300)), "good");
  EXPECT_EQ(to_string(sla_status({huge, 1}, 300)), "critical");
  EXPECT_EQ(to_string(sla_status({huge, huge}, std::int64_t{1} << 31)), "good");
}

}  // namespace
}  // namespace crm
