#include "config/plugin_options.h"

#include <gmock/gmock.h>

#include "support.h"

namespace crm::config::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

const char* const yaml = R"(
sla: {first_response_seconds: 120}
plugins:
  options:
    kpi:
      name: anna
      limit: 7
      share: 0.5
      strict: true
      pause: 1m30s
      queues: [a, b]
      queue:
        prefix: bull
        depth: many
      token: ${TOKEN:-canary}
)";

std::string refusal(const std::function<void()>& ask, const PluginOptions& options) {
  try {
    ask();
  } catch (const ConfigError& error) {
    return options.problem(error).text();
  }
  return "(accepted)";
}

std::vector<std::string> unknown(const PluginOptions& options) {
  std::vector<std::string> lines;
  for (const Problem& problem : options.unknown()) lines.push_back(problem.text());
  return lines;
}

TEST(PluginOptions, GiveEachTypeItsValue) {
  const auto options = read(yaml).plugin_options("kpi");
  EXPECT_EQ(options->text("name", ""), "anna");
  EXPECT_EQ(options->integer("limit", 0), 7);
  EXPECT_EQ(options->real("share", 0), 0.5);
  EXPECT_EQ(options->boolean("strict", false), true);
  EXPECT_EQ(options->duration("pause", 0ms), 90s);
  EXPECT_THAT(options->list("queues"), ElementsAre("a", "b"));
  EXPECT_EQ(options->text("queue.prefix", ""), "bull");
  EXPECT_TRUE(options->has("queue.prefix"));
  EXPECT_FALSE(options->has("queue.suffix"));
  EXPECT_EQ(options->settings().sla.first_response_seconds, 120);
}

TEST(PluginOptions, GiveTheDefaultWhereNothingIsSaid) {
  for (const std::string text : {"", "plugins: {options: {kpi: }}", "plugins: {options: {kpi: {}}}"}) {
    const auto options = read(text).plugin_options("kpi");
    EXPECT_EQ(options->text("name", "otto"), "otto");
    EXPECT_EQ(options->integer("limit", 3), 3);
    EXPECT_EQ(options->duration("pause", 5s), 5s);
    EXPECT_THAT(options->list("queues"), ElementsAre());
    EXPECT_THAT(unknown(*options), ElementsAre());
  }
}

TEST(PluginOptions, OutliveTheConfigurationThatTheyCameFrom) {
  std::unique_ptr<PluginOptions> options;
  {
    const Loaded loaded = read(yaml);
    options = loaded.plugin_options("kpi");
  }
  EXPECT_EQ(options->text("name", ""), "anna");
  EXPECT_EQ(options->settings().sla.first_response_seconds, 120);
}

TEST(PluginOptions, RefuseAnotherTypeWithFileAndLine) {
  const auto options = read(yaml).plugin_options("kpi");
  EXPECT_EQ(refusal([&] { options->integer("name", 0); }, *options),
            "/etc/x.yaml:6: plugins.options.kpi.name: 'anna' is not a whole number");
  EXPECT_EQ(refusal([&] { options->duration("limit", 0ms); }, *options),
            "/etc/x.yaml:7: plugins.options.kpi.limit: '7' has no unit; write 7s, 7m or 7h");
  EXPECT_EQ(refusal([&] { options->text("queues", ""); }, *options),
            "/etc/x.yaml:11: plugins.options.kpi.queues: must be one text, not a list");
  EXPECT_EQ(refusal([&] { options->list("queue"); }, *options),
            "/etc/x.yaml:12: plugins.options.kpi.queue: must be a list, not a map");
  EXPECT_EQ(refusal([&] { options->real("queue.depth", 0); }, *options),
            "/etc/x.yaml:14: plugins.options.kpi.queue.depth: 'many' is not a number");
}

TEST(PluginOptions, NeverShowAValueFromTheEnvironment) {
  const auto options = read(yaml).plugin_options("kpi");
  EXPECT_EQ(refusal([&] { options->integer("token", 0); }, *options),
            "/etc/x.yaml:15: plugins.options.kpi.token: the value is not a whole number");
  const auto set = read("plugins: {options: {kpi: {token: \"${TOKEN}\"}}}", environment({{"TOKEN", "hush"}}));
  EXPECT_EQ(refusal([&] { set.plugin_options("kpi")->integer("token", 0); }, *set.plugin_options("kpi")),
            "/etc/x.yaml:1: plugins.options.kpi.token: the value is not a whole number");
}

TEST(PluginOptions, NeverShowWhatItsKeySaysToBeASecret) {
  const auto options = read("plugins: {options: {kpi: {db_password: canary}}}").plugin_options("kpi");
  EXPECT_EQ(refusal([&] { options->integer("db_password", 0); }, *options),
            "/etc/x.yaml:1: plugins.options.kpi.db_password: the value is not a whole number");
}

TEST(PluginOptions, AnErrorOfTheFactoryGetsThePlaceNearestToItsKey) {
  const auto options = read(yaml).plugin_options("kpi");
  EXPECT_EQ(options->problem(ConfigError("queue.prefix", "must not be bull")).text(),
            "/etc/x.yaml:13: plugins.options.kpi.queue.prefix: must not be bull");
  EXPECT_EQ(options->problem(ConfigError("queue.missing", "is needed")).text(),
            "/etc/x.yaml:12: plugins.options.kpi.queue.missing: is needed");
  EXPECT_EQ(options->problem(ConfigError("missing", "is needed")).text(),
            "/etc/x.yaml:5: plugins.options.kpi.missing: is needed");
  EXPECT_EQ(read("").plugin_options("kpi")->problem(ConfigError("missing", "is needed")).text(),
            "/etc/x.yaml: plugins.options.kpi.missing: is needed");
}

TEST(PluginOptions, WhatIsMissingMayOnlyBeMisspelt) {
  const auto options =
      read("plugins:\n  options:\n    kpi:\n      queue:\n        prefx: a\n        size: 1\n").plugin_options("kpi");
  options->text("queue.prefix", "");
  options->integer("queue.size", 0);
  EXPECT_EQ(options->problem(ConfigError("queue.prefix", "is needed")).text(),
            "/etc/x.yaml:4: plugins.options.kpi.queue.prefix: is needed; is 'prefx' meant, in line 5?");
  EXPECT_EQ(options->problem(ConfigError("queue.sized", "is needed")).text(),
            "/etc/x.yaml:4: plugins.options.kpi.queue.sized: is needed")
      << "what was asked for means itself";
}

TEST(PluginOptions, PathsStartFromTheFolderOfTheirFile) {
  const auto options =
      read("plugins: {options: {kpi: {near: sql/a.sql, far: /srv/a.sql, none: '', map: {}}}}").plugin_options("kpi");
  EXPECT_EQ(options->path("near", ""), "/etc/sql/a.sql");
  EXPECT_EQ(options->path("far", ""), "/srv/a.sql");
  EXPECT_EQ(options->path("absent", "sql"), "sql");
  EXPECT_EQ(refusal([&] { options->path("none", ""); }, *options),
            "/etc/x.yaml:1: plugins.options.kpi.none: must be a path; it is empty");
  EXPECT_EQ(refusal([&] { options->path("map", ""); }, *options),
            "/etc/x.yaml:1: plugins.options.kpi.map: must be one path, not a map");
  EXPECT_THAT(unknown(*options), ElementsAre());
}

TEST(PluginOptions, SayWhereAKeyStands) {
  const auto options = read(yaml).plugin_options("kpi");
  EXPECT_EQ(options->place("queue.depth"), "/etc/x.yaml:14");
  EXPECT_EQ(options->place("queue.missing"), "/etc/x.yaml:12");
  EXPECT_EQ(read("").plugin_options("kpi")->place("queue"), "/etc/x.yaml");
}

TEST(PluginOptions, WhatNobodyAskedForIsUnknown) {
  const auto options =
      read(
          "plugins:\n  options:\n    kpi:\n      evry: 1s\n      queue:\n        prefx: a\n        size: 1\n"
          "      other: {a: 1, b: 2}\n      queue.size: 1\n")
          .plugin_options("kpi");
  options->duration("every", 0ms);
  options->text("queue.prefix", "");
  options->integer("queue.size", 0);
  EXPECT_THAT(
      unknown(*options),
      ElementsAre("/etc/x.yaml:4: plugins.options.kpi.evry: unknown option of this plugin; did you mean 'every'?",
                  "/etc/x.yaml:6: plugins.options.kpi.queue.prefx: unknown option of this plugin; did you mean "
                  "'prefix'?",
                  "/etc/x.yaml:8: plugins.options.kpi.other: unknown option of this plugin; known here: every, "
                  "queue",
                  "/etc/x.yaml:9: plugins.options.kpi.queue.size: unknown option of this plugin; known here: every, "
                  "queue"));
}

TEST(PluginOptions, WalkThroughListsOfMaps) {
  const char* const text = R"(
plugins:
  load: [sql]
  options:
    sql:
      queries:
        - {name: open, sql: SELECT 1}
        - {name: late, sqll: SELECT 2}
)";
  const Loaded loaded = load_text(text, "crm.yaml", Environment{});
  const auto options = loaded.plugin_options("sql");
  EXPECT_THAT(options->keys(""), ElementsAre("queries"));
  EXPECT_THAT(options->keys("queries"), ElementsAre("0", "1"));
  EXPECT_THAT(options->keys("queries.1"), ElementsAre("name", "sqll"));
  EXPECT_THAT(options->keys("nothing"), ElementsAre());
  EXPECT_EQ(options->text("queries.0.name", ""), "open");
  EXPECT_EQ(options->text("queries.0.sql", ""), "SELECT 1");
  EXPECT_EQ(options->text("queries.1.name", ""), "late");
  EXPECT_EQ(options->text("queries.2.name", "none"), "none");
  options->text("queries.1.sql", "");
  EXPECT_THAT(
      unknown(*options),
      ElementsAre(
          "crm.yaml:8: plugins.options.sql.queries.1.sqll: unknown option of this plugin; did you mean 'sql'?"));
}

TEST(Loaded, TellsWhichCollectorsNoPluginHas) {
  const Loaded loaded = read("collectors:\n  kpi: {every: 5s}\n  kip: {every: 5s}\n");
  const std::vector<std::string> offered{"kpi", "customer-load"};
  const auto problems = loaded.unknown_collectors(offered);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].text(),
            "/etc/x.yaml:3: collectors.kip: no loaded plugin has this collector; did you mean 'kpi'?");
}

TEST(Loaded, KnowsWhereAKeyStands) {
  const Loaded loaded = read("timezone: UTC\ncollectors:\n  kpi:\n    every: 5s\n");
  EXPECT_EQ(loaded.place("collectors.kpi.every"), (Place{"/etc/x.yaml", 4}));
  EXPECT_EQ(loaded.place("collectors.kpi.timeout"), (Place{"/etc/x.yaml", 3}));
  EXPECT_EQ(loaded.place("database.url"), (Place{"/etc/x.yaml", 0}));
  EXPECT_EQ(loaded.problem("timezone", "'UTC' is not nice").text(), "/etc/x.yaml:1: timezone: 'UTC' is not nice");
}

}  // namespace
}  // namespace crm::config::testing
