// What holds of any instant in any zone; random, from a fixed seed.

#include <cstdint>
#include <random>

#include <gtest/gtest.h>

#include "calendar/window_query.h"
#include "instants.h"

namespace crm::calendar::test {
namespace {

using std::chrono::hours;

class AnyInstant : public ::testing::TestWithParam<std::string> {
 protected:
  std::shared_ptr<const Zone> zone = Zone::load(GetParam());
  std::mt19937_64 random{20261123};

  std::int64_t number(std::int64_t from, std::int64_t to) {
    return std::uniform_int_distribution<std::int64_t>(from, to)(random);
  }
  // 1973 (offsets are whole minutes since) to 2037; one in four on a full minute, where edges are.
  Instant instant() {
    const Instant from = at("1973-01-01T00:00Z");
    const Instant t = from + Duration{number(0, (at("2037-12-01T00:00Z") - from).count())};
    return number(0, 3) == 0 ? Instant{std::chrono::floor<std::chrono::minutes>(t)} : t;
  }
  Window window(Duration longest) {
    const Instant from = instant();
    return {from, from + Duration{number(1, longest.count())}};
  }
  Instant within(Instant from, Instant to) { return from + Duration{number(0, (to - from).count() - 1)}; }

  std::string date(Instant t) const { return zone->iso(t).substr(0, 10); }
  std::string clock(Instant t) const { return zone->iso(t).substr(11, 8); }
};

// Starts ascend strictly, the first bucket contains the window's first instant and the last one its last.
void expect_cover(const std::vector<Instant>& starts, Window window) {
  ASSERT_FALSE(starts.empty());
  EXPECT_LE(starts.front(), window.from);
  if (starts.size() > 1) {
    EXPECT_GT(starts[1], window.from);
  }
  EXPECT_LT(starts.back(), window.to);
  for (std::size_t i = 1; i < starts.size(); ++i) EXPECT_LT(starts[i - 1], starts[i]);
}

TEST_P(AnyInstant, FallsInTheHourWithItsLabelAndOffset) {
  for (int i = 0; i < 200; ++i) {
    const Window window = this->window(hours{72});
    const auto starts = zone->hours(window);
    expect_cover(starts, window);
    for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
      EXPECT_LE(starts[k + 1] - starts[k], hours{1});
      for (const Instant t : {starts[k], within(starts[k], starts[k + 1]), starts[k + 1] - Duration{1}}) {
        ASSERT_EQ(zone->iso(t).substr(0, 13), zone->iso(starts[k]).substr(0, 13));
        ASSERT_EQ(zone->iso(t).substr(19), zone->iso(starts[k]).substr(19));
        ASSERT_EQ(zone->hour_of_week(t), zone->hour_of_week(starts[k]));
      }
    }
  }
}

TEST_P(AnyInstant, FallsInTheDayThatBeginsAtItsStart) {
  for (int i = 0; i < 200; ++i) {
    const Window window = this->window(hours{24 * 40});
    const auto starts = zone->days(window);
    expect_cover(starts, window);
    for (std::size_t k = 0; k + 1 < starts.size(); ++k) {
      EXPECT_LT(date(starts[k]), date(starts[k + 1]));
      EXPECT_EQ(zone->hours({starts[k], starts[k + 1]}).front(), starts[k]);
      for (const Instant t : {starts[k], within(starts[k], starts[k + 1]), starts[k + 1] - Duration{1}}) {
        ASSERT_EQ(zone->start_of_day(t), starts[k]) << to_iso(t);
      }
    }
  }
}

TEST_P(AnyInstant, CutsItsBucketsWhereAnotherWindowDoes) {
  for (int i = 0; i < 200; ++i) {
    const Window whole = window(hours{96});
    const Instant cut = within(whole.from, whole.to) + Duration{1};
    for (const bool daily : {false, true}) {
      const auto buckets = [&](Window part) { return daily ? zone->days(part) : zone->hours(part); };
      auto joined = buckets({whole.from, cut});
      for (const Instant start : buckets({cut, whole.to})) {
        if (start > joined.back()) joined.push_back(start);
      }
      ASSERT_EQ(joined, buckets(whole)) << to_iso(whole.from) << " cut at " << to_iso(cut);
    }
  }
}

TEST_P(AnyInstant, ShiftedKeepsItsTimeOfDayOrEndsAGap) {
  for (int i = 0; i < 1'000; ++i) {
    const Instant t = instant();
    const int days = static_cast<int>(number(-60, 60));
    const Instant shifted = zone->shift_days(t, days);
    if (clock(shifted) == clock(t)) {
      EXPECT_EQ(zone->shift_days(zone->shift_days(shifted, 1), -1), zone->shift_days(zone->shift_days(t, days + 1), -1))
          << to_iso(t) << " by " << days;
      continue;
    }
    EXPECT_NE(zone->iso(shifted).substr(19), zone->iso(shifted - Duration{1}).substr(19))
        << to_iso(t) << " by " << days;
    EXPECT_GT(clock(shifted), clock(t)) << to_iso(t) << " by " << days;
  }
}

TEST_P(AnyInstant, HasLastDaysThatAreAsManyAndDoNotOverlap) {
  for (int i = 0; i < 500; ++i) {
    const Instant now = instant();
    const int count = static_cast<int>(number(1, 40));
    const auto [window, previous] = zone->last_days(now, count);
    const auto days = static_cast<std::size_t>(count);
    EXPECT_EQ(window.to, now);
    EXPECT_EQ(window.from, zone->start_of_day(window.from));
    EXPECT_EQ(zone->days({window.from, now + Duration{1}}).size(), days);
    EXPECT_EQ(previous.from, zone->start_of_day(previous.from));
    EXPECT_EQ(zone->days({previous.from, window.from}).size(), days);
    EXPECT_LE(previous.from, previous.to);
    EXPECT_LE(previous.to, window.from);
  }
}

TEST_P(AnyInstant, HasLastHoursThatAreAsMany) {
  for (int i = 0; i < 500; ++i) {
    const Instant now = instant();
    const int count = static_cast<int>(number(1, 60));
    const auto [window, previous] = zone->last_hours(now, count);
    EXPECT_EQ(zone->hours({window.from, now + Duration{1}}).size(), static_cast<std::size_t>(count));
    EXPECT_EQ(zone->hours({window.from, now + Duration{1}}).front(), window.from);
    EXPECT_EQ(previous, (Window{window.from - window.length(), window.from}));
  }
}

TEST_P(AnyInstant, IsReadBackFromItsText) {
  for (int i = 0; i < 500; ++i) {
    const Instant t = instant();
    EXPECT_EQ(parse_instant(zone->iso(t)), Instant{std::chrono::floor<std::chrono::seconds>(t)});
  }
}

TEST_P(AnyInstant, AskedForByDatesGivesThoseDaysAndAsManyBefore) {
  for (int i = 0; i < 300; ++i) {
    const auto starts = zone->days(window(hours{24 * 60}));
    const Instant now = starts.back() + hours{24 * 300};
    const Period period = resolve({{}, date(starts.front()), date(starts.back())}, {}, *zone, now);
    EXPECT_EQ(zone->days(period.window), starts);
    EXPECT_EQ(zone->days(period.previous).size(), starts.size());
    EXPECT_EQ(period.previous.to, period.window.from);
  }
}

TEST_P(AnyInstant, AskedForByTheDateOfTodayIsToday) {
  for (int i = 0; i < 300; ++i) {
    const Instant now = instant();
    if (now == zone->start_of_day(now)) continue;  // today is empty, and so refused when asked for by its date
    const std::string today = date(zone->start_of_day(now));
    const Period expected = zone->last_days(now, 1);
    const Period asked = resolve({{}, today, today}, {}, *zone, now);
    EXPECT_EQ(asked.window, expected.window);
    EXPECT_EQ(asked.previous, expected.previous) << to_iso(now);
  }
}

INSTANTIATE_TEST_SUITE_P(Zones, AnyInstant, ::testing::ValuesIn(hard_zones()), [](const auto& zone) {
  std::string name = zone.param;
  for (char& c : name) {
    if (c == '/') c = '_';
  }
  return name;
});

}  // namespace
}  // namespace crm::calendar::test
