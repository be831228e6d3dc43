#include "rollup/fact_registry.h"

#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

namespace crm::rollup {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string fact_called(const std::string& name) {
  return "-- fact: " + name +
         "\n-- clock: created\n-- touched_by: message\n-- columns: seen count\nSELECT :from, :to, :agents";
}

template <typename Error, typename Call>
std::string thrown(Call call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

TEST(FactRegistry, KnowsTheFactsOfTheHouse) {
  const FactRegistry registry;
  EXPECT_EQ(registry.get("messages").clock, Clock::created);
  EXPECT_EQ(registry.get("turns").clock, Clock::happened);
  EXPECT_TRUE(registry.knows("turns"));
  EXPECT_FALSE(registry.knows("Turns"));
}

TEST(FactRegistry, DescribesTheFactsOfTheHouseInWholeSentences) {
  const FactRegistry registry;
  for (const char* name : {"messages", "turns"}) {
    const std::string& about = registry.get(name).about;
    EXPECT_EQ(about.back(), '.') << about;
    EXPECT_THAT(about, Not(HasSubstr("--")));
  }
}

TEST(FactRegistry, TakesAFactOfAPlugin) {
  FactRegistry registry;
  registry.add({"plugin/seen.sql", fact_called("seen")});
  EXPECT_EQ(registry.get("seen").touched_by, std::vector{crm::rollup::Touch::message});
}

TEST(FactRegistry, RefusesANameThatIsTaken) {
  FactRegistry registry;
  EXPECT_EQ(thrown<std::invalid_argument>([&] {
              registry.add({"plugin/turns.sql", fact_called("turns")});
            }),
            "fact file plugin/turns.sql: there is a fact 'turns' already; choose another name");
  EXPECT_EQ(registry.get("turns").touched_by, std::vector{crm::rollup::Touch::reply});  // the house's own stays
}

// In fact_values a histogram is one row, which no difference can be added to.
TEST(FactRegistry, RefusesSharesOfAPluginsHistogram) {
  FactRegistry registry;
  const std::string file =
      "-- fact: seen\n-- clock: created\n-- touched_by: message\n-- shares: messages m\n-- columns: "
      "seen count, took histogram(took_ms: 1 2)\nSELECT :from, :to, :agents, NULL::text AS key, 'a' AS part\nFROM "
      "messages m\nWHERE true";
  EXPECT_EQ(
      thrown<std::invalid_argument>([&] {
        registry.add({"plugin/seen.sql", file});
      }),
      "fact file plugin/seen.sql: 'shares' is declared: a fact with histograms has none; leave one or the other out");
  EXPECT_FALSE(registry.knows("seen"));
  EXPECT_FALSE(registry.get("turns").shares.empty()) << "the house's own has a table";
}

TEST(FactRegistry, RefusesAMalformedFile) {
  FactRegistry registry;
  EXPECT_THROW(registry.add({"plugin/x.sql", "SELECT 1"}), std::invalid_argument);
  EXPECT_FALSE(registry.knows("x"));
}

TEST(FactRegistry, ListsItsFactsWhenAskedForAnother) {
  const FactRegistry registry;
  const std::string line = thrown<UsageError>([&] { registry.get("turn"); });
  EXPECT_THAT(line, HasSubstr("there is no fact 'turn'; there are: bot_conversations, campaign_messages, "));
  EXPECT_THAT(line, HasSubstr("sla, ticket_resolutions, turns, visits, waiting"));
}

}  // namespace
}  // namespace crm::rollup
