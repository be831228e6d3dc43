#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_config.h>

namespace crm::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

FakeConfig some_options() {
  return FakeConfig({{"queue.prefix", "bull"},
                     {"queue.limit", 50},
                     {"ratio", 0.5},
                     {"enabled", true},
                     {"every", 15s},
                     {"names", std::vector<std::string>{"a", "b"}}});
}

TEST(FakeConfig, GivesEachValueAsWhatItIs) {
  const FakeConfig config = some_options();
  EXPECT_EQ(config.text("queue.prefix", ""), "bull");
  EXPECT_EQ(config.integer("queue.limit", 0), 50);
  EXPECT_EQ(config.real("ratio", 0), 0.5);
  EXPECT_EQ(config.real("queue.limit", 0), 50.0);
  EXPECT_TRUE(config.boolean("enabled", false));
  EXPECT_EQ(config.duration("every", 0ms), 15'000ms);
  EXPECT_THAT(config.list("names"), ElementsAre("a", "b"));
}

TEST(FakeConfig, GivesTheDefaultOfWhatIsNotSet) {
  const FakeConfig config;
  EXPECT_EQ(config.text("a", "x"), "x");
  EXPECT_EQ(config.integer("a", 7), 7);
  EXPECT_EQ(config.real("a", 1.5), 1.5);
  EXPECT_TRUE(config.boolean("a", true));
  EXPECT_EQ(config.duration("a", 3ms), 3ms);
  EXPECT_THAT(config.list("a"), IsEmpty());
  EXPECT_FALSE(config.has("a"));
}

TEST(FakeConfig, NamesTheKeyThatHasAnotherType) {
  const FakeConfig config = some_options();
  try {
    config.integer("queue.prefix", 0);
    FAIL() << "a text was taken for an integer";
  } catch (const ConfigError& error) {
    EXPECT_EQ(error.key(), "queue.prefix");
    EXPECT_STREQ(error.what(), "'queue.prefix' must be an integer");
  }
  EXPECT_THROW(config.text("queue.limit", ""), ConfigError);
  EXPECT_THROW(config.integer("ratio", 0), ConfigError);
  EXPECT_THROW(config.duration("queue.limit", 0ms), ConfigError);
  EXPECT_THROW(config.list("queue.prefix"), ConfigError);
}

TEST(FakeConfig, HasAKeyAndThePathThatLeadsToOne) {
  const FakeConfig config = some_options();
  EXPECT_TRUE(config.has("queue.prefix"));
  EXPECT_TRUE(config.has("queue"));
  EXPECT_FALSE(config.has("que"));
  EXPECT_FALSE(config.has("queue.pre"));
}

TEST(FakeConfig, TellsWhichKeysNobodyAskedFor) {
  const FakeConfig config({{"queue.prefix", "bull"}, {"queue.prefiks", "bull"}});
  config.text("queue.prefix", "");
  config.text("absent", "");
  EXPECT_THAT(config.unknown(), ElementsAre("queue.prefiks"));
}

TEST(FakeConfig, PathsStartFromItsFolder) {
  FakeConfig config({{"near", "a.sql"}, {"far", "/srv/a.sql"}});
  config.folder("/etc");
  EXPECT_EQ(config.path("near", ""), "/etc/a.sql");
  EXPECT_EQ(config.path("far", ""), "/srv/a.sql");
  EXPECT_EQ(config.path("absent", "b.sql"), "b.sql");
  EXPECT_EQ(config.place("near"), "test.yaml: near");
}

TEST(FakeConfig, CarriesSettings) {
  Settings settings;
  settings.sla.first_response_seconds = 60;
  EXPECT_EQ(FakeConfig({}, settings).settings().sla.first_response_seconds, 60);
  EXPECT_EQ(FakeConfig().settings().sla.first_response_seconds, 300);
}

}  // namespace
}  // namespace crm::testing
