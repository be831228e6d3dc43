// A file and its drop-ins.
#include <gmock/gmock.h>

#include "support.h"

namespace crm::config::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(Load, AnEmptyFileIsAllDefaults) {
  for (const std::string yaml : {"", "# nothing\n", "---\n", "database:\nlog:\n"}) {
    const Loaded loaded = read(yaml);
    const Config& config = loaded.values();
    EXPECT_EQ(config.database.url, "");
    EXPECT_EQ(config.database.schema, "crm_source");
    EXPECT_EQ(config.database.pool, 4);
    EXPECT_EQ(config.database.connect_timeout, 3s);
    EXPECT_EQ(config.database.statement_timeout, 10s);
    EXPECT_EQ(config.database.acquire_timeout, 2s);
    EXPECT_EQ(config.database.catalog_refresh, 60s);
    EXPECT_EQ(config.database.application_name, "crm-metricsd");
    EXPECT_EQ(config.redis.url, "");
    EXPECT_EQ(config.redis.timeout, 2s);
    EXPECT_EQ(config.redis.ca_file, std::nullopt);
    EXPECT_EQ(config.queue.prefix, "bull");
    EXPECT_TRUE(config.queue.names.empty());
    EXPECT_TRUE(config.queue.dead_letter.empty());
    EXPECT_EQ(config.queue.table_max_age, 24h);
    EXPECT_THAT(config.sessions.connected, ElementsAre("connected", "active", "WORKING", "open", "FLAGGED"));
    EXPECT_EQ(config.metrics.label_key, "");
    EXPECT_EQ(config.admin.listen, (Endpoint{"127.0.0.1", 9464}));
    EXPECT_EQ(config.api.listen, (Endpoint{"127.0.0.1", 8080}));
    EXPECT_EQ(config.api.auth, Auth::none);
    EXPECT_EQ(config.api.timeout, 10s);
    EXPECT_EQ(config.api.threads, 8);
    EXPECT_EQ(config.api.max_range, 400 * 24h);
    EXPECT_EQ(config.log.level, Level::info);
    EXPECT_EQ(config.log.format, Format::automatic);
    EXPECT_EQ(config.plugins.directory, "/etc/plugins");
    EXPECT_THAT(config.plugins.load,
                ElementsAre("kpi", "conversation-effectiveness", "whatsapp-performance", "customer-load",
                            "agent-productivity", "automation-impact", "business-impact"));
    EXPECT_TRUE(config.collectors.empty());
    EXPECT_EQ(config.limits.max_agents, 200);
    EXPECT_EQ(config.limits.stop_grace, 30s);
  }
}

TEST(Load, DefaultsOfTheSettingsAreThoseOfTheSdk) {
  const Settings read_ones = read("").values().settings;
  const Settings sdk;
  EXPECT_EQ(read_ones.timezone, sdk.timezone);
  EXPECT_EQ(read_ones.sla.first_response_seconds, sdk.sla.first_response_seconds);
  EXPECT_EQ(read_ones.sla.count_bot_replies, sdk.sla.count_bot_replies);
  EXPECT_EQ(read_ones.trend.dead_band, sdk.trend.dead_band);
  EXPECT_EQ(read_ones.trend.bands, sdk.trend.bands);
  EXPECT_EQ(read_ones.load.auto_peak_hours, sdk.load.auto_peak_hours);
  EXPECT_EQ(read_ones.load.peak_hours, sdk.load.peak_hours);
  EXPECT_EQ(read_ones.agents.max_span, sdk.agents.max_span);
  EXPECT_EQ(read_ones.agents.workload_band, sdk.agents.workload_band);
  EXPECT_EQ(read_ones.automation.drop_off_after, sdk.automation.drop_off_after);
  EXPECT_EQ(read_ones.automation.handling_seconds, sdk.automation.handling_seconds);
  EXPECT_EQ(read_ones.cost.agent_hour, sdk.cost.agent_hour);
  EXPECT_EQ(read_ones.cost.currency, sdk.cost.currency);
  EXPECT_EQ(read_ones.campaign.response_window, sdk.campaign.response_window);
  EXPECT_EQ(read_ones.campaign.conversion_window, sdk.campaign.conversion_window);
  EXPECT_EQ(read_ones.rollup.horizon, sdk.rollup.horizon);
}

TEST(Load, EveryOptionReachesItsMember) {
  const Loaded loaded = read(R"(
timezone: Asia/Kolkata
log: {level: debug, format: json}
database: {url: "host=h dbname=d", schema: s2, pool: 9, connect_timeout: 4s, statement_timeout: 11s,
           acquire_timeout: 3s, catalog_refresh: 61s, application_name: other}
redis: {url: "rediss://u:p@h:1/2", timeout: 3s, ca_file: ca.pem}
queue: {prefix: "{bull}", names: ["wa.out", "7 x"], dead_letter: [dead], table_max_age: 2h}
sessions: {connected: [up], reconnecting: [], disconnected: [Down, "logged out"]}
metrics: {label_key: "0123456789abcdef"}
admin: {listen: "0.0.0.0:1"}
api: {listen: "[::1]:2", auth: none, timeout: 12s, threads: 3, max_range: 30d}
plugins: {directory: /opt/p, load: [kpi, custom-sql]}
collectors:
  kpi: {enabled: false, every: 1h, aligned: true, jitter: 5s, timeout: 9s, stale_after: 4h}
limits: {max_agents: 7, stop_grace: 8s}
sla: {first_response_seconds: 120, count_bot_replies: true}
trend: {dead_band: 2.5, metrics: {messagesToday: 10}}
load: {peak_hours: [9-12, 14]}
agents: {max_span: 12h, workload_band: 25}
automation: {drop_off_after: 6h, handling_seconds: 240}
cost: {agent_hour: 18.5, currency: INR}
campaign: {response_window: 24h, conversion_window: 7d}
rollup: {horizon: 20d}
)");
  const Config& config = loaded.values();
  EXPECT_EQ(config.settings.timezone, "Asia/Kolkata");
  EXPECT_EQ(config.log.level, Level::debug);
  EXPECT_EQ(config.log.format, Format::json);
  EXPECT_EQ(config.database.url, "host=h dbname=d");
  EXPECT_EQ(config.database.schema, "s2");
  EXPECT_EQ(config.database.pool, 9);
  EXPECT_EQ(config.database.connect_timeout, 4s);
  EXPECT_EQ(config.database.statement_timeout, 11s);
  EXPECT_EQ(config.database.acquire_timeout, 3s);
  EXPECT_EQ(config.database.catalog_refresh, 61s);
  EXPECT_EQ(config.database.application_name, "other");
  EXPECT_EQ(config.redis.url, "rediss://u:p@h:1/2");
  EXPECT_EQ(config.redis.timeout, 3s);
  EXPECT_EQ(config.redis.ca_file, "/etc/ca.pem");
  EXPECT_EQ(config.queue.prefix, "{bull}");
  EXPECT_THAT(config.queue.names, ElementsAre("wa.out", "7 x"));
  EXPECT_THAT(config.queue.dead_letter, ElementsAre("dead"));
  EXPECT_EQ(config.queue.table_max_age, 2h);
  EXPECT_THAT(config.sessions.connected, ElementsAre("up"));
  EXPECT_TRUE(config.sessions.reconnecting.empty());
  EXPECT_THAT(config.sessions.disconnected, ElementsAre("Down", "logged out"));
  EXPECT_EQ(config.metrics.label_key, "0123456789abcdef");
  EXPECT_EQ(config.admin.listen, (Endpoint{"0.0.0.0", 1}));
  EXPECT_EQ(config.api.listen, (Endpoint{"::1", 2}));
  EXPECT_EQ(config.api.timeout, 12s);
  EXPECT_EQ(config.api.threads, 3);
  EXPECT_EQ(config.api.max_range, 30 * 24h);
  EXPECT_EQ(config.plugins.directory, "/opt/p");
  EXPECT_THAT(config.plugins.load, ElementsAre("kpi", "custom-sql"));
  const Collector kpi = config.collector("kpi");
  EXPECT_FALSE(kpi.enabled);
  EXPECT_EQ(kpi.every, 1h);
  EXPECT_EQ(kpi.aligned, true);
  EXPECT_EQ(kpi.jitter, 5s);
  EXPECT_EQ(kpi.timeout, 9s);
  EXPECT_EQ(kpi.stale_after, 4h);
  EXPECT_EQ(config.limits.max_agents, 7);
  EXPECT_EQ(config.limits.stop_grace, 8s);
  const Settings& settings = config.settings;
  EXPECT_EQ(settings.sla.first_response_seconds, 120);
  EXPECT_TRUE(settings.sla.count_bot_replies);
  EXPECT_EQ(settings.dead_band("avgResponseTime"), 2.5);
  EXPECT_EQ(settings.dead_band("messagesToday"), 10.0);
  EXPECT_FALSE(settings.load.auto_peak_hours);
  EXPECT_THAT(settings.load.peak_hours, ElementsAre(9, 10, 11, 14));
  EXPECT_EQ(settings.agents.max_span, 12h);
  EXPECT_EQ(settings.agents.workload_band, 25.0);
  EXPECT_EQ(settings.automation.drop_off_after, 6h);
  EXPECT_EQ(settings.automation.handling_seconds, 240);
  EXPECT_EQ(settings.cost.agent_hour, 18.5);
  EXPECT_EQ(settings.cost.currency, "INR");
  EXPECT_EQ(settings.campaign.response_window, 24h);
  EXPECT_EQ(settings.campaign.conversion_window, 7 * 24h);
  EXPECT_EQ(settings.rollup.horizon, 20 * 24h);
}

TEST(Load, ACollectorThatIsNamedOrNotHasItsPluginsSchedule) {
  const Loaded loaded = read("collectors: {kpi: }\n");
  EXPECT_EQ(loaded.values().collectors.count("kpi"), 1U);
  for (const char* name : {"kpi", "other"}) {
    const Collector collector = loaded.values().collector(name);
    EXPECT_TRUE(collector.enabled);
    EXPECT_EQ(collector.every, std::nullopt);
    EXPECT_EQ(collector.aligned, std::nullopt);
    EXPECT_EQ(collector.jitter, 0s);
    EXPECT_EQ(collector.timeout, std::nullopt);
    EXPECT_EQ(collector.stale_after, std::nullopt);
  }
}

TEST(Load, ReadsFilesFromOtherSystems) {
  EXPECT_EQ(read("\xef\xbb\xbf"
                 "database:\r\n  pool: 7\r\n  schema: a\r\n")
                .values()
                .database.schema,
            "a");
  EXPECT_EQ(read("%YAML 1.2\n---\ndatabase: {pool: \"7\"}\n...\n").values().database.pool, 7);
}

TEST(Load, AnchorsAndMergeKeysWork) {
  const Loaded loaded = read(R"(
collectors:
  kpi: &slow {every: 1m, timeout: 20s}
  agent-productivity: {<<: *slow, every: 5m}
  business-impact: *slow
)");
  EXPECT_EQ(loaded.values().collector("agent-productivity").every, 5min);
  EXPECT_EQ(loaded.values().collector("agent-productivity").timeout, 20s);
  EXPECT_EQ(loaded.values().collector("business-impact").every, 1min);
}

TEST(DropIns, AreReadOverTheFileInTheOrderOfTheirNames) {
  const Folder folder;
  const std::string file =
      folder.write("x.yaml", "timezone: UTC\ndatabase: {pool: 2, schema: a}\nplugins: {load: [kpi, one]}\n");
  folder.write("conf.d/20-later.yaml", "database: {pool: 8}\n");
  folder.write("conf.d/10-first.yaml", "database: {pool: 6, acquire_timeout: 1s}\nplugins: {load: [two]}\n");
  const Loaded loaded = load(file, environment());
  EXPECT_EQ(loaded.values().database.pool, 8);
  EXPECT_EQ(loaded.values().database.acquire_timeout, 1s);
  EXPECT_EQ(loaded.values().database.schema, "a");
  EXPECT_THAT(loaded.values().plugins.load, ElementsAre("two"));
  EXPECT_THAT(loaded.files(),
              ElementsAre(file, folder.path("conf.d/10-first.yaml"), folder.path("conf.d/20-later.yaml")));
}

TEST(DropIns, OfWhichOneIsEmptyChangeNothing) {
  const Folder folder;
  const std::string file = folder.write("x.yaml", "database: {pool: 2}\n");
  folder.write("conf.d/a.yaml", "");
  folder.write("conf.d/b.yaml", "database:\n");
  EXPECT_EQ(load(file, environment()).values().database.pool, 2);
}

TEST(DropIns, AreNamedInTheirErrors) {
  const Folder folder;
  const std::string file = folder.write("x.yaml", "database: {pool: 2}\n");
  const std::string drop_in = folder.write("conf.d/10.yaml", "\ndatabase:\n  pool: 65\n");
  EXPECT_EQ(problems_of([&] { load(file, environment()); }),
            Lines{drop_in + ":3: database.pool: must be 1 to 64, not '65'"});
}

TEST(DropIns, OtherFilesAreLeftAloneButNotAYmlThatWasMeant) {
  const Folder folder;
  const std::string file = folder.write("x.yaml", "");
  folder.write("conf.d/README.md", "not: [yaml");
  folder.write("conf.d/.hidden.yaml", "not: [yaml");
  EXPECT_EQ(load(file, environment()).files().size(), 1U);
  const std::string yml = folder.write("conf.d/10.yml", "database: {pool: 9}\n");
  EXPECT_EQ(problems_of([&] { load(file, environment()); }),
            Lines{yml + ": is not read, because drop-ins end in .yaml; rename it"});
}

TEST(DropIns, MayReplaceWhatCouldNotBeSubstituted) {
  const Folder folder;
  const std::string file = folder.write("x.yaml", "database: {url: \"${UNSET}\"}\n");
  folder.write("conf.d/10.yaml", "database: {url: postgresql://h/db}\n");
  EXPECT_EQ(load(file, environment()).values().database.url, "postgresql://h/db");
}

TEST(PluginDirectory, StartsFromTheFolderOfTheFileThatNamesIt) {
  const Folder folder;
  const std::string file = folder.write("etc/x.yaml", "");
  EXPECT_EQ(load(file, environment()).values().plugins.directory, folder.path("etc/plugins"));
  folder.write("etc/x.yaml", "plugins: {directory: ../lib}\n");
  EXPECT_EQ(load(file, environment()).values().plugins.directory, folder.path("lib"));
  folder.write("etc/conf.d/a.yaml", "plugins: {directory: here}\n");
  EXPECT_EQ(load(file, environment()).values().plugins.directory, folder.path("etc/conf.d/here"));
}

TEST(Load, SaysWhyAFileCannotBeRead) {
  const Folder folder;
  const std::string missing = folder.path("none.yaml");
  EXPECT_EQ(problems_of([&] { load(missing, environment()); }), Lines{missing + ": does not exist"});
  EXPECT_EQ(problems_of([&] { load(folder.path(""), environment()); }),
            Lines{folder.path("") + ": cannot be read: it is not a regular file"});
  const std::string large = folder.write("large.yaml", std::string(max_file_bytes + 1, '#'));
  EXPECT_EQ(problems_of([&] { load(large, environment()); }), Lines{large + ": is larger than 1024 KiB"});
}

TEST(Load, BadSyntaxInTwoFilesIsReportedForBoth) {
  const Folder folder;
  const std::string file = folder.write("x.yaml", "timezone: UTC\nlog: [info\n");
  const std::string drop_in = folder.write("conf.d/a.yaml", "log: {\n");
  const auto lines = problems_of([&] { load(file, environment()); });
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_TRUE(lines[0].starts_with(drop_in + ":2: not valid YAML: ")) << lines[0];
  EXPECT_TRUE(lines[1].starts_with(file + ":3: not valid YAML: ")) << lines[1];
}

TEST(ChangedKeys, NameWhatAReloadChanged) {
  const Loaded before =
      read("database: {pool: 2, url: \"host=a password=canary\"}\nplugins: {options: {kpi: {a: 1}}}\n");
  const Loaded after = read(
      "database: {pool: 3, url: \"host=a password=other\"}\nplugins: {options: {kpi: {a: 2}}}\n"
      "collectors: {kpi: {every: 5s}}\n");
  EXPECT_THAT(changed_keys(before, after),
              ElementsAre("collectors.kpi.enabled", "collectors.kpi.every", "collectors.kpi.jitter", "database.pool",
                          "database.url", "plugins.options.kpi"));
  EXPECT_THAT(changed_keys(before, before), ElementsAre());
}

}  // namespace
}  // namespace crm::config::testing
