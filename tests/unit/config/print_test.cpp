#include <gmock/gmock.h>

#include "config/yaml.h"
#include "support.h"

namespace crm::config::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Print, ShowsDefaultsAndWhatIsSet) {
  const std::string text = print(read("collectors: {kpi: {every: 90m}}\ndatabase: {pool: 7}\n"));
  EXPECT_THAT(text,
              ::testing::StartsWith("timezone: UTC\nlog:\n  level: info\n  format: auto\ndatabase:\n  url: \"\"\n"));
  EXPECT_THAT(text, HasSubstr("\n  pool: 7\n"));
  EXPECT_THAT(text, HasSubstr("\ncollectors:\n  kpi:\n    enabled: true\n    every: 1h30m\n    jitter: 0s\n"));
  EXPECT_THAT(text, HasSubstr("\nload:\n  peak_hours: auto\n"));
}

TEST(Print, ReadAgainGivesTheSameValues) {
  const Loaded loaded = read(R"(
timezone: "Etc/GMT+5"
log: {level: warn}
database: {url: "host='a b' dbname=c", application_name: "it's: #1 {x} \\ \"q\" $${HOME}"}
admin: {listen: "[::1]:0"}
plugins:
  directory: "a b/ü"
  load: [kpi, custom-sql]
  options:
    kpi: {text: "a: b", empty: "", tilde: "~", none: "null", list: [1, [2, {x: y}], {}], "odd key:": {nested: 5s}}
    custom-sql: {}
trend: {dead_band: 0.1, metrics: {messagesToday: 1e-3, b: 7}}
load: {peak_hours: [9-12, 22-2, 14]}
cost: {agent_hour: 0.3}
collectors: {kpi: {aligned: false}, b: {}}
)");
  const std::string text = print(loaded);
  const Loaded again = load_text(text, "/somewhere/else.yaml", environment());
  EXPECT_THAT(changed_keys(loaded, again), ElementsAre()) << text;
  EXPECT_EQ(print(again), text);
  EXPECT_EQ(again.values().database.application_name, "it's: #1 {x} \\ \"q\" ${HOME}");
  EXPECT_EQ(again.values().plugins.directory, "/etc/a b/ü");
}

TEST(Print, MasksThePassword) {
  const auto env = environment({{"PW", "canary"}});
  EXPECT_THAT(print(read("database: {url: \"postgresql://u:${PW}@h/db\"}", env)),
              HasSubstr("\n  url: postgresql://u:***@h/db\n"));
  EXPECT_THAT(print(read("database: {url: \"host=h password=canary\"}")),
              HasSubstr("\n  url: \"host=h password=***\"\n"));
}

TEST(Print, MasksRedisAndTheKeyOfLabels) {
  const std::string text = print(read(R"(
redis: {url: "redis://u:canary@h:1/0"}
queue: {names: [out]}
metrics: {label_key: "canary=canary://canary"}
)"));
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_THAT(text, HasSubstr("redis:\n  url: redis://u:***@h:1/0\n"));
  EXPECT_THAT(text, HasSubstr("metrics:\n  label_key: \"***\"\n"));
}

TEST(Print, ShowsAPluginsSecretAsTheVariableItCameFrom) {
  const std::string yaml = "plugins: {options: {kpi: {token: \"${TOKEN}\", price: \"$${x}\"}}}";
  const auto env = environment({{"TOKEN", "canary"}});
  const Loaded loaded = read(yaml, env);
  EXPECT_EQ(loaded.plugin_options("kpi")->text("token", ""), "canary");
  const std::string text = print(loaded);
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_THAT(text, HasSubstr("token: \"${TOKEN}\""));
  EXPECT_THAT(changed_keys(loaded, read(text, env)), ElementsAre());
}

TEST(Print, MasksWhatLooksLikeASecretOfAPlugin) {
  const std::string text = print(read(R"(
plugins:
  options:
    kpi:
      password: canary
      redis: {url: "redis://:canary@h/0", other: "${URL:-redis://u:canary@h}"}
      servers: ["http://u:canary@h/"]
      apiToken: ${T:-canary}
      help: see https://example.org
)"));
  EXPECT_THAT(text, Not(HasSubstr("canary")));
  EXPECT_THAT(text, HasSubstr("      password: \"***\"\n"));
  EXPECT_THAT(text, HasSubstr("url: redis://:***@h/0\n"));
  EXPECT_THAT(text, HasSubstr("help: \"see https://example.org\"\n"));
}

TEST(YamlScalar, ReadsBackAsItself) {
  for (const std::string text :
       {"",    "~",    "null", "Null", "a", "a b",          "a:",       "a: b",     ":a",  "-",  "- a",
        "#",   "a #b", "[a]",  "{a}",  "'", "\"",           "\\",       "*a",       "&a",  "!a", "%a",
        "@a",  "`a",   "|",    ">",    "?", "a\nb",         "a\tb",     "\x01\x7f", " a ", "ü",  "😀",
        "yes", "---",  "...",  "<<",   "=", "127.0.0.1:80", "[::1]:80", "-5",       "+1"}) {
    std::vector<Problem> problems;
    const Node map = parse_yaml("k: " + yaml_scalar(text) + "\nl: [" + yaml_scalar(text) + ", x]\n", "f", problems);
    ASSERT_TRUE(problems.empty()) << text << problems[0].message;
    ASSERT_NE(map.find("k"), nullptr) << text;
    EXPECT_EQ(map.find("k")->kind, Node::Kind::scalar) << text;
    EXPECT_EQ(map.find("k")->text, text);
    EXPECT_EQ(map.find("l")->children.at(0).text, text);
  }
}

}  // namespace
}  // namespace crm::config::testing
