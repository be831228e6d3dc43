// Files that were not written to be read.
#include <chrono>
#include <random>

#include "config/node.h"
#include "support.h"

namespace crm::config::testing {
namespace {

std::string repeated(const std::string& text, int times) {
  std::string result;
  for (int i = 0; i < times; ++i) result += text;
  return result;
}

TEST(HostileFile, BinaryGarbageIsNoText) {
  EXPECT_EQ(problems(std::string("timezone: UTC\n\x00\x01", 16)),
            Lines{"/etc/x.yaml:2: byte 0x00 does not belong into UTF-8 text"});
  EXPECT_EQ(problems("\x7f\x45LF"), Lines{"/etc/x.yaml:1: byte 0x7f does not belong into UTF-8 text"});
  EXPECT_EQ(problems("timezone: \xc3\x28"), Lines{"/etc/x.yaml:1: byte 0xc3 does not belong into UTF-8 text"});
  EXPECT_EQ(problems("timezone: \xed\xa0\x80"), Lines{"/etc/x.yaml:1: byte 0xed does not belong into UTF-8 text"});
}

TEST(HostileFile, AnEndOfTransmissionDoesNotHideTheRest) {
  // yaml-cpp takes byte 4 for the end of the file.
  EXPECT_EQ(problems("timezone: UTC\n\x04\nnonsense: 1\n"),
            Lines{"/etc/x.yaml:2: byte 0x04 does not belong into UTF-8 text"});
}

TEST(HostileFile, DeepNestingIsRefused) {
  const Lines expected{"/etc/x.yaml:1: nested deeper than 32 levels"};
  EXPECT_EQ(problems(repeated("[", 10'000) + repeated("]", 10'000)), expected);
  EXPECT_EQ(problems(repeated("{a: ", 10'000) + repeated("}", 10'000)), expected);
  EXPECT_EQ(problems(repeated("- ", 10'000)), expected);
  EXPECT_EQ(problems(repeated("[", 500'000) + repeated("]", 500'000)), expected);
}

TEST(HostileFile, BracketsThatNeverCloseAreRefused) {
  EXPECT_NE(problems(repeated("[", 500'000)), Lines{"(valid)"});
  EXPECT_NE(problems(repeated("{a: ", 200'000)), Lines{"(valid)"});
}

TEST(HostileFile, NestingThroughAliasesIsRefused) {
  std::string yaml = "a0: &a0 [x]\n";
  for (int i = 1; i < 40; ++i) {
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  // The map, a30's list, and in it a29, which is 31 levels (a0 is 2: list and text): 2 + 31 = 33.
  EXPECT_EQ(problems(yaml), Lines{"/etc/x.yaml:31: nested deeper than 32 levels"});
}

TEST(HostileFile, AnAliasBombIsRefused) {
  std::string yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string before = "*a" + std::to_string(i - 1);
    yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + repeated(", " + before, 9) + "]\n";
  }
  EXPECT_EQ(problems(yaml), Lines{"/etc/x.yaml:4: more than 10000 values, aliases included"});
}

TEST(HostileFile, AnAliasInsideItsOwnAnchorIsRefused) {
  EXPECT_EQ(problems("plugins: &p\n  options: *p\n"),
            Lines{"/etc/x.yaml:2: plugins.options: an alias stands inside the value that it names"});
}

TEST(HostileFile, ManyProblemsAreCutAtTwenty) {
  std::string yaml;
  for (int i = 0; i < 500; ++i) yaml += "key" + std::to_string(i) + ": 1\n";
  try {
    read(yaml);
    FAIL() << "500 unknown keys were accepted";
  } catch (const Invalid& invalid) {
    EXPECT_EQ(invalid.problems.size(), 20U);
    EXPECT_EQ(invalid.left_out, 480U);
    EXPECT_TRUE(std::string(invalid.what()).ends_with("\n… and 480 more")) << invalid.what();
  }
}

TEST(HostileFile, KeysAndValuesAreShownInOneShortLine) {
  const auto lines = problems("\"a\\nb\\e[31m\": 1\nlog: {level: \"x\\ny\"}\ntimezone: [1]\ncost: {currency: " +
                              std::string(5'000, 'x') + "}\n");
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_TRUE(lines[0].starts_with("/etc/x.yaml:1: a?b?[31m: unknown key")) << lines[0];
  EXPECT_EQ(lines[1], "/etc/x.yaml:2: log.level: must be one of trace, debug, info, warn, error, not 'x?y'");
  EXPECT_EQ(lines[3], "/etc/x.yaml:4: cost.currency: is longer than 1000 characters");
}

TEST(HostileFile, NeitherDocumentsNorKeysNorTagsSurprise) {
  EXPECT_EQ(problems("timezone: UTC\n---\ntimezone: UTC\n"),
            Lines{"/etc/x.yaml:2: there is more after the end of the document; one YAML document a file"});
  EXPECT_EQ(problems("? [a, b]\n: 1\n"), Lines{"/etc/x.yaml:1: a key must be plain text, not a list or a map"});
  EXPECT_EQ(problems("log: !secret x\n"), Lines{"/etc/x.yaml:1: log: the tag '!secret' means nothing here; remove it"});
  EXPECT_EQ(problems("log: {<<: info}\n"), Lines{"/etc/x.yaml:1: log.<<: only maps can be merged"});
  EXPECT_EQ(problems("~: 1\n"), Lines{"/etc/x.yaml:1: a key is missing before ':'"});
  EXPECT_EQ(problems("- timezone\n"), Lines{"/etc/x.yaml:1: must be a map of options, such as `timezone: UTC`"});
  EXPECT_EQ(problems("just a text"), Lines{"/etc/x.yaml:1: must be a map of options, such as `timezone: UTC`"});
}

// Bytes of YAML's own alphabet, at random: nothing but Invalid may come out, and it comes soon.
TEST(HostileFile, RandomYamlNeverDoesMoreThanFail) {
  const std::vector<std::string> tokens{
      "a",  ": ", "\n",       "  ",         "- ",  "[",  "]",  "{",  "}",        ", ",      "&x ",     "*x",
      "'",  "\"", "|\n",      ">\n",        "? ",  "#",  "%",  "@",  "!t ",      "<<",      "---\n",   "...\n",
      "${", "}",  "timezone", "collectors", "kpi", "\t", "\r", "\\", "\xc3\xa9", "plugins", "options", "~"};
  std::mt19937 random(20'261'123);
  int accepted = 0;
  int refused = 0;
  for (int run = 0; run < 6'000; ++run) {
    std::string yaml;
    const auto length = random() % 40;
    for (std::size_t i = 0; i < length; ++i) yaml += tokens[random() % tokens.size()];
    SCOPED_TRACE(yaml);
    try {
      const Loaded loaded = read(yaml);
      EXPECT_EQ(changed_keys(loaded, read(print(loaded))), Lines{});
      ++accepted;
    } catch (const Invalid& invalid) {
      EXPECT_FALSE(invalid.problems.empty());
      ++refused;
    }
  }
  EXPECT_GT(accepted, 100);
  EXPECT_GT(refused, 3'000);
}

}  // namespace
}  // namespace crm::config::testing
