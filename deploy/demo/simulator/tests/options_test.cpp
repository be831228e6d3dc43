#include "options.h"

#include <vector>

#include <gtest/gtest.h>

namespace crm::simulator {
namespace {

const Instant clock_now = parse_instant("2026-11-23T22:40:18Z").value();

Options parse(std::vector<const char*> arguments) {
  return parse_options(arguments, clock_now);
}

std::string error_of(std::vector<const char*> arguments) {
  try {
    parse(std::move(arguments));
  } catch (const OptionError& error) {
    return error.what();
  }
  return "no error";
}

TEST(Options, WriteAHistoryThatEndsNow) {
  const Options options = parse({"--url", "postgresql://127.0.0.1/crm"});
  EXPECT_TRUE(options.write_history);
  EXPECT_EQ(options.history.messages, 200'000);
  EXPECT_EQ(options.history.now, clock_now);
  EXPECT_FALSE(options.live);
}

TEST(Options, TakeValuesWithAndWithoutEqualsSign) {
  const Options options = parse({"--url=u=v", "--messages", "1000", "--now=2026-01-02T03:04:05+01:00", "--timezone",
                                 "Asia/Kolkata", "--seed", "18446744073709551615", "--truncate"});
  EXPECT_EQ(options.url, "u=v");
  EXPECT_EQ(options.history.messages, 1000);
  EXPECT_EQ(options.history.now, parse_instant("2026-01-02T02:04:05Z"));
  EXPECT_EQ(options.history.seed, UINT64_MAX);
  EXPECT_TRUE(options.truncate);
}

TEST(Options, LiveTrafficAloneWritesNoHistory) {
  EXPECT_FALSE(parse({"--url", "u", "--live", "0.5"}).write_history);
  EXPECT_TRUE(parse({"--url", "u", "--live", "5", "--messages", "100"}).write_history);
}

TEST(Options, NameWhatIsWrongAndWhatToDo) {
  EXPECT_EQ(error_of({"--url", "u", "--messages", "12x"}),
            "--messages: '12x' is not a whole number from 1 to 1000000000");
  EXPECT_EQ(error_of({"--url", "u", "--days", "0"}), "--days: '0' is not a whole number from 1 to 3650");
  EXPECT_EQ(error_of({"--url", "u", "--seed", "-1"}),
            "--seed: '-1' is not a whole number from 0 to 18446744073709551615");
  EXPECT_EQ(error_of({"--url", "u", "--live", "nan"}),
            "--live: 'nan' is not a number of messages a second from 0.01 to 100000");
  EXPECT_EQ(error_of({"--url", "u", "--now", "2026-11-23"}),
            "--now: '2026-11-23' is not an instant; write it like 2026-11-23T22:40:00Z");
  EXPECT_EQ(error_of({"--url", "u", "--timezone", "Berlin"}),
            "--timezone: 'Berlin' is not an IANA time zone; write it like Europe/Berlin");
  EXPECT_EQ(error_of({"--url", "u", "--massages", "5"}),
            "--massages: there is no such option; see crm-simulator --help");
  EXPECT_EQ(error_of({"crm"}), "'crm' is not an option; see crm-simulator --help");
  EXPECT_EQ(error_of({"--url"}), "--url: a value is missing");
  EXPECT_EQ(error_of({"--messages"}), "--messages: a value is missing");
  EXPECT_EQ(error_of({"--massages"}), "--massages: there is no such option; see crm-simulator --help");
  EXPECT_EQ(error_of({}), "--url is missing: say which PostgreSQL to write to, e.g. --url postgresql://127.0.0.1/crm");
  EXPECT_EQ(error_of({"--url", "u", "--live", "5", "--truncate"}),
            "--truncate: with --live, say with --messages how much history to write into the emptied tables");
}

TEST(Options, HelpWinsOverEverything) {
  EXPECT_TRUE(parse({"--help", "--bogus"}).help);
}

}  // namespace
}  // namespace crm::simulator
