#include "config/scalars.h"

#include <stdexcept>

#include <gmock/gmock.h>

namespace crm::config {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

template <class Parse>
std::string refusal(Parse parse) {
  try {
    parse();
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(Duration, ReadsEachUnit) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("15s"), 15s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("7d"), 168h);  // 7 × 24
  EXPECT_EQ(parse_duration("0s"), 0s);
}

TEST(Duration, AddsTheParts) {
  EXPECT_EQ(parse_duration("1h30m"), 90min);
  EXPECT_EQ(parse_duration("1d2h3m4s5ms"), 24h + 2h + 3min + 4s + 5ms);
}

TEST(Duration, WithoutAUnitIsRefusedWithTheUnitsToAdd) {
  EXPECT_EQ(refusal([] { parse_duration("15"); }), "has no unit; write 15s, 15m or 15h");
  EXPECT_EQ(refusal([] { parse_duration("0"); }), "has no unit; write 0s, 0m or 0h");
}

TEST(Duration, RefusesWhatIsNone) {
  for (const char* text : {"", "s", "-5s", "1.5h", "5 s", "15S", "5min", "1h30", "1h 30m", "1w", "5µs", "0x10s"}) {
    EXPECT_EQ(refusal([&] { parse_duration(text); }), "is not a duration; write it like 500ms, 15s, 5m, 1h30m or 7d")
        << text;
  }
}

TEST(Duration, DoesNotOverflow) {
  EXPECT_EQ(refusal([] { parse_duration("999999999999d"); }), "is longer than a century");
  EXPECT_EQ(refusal([] { parse_duration("36500d1ms"); }), "is longer than a century");
  EXPECT_EQ(parse_duration("36500d"), 36'500 * 24h);
  EXPECT_EQ(refusal([] { parse_duration("99999999999999999999999s"); }),
            "is not a duration; write it like 500ms, 15s, 5m, 1h30m or 7d");
}

TEST(Duration, IsWrittenWithTheLargestUnits) {
  EXPECT_EQ(duration_text(0ms), "0s");
  EXPECT_EQ(duration_text(90min), "1h30m");
  EXPECT_EQ(duration_text(72h), "3d");
  EXPECT_EQ(duration_text(1'001ms), "1s1ms");
}

TEST(Duration, WrittenAndReadAgainIsTheSame) {
  for (std::int64_t ms = 0; ms < 200'000'000; ms += 999'983) {
    EXPECT_EQ(parse_duration(duration_text(std::chrono::milliseconds(ms))), std::chrono::milliseconds(ms));
  }
}

TEST(Integer, ReadsWholeNumbersOnly) {
  EXPECT_EQ(parse_integer("42"), 42);
  EXPECT_EQ(parse_integer("-7"), -7);
  EXPECT_EQ(parse_integer("0"), 0);
  for (const char* text : {"", "1.0", "1e3", "0x10", "010", "+1", " 1", "1 ", "1_000", "99999999999999999999", "-"}) {
    EXPECT_EQ(refusal([&] { parse_integer(text); }), "is not a whole number") << text;
  }
}

TEST(Real, ReadsFiniteNumbersOnly) {
  EXPECT_EQ(parse_real("5"), 5.0);
  EXPECT_EQ(parse_real("-2.5e1"), -25.0);
  for (const char* text : {"", "nan", "inf", "-inf", "1e999", "5%", "1,5", "0x1p3"}) {
    EXPECT_EQ(refusal([&] { parse_real(text); }), "is not a number") << text;
  }
}

TEST(Boolean, IsTrueOrFalseAndNoOtherWord) {
  EXPECT_TRUE(parse_boolean("true"));
  EXPECT_FALSE(parse_boolean("false"));
  for (const char* text : {"", "yes", "no", "on", "True", "1"}) {
    EXPECT_EQ(refusal([&] { parse_boolean(text); }), "is neither true nor false") << text;
  }
}

TEST(Hours, ARangeEndsBeforeItsLastOClock) {
  EXPECT_THAT(parse_hours(std::vector<std::string>{"9-12", "14"}), ElementsAre(9, 10, 11, 14));
}

TEST(Hours, GoOverMidnightAndCountOnce) {
  EXPECT_THAT(parse_hours(std::vector<std::string>{"22-2", "23", "0-1"}), ElementsAre(0, 1, 22, 23));
  EXPECT_EQ(parse_hours(std::vector<std::string>{"0-24"}).size(), 24U);
  EXPECT_THAT(parse_hours(std::vector<std::string>{"23"}), ElementsAre(23));
  EXPECT_THAT(parse_hours(std::vector<std::string>{"23-24"}), ElementsAre(23));
}

TEST(Hours, RefuseWhatIsNoHour) {
  for (const std::string range : {"24", "9-25", "9-9", "-5", "9-", "nine", "9-12-14", "24-2", ""}) {
    EXPECT_EQ(refusal([&] { parse_hours(std::vector<std::string>{range}); }),
              "'" + range + "' is not a range of hours; write 9-12 (from 9 to 12 o'clock) or 14 (one hour)");
  }
}

}  // namespace
}  // namespace crm::config
