#include <random>

#include <gtest/gtest.h>

#include <crm/sdk/instant.h>

namespace crm {
namespace {

using namespace std::chrono_literals;

constexpr Instant epoch{};

// The instant written in ISO, or "refused".
std::string read(std::string_view text) {
  const auto instant = parse_instant(text);
  return instant ? to_iso(*instant) : "refused";
}

TEST(ToIso, LeavesOutAFractionOfZeroAndElseWritesSixDigits) {
  EXPECT_EQ(to_iso(epoch), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_iso(epoch + 1us), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(to_iso(epoch + 500ms), "1970-01-01T00:00:00.500000Z");
}

TEST(ToIso, WritesInstantsBefore1970) {
  EXPECT_EQ(to_iso(epoch - 1us), "1969-12-31T23:59:59.999999Z");
  EXPECT_EQ(to_iso(epoch - 24h), "1969-12-31T00:00:00Z");
  EXPECT_EQ(to_iso(epoch - 25h), "1969-12-30T23:00:00Z");
}

TEST(ParseInstant, ReadsIso) {
  EXPECT_EQ(read("2026-11-23T22:40:18Z"), "2026-11-23T22:40:18Z");
  EXPECT_EQ(read("2026-11-23t22:40:18z"), "2026-11-23T22:40:18Z");
  EXPECT_EQ(read("2026-11-23T22:40Z"), "2026-11-23T22:40:00Z");
  EXPECT_EQ(read("2026-11-23T22:40:18.25Z"), "2026-11-23T22:40:18.250000Z");
  EXPECT_EQ(read("2026-11-23T22:40:18+01:00"), "2026-11-23T21:40:18Z");
  EXPECT_EQ(read("2026-11-23T22:40:18-0330"), "2026-11-24T02:10:18Z");
  EXPECT_EQ(read("2024-02-29T00:00:00Z"), "2024-02-29T00:00:00Z");
  EXPECT_EQ(parse_instant("1970-01-01T00:00:01Z"), epoch + 1s);
}

TEST(ParseInstant, ReadsWhatPostgreSqlPrints) {
  EXPECT_EQ(read("2026-11-23 22:40:18.5+00"), "2026-11-23T22:40:18.500000Z");
  EXPECT_EQ(read("2026-11-23 22:40:18.123456+05:30"), "2026-11-23T17:10:18.123456Z");
  EXPECT_EQ(read("2026-11-23 22:40:18-03"), "2026-11-24T01:40:18Z");
  EXPECT_EQ(read("1969-12-31 23:59:59.999999+00"), "1969-12-31T23:59:59.999999Z");
}

TEST(ParseInstant, CutsAFractionBehindSixDigits) {
  EXPECT_EQ(read("2026-11-23T22:40:18.1234569Z"), "2026-11-23T22:40:18.123456Z");
  EXPECT_EQ(read("2026-11-23T22:40:18.123456789012Z"), "2026-11-23T22:40:18.123456Z");
  EXPECT_EQ(read("2026-11-23T22:40:18.1234567890123Z"), "refused");  // 13 digits
  EXPECT_EQ(read("2026-11-23T22:40:18.Z"), "refused");
}

TEST(ParseInstant, RefusesWhatIsNoInstant) {
  for (const char* text : {"",
                           "now",
                           "2026-11-23",
                           "2026-11-23T22:40:18",
                           "2026-11-23 22:40:18.5",
                           "2026-11-23T24:00:00Z",
                           "2026-11-23T23:60:00Z",
                           "2026-11-23T23:59:60Z",
                           "2026-02-30T00:00:00Z",
                           "2025-02-29T00:00:00Z",
                           "2026-13-01T00:00:00Z",
                           "2026-00-01T00:00:00Z",
                           "2026-01-00T00:00:00Z",
                           "2026-11-23T22:40:18Z ",
                           " 2026-11-23T22:40:18Z",
                           "2026-11-23T22:40:18ZZ",
                           "2026-11-23T22:40:18+01:00x",
                           "2026-11-23T22:40:18+1",
                           "2026-11-23T22:40:18+01:",
                           "2026-11-23T22:40:18+16:00",
                           "2026-11-23T22:40:18+01:60",
                           "2026-11-23T22:40:18 BC",
                           "2026-11-23 22:40:18+00 BC",
                           "2026-11-23T22:40:18,5Z",
                           "2026-11-23X22:40:18Z",
                           "2026-11-23T2:40:18Z",
                           "2026-1-23T22:40:18Z",
                           "26-11-23T22:40:18Z",
                           "12026-11-23T22:40:18Z",
                           "-026-11-23T22:40:18Z",
                           "2026--1-23T22:40:18Z",
                           "2026-11-23T-1:40:18Z",
                           "+026-11-23T22:40:18Z",
                           "infinity",
                           "-infinity",
                           "2026-11-23T22:40:18 01:00"}) {
    EXPECT_EQ(read(text), "refused") << text;
  }
  EXPECT_EQ(read(std::string_view("2026-11-23T22:40:18Z\0", 21)), "refused");
}

TEST(ParseInstant, StaysWithinTheYears1To9999AfterItsOffsetToo) {
  EXPECT_EQ(read("0001-01-01T00:00:00Z"), "0001-01-01T00:00:00Z");
  EXPECT_EQ(read("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z");
  EXPECT_EQ(read("0000-12-31T23:59:59Z"), "refused");
  EXPECT_EQ(read("0001-01-01T00:00:00+00:01"), "refused");
  EXPECT_EQ(read("9999-12-31T23:59:59-00:01"), "refused");
  EXPECT_EQ(read("0000-12-31T23:59:59-01:00"), "refused");  // its year is refused as written
}

TEST(ParseInstant, ReadsBackEveryInstantThatToIsoWrites) {
  std::mt19937_64 random(1);
  const Instant first = *parse_instant("0001-01-01T00:00:00Z");
  const Instant last = *parse_instant("9999-12-31T23:59:59.999999Z");
  std::uniform_int_distribution<std::int64_t> micros(first.time_since_epoch().count(), last.time_since_epoch().count());
  for (int round = 0; round < 20'000; ++round) {
    const Instant instant{Duration{micros(random)}};
    ASSERT_EQ(parse_instant(to_iso(instant)), instant) << to_iso(instant);
    const auto whole = std::chrono::floor<std::chrono::seconds>(instant);
    ASSERT_EQ(parse_instant(to_iso(whole)), whole) << to_iso(whole);
  }
}

}  // namespace
}  // namespace crm
