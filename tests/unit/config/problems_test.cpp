// Every kind of mistake, and the exact line that answers it.
#include "config/options.h"
#include "support.h"

namespace crm::config::testing {
namespace {

// The problem of a file of one mistake, without the file's name.
std::string problem(const std::string& yaml) {
  const Lines lines = problems(yaml);
  if (lines.size() != 1) return std::to_string(lines.size()) + " problems, the first " + lines.front();
  static const std::string file = "/etc/x.yaml:";
  return lines.front().starts_with(file) ? lines.front().substr(file.size()) : lines.front();
}

TEST(UnknownKey, IsAnsweredWithTheNearest) {
  EXPECT_EQ(problems("\n\ncollectors:\n  kpi:\n    evry: 15s\n"),
            Lines{"/etc/x.yaml:5: collectors.kpi.evry: unknown key; did you mean 'every'?"});
  EXPECT_EQ(problem("Timezone: UTC"), "1: Timezone: unknown key; did you mean 'timezone'?");
  EXPECT_EQ(problem("databse: {pool: 1}"), "1: databse: unknown key; did you mean 'database'?");
}

TEST(UnknownKey, IsAnsweredWithTheSectionWhereItBelongs) {
  EXPECT_EQ(problem("pool: 4"), "1: pool: unknown key; did you mean 'pool' under 'database'?");
  EXPECT_EQ(problem("database.pool: 4"), "1: database.pool: unknown key; did you mean 'pool' under 'database'?");
}

TEST(UnknownKey, IsAnsweredWithWhatIsKnownThere) {
  EXPECT_EQ(problem("admin: {port: 1}"), "1: admin.port: unknown key; known here: listen");
  EXPECT_EQ(problem("log: {colour: true}"), "1: log.colour: unknown key; known here: level, format");
}

TEST(DuplicateKey, IsAnErrorInEveryMap) {
  EXPECT_EQ(problem("timezone: UTC\nlog: {level: info}\ntimezone: UTC\n"),
            "3: timezone: stands twice in one map; the first is in line 1");
  EXPECT_EQ(problem("plugins:\n  options:\n    kpi:\n      a: 1\n      a: 2\n"),
            "5: plugins.options.kpi.a: stands twice in one map; the first is in line 4");
}

TEST(Syntax, IsReportedWithItsLine) {
  EXPECT_EQ(problem("timezone: UTC\n  log: info\n"), "2: not valid YAML: illegal map value");
  EXPECT_EQ(problem("log: {level: info\n"), "2: not valid YAML: end of map flow not found");
}

TEST(Value, OfTheWrongKindIsRefused) {
  EXPECT_EQ(problem("database: {pool: many}"), "1: database.pool: 'many' is not a whole number");
  EXPECT_EQ(problem("database: {pool: 4.5}"), "1: database.pool: '4.5' is not a whole number");
  EXPECT_EQ(problem("database: {pool: [4]}"), "1: database.pool: must be a whole number, not a list");
  EXPECT_EQ(problem("database: {pool: {}}"), "1: database.pool: must be a whole number, not a map");
  EXPECT_EQ(problem("database: {pool: }"), "1: database.pool: has no value; give a whole number, or remove the key");
  EXPECT_EQ(problem("cost: {agent_hour: cheap}"), "1: cost.agent_hour: 'cheap' is not a number");
  EXPECT_EQ(problem("sla: {count_bot_replies: yes}"), "1: sla.count_bot_replies: 'yes' is neither true nor false");
  EXPECT_EQ(problem("database: UTC"), "1: database: must be a map of options, not one value");
  EXPECT_EQ(problem("collectors: [kpi]"), "1: collectors: must be a map of options, not a list");
  EXPECT_EQ(problem("plugins: {options: {kpi: 1}}"), "1: plugins.options.kpi: must be a map of options");
  EXPECT_EQ(problem("plugins: {load: kpi}"), "1: plugins.load: must be a list of names such as [kpi], not 'kpi'");
  EXPECT_EQ(problem("timezone: ''"), "1: timezone: must not be empty");
}

TEST(Duration, WithoutUnitOrOutOfRangeIsRefused) {
  EXPECT_EQ(problem("collectors: {kpi: {every: 15}}"),
            "1: collectors.kpi.every: '15' has no unit; write 15s, 15m or 15h");
  EXPECT_EQ(problem("collectors: {kpi: {every: soon}}"),
            "1: collectors.kpi.every: 'soon' is not a duration; write it like 500ms, 15s, 5m, 1h30m or 7d");
  EXPECT_EQ(problem("collectors: {kpi: {every: 999ms}}"), "1: collectors.kpi.every: must be 1s to 7d, not '999ms'");
  EXPECT_EQ(problem("collectors: {kpi: {timeout: 0s}}"), "1: collectors.kpi.timeout: must be 100ms to 1h, not '0s'");
  EXPECT_EQ(problem("agents: {max_span: 1h1ms}"), "1: agents.max_span: must be whole seconds, not '1h1ms'");
}

TEST(Number, OutOfRangeIsRefused) {
  EXPECT_EQ(problem("database: {pool: 0}"), "1: database.pool: must be 1 to 64, not '0'");
  EXPECT_EQ(problem("trend: {dead_band: -1}"), "1: trend.dead_band: must be 0 to 1000, not '-1'");
  EXPECT_EQ(problem("trend: {metrics: {messagesToday: 1001}}"),
            "1: trend.metrics.messagesToday: must be 0 to 1000, not '1001'");
  EXPECT_EQ(problem("cost: {agent_hour: .nan}"), "1: cost.agent_hour: '.nan' is not a number");
}

TEST(Text, OutOfItsFormIsRefused) {
  EXPECT_EQ(problem("cost: {currency: usd}"), "1: cost.currency: must be three capital letters such as USD, not 'usd'");
  EXPECT_EQ(problem("log: {level: loud}"), "1: log.level: must be one of trace, debug, info, warn, error, not 'loud'");
  EXPECT_EQ(problem("api: {auth: jwt}"), "1: api.auth: must be none, not 'jwt'");
  EXPECT_EQ(problem("database: {schema: \"a; drop\"}"),
            "1: database.schema: must be a schema's name (letters, digits and _), not 'a; drop'");
  EXPECT_EQ(problem("admin: {listen: 9464}"), "1: admin.listen: '9464' is no address: it must be host:port");
  EXPECT_EQ(problem("admin: {listen: 'localhost:99999'}"),
            "1: admin.listen: 'localhost:99999' is no address: port '99999' is not 0 to 65535");
}

TEST(Names, AreCheckedOneByOne) {
  EXPECT_EQ(problem("plugins: {load: [kpi, kpi]}"), "1: plugins.load: names 'kpi' twice");
  EXPECT_EQ(problem("plugins: {load: [../evil]}"),
            "1: plugins.load: '../evil' is not a name; use letters, digits, - and _");
  EXPECT_EQ(problem("plugins: {load: [[kpi]]}"),
            "1: plugins.load: must be a list of names such as [kpi], each one a single text");
  EXPECT_EQ(problem("collectors: {custom/top-contacts: {every: 5s}, kpi: {}}"), "(valid)");
  EXPECT_EQ(problem("collectors: {other/x: {}}"),
            "1: collectors.other/x: 'other/x' is not a name; use letters, digits, - and _");
  EXPECT_EQ(problem("plugins: {load: [custom/x]}"),
            "1: plugins.load: 'custom/x' is not a name; use letters, digits, - and _");
  EXPECT_EQ(problem("collectors: {'a.b': {}}"), "1: collectors.a.b: 'a.b' is not a name; use letters, digits, - and _");
}

TEST(PeakHours, AreAutoOrAList) {
  EXPECT_EQ(problem("load: {peak_hours: 9-12}"),
            "1: load.peak_hours: must be auto or a list such as [9-12, 14], not '9-12'");
  EXPECT_EQ(problem("load: {peak_hours: []}"), "1: load.peak_hours: must name at least one hour, or be auto");
  EXPECT_EQ(problem("load: {peak_hours: [25]}"),
            "1: load.peak_hours: '25' is not a range of hours; write 9-12 (from 9 to 12 o'clock) or 14 (one hour)");
}

TEST(Rules, HoldBetweenOptions) {
  EXPECT_EQ(problem("collectors: {kpi: {every: 1m, stale_after: 30s}}"),
            "1: collectors.kpi.stale_after: must be at least every (1m), not 30s");
  EXPECT_EQ(problem("collectors: {kpi: {every: 7h, aligned: true}}"),
            "1: collectors.kpi.every: must divide a day evenly because aligned is true; 7h does not");
  EXPECT_EQ(problem("collectors: {kpi: {every: 10s, jitter: 10s}}"),
            "1: collectors.kpi.jitter: must be less than every (10s)");
  EXPECT_EQ(problem("api: {listen: '0.0.0.0:8080'}"),
            "1: api.listen: api.auth is none, which lets in anybody who can reach 0.0.0.0:8080; listen on 127.0.0.1 or "
            "[::1]");
  EXPECT_EQ(problem("api: {listen: '127.0.0.1:9464'}"),
            "1: api.listen: is the address of admin.listen too; give each its own port");
  EXPECT_EQ(problem("campaign: {conversion_window: 40d}"),
            "1: campaign.conversion_window: 40d is longer than rollup.horizon (35d)");
  EXPECT_EQ(problem("plugins: {options: {kip: {}}}"),
            "1: plugins.options.kip: plugins.load does not name kip; did you mean 'kpi'?");
  EXPECT_EQ(problem("plugins: {load: [], options: {kpi: {}}}"),
            "1: plugins.options.kpi: plugins.load does not name kpi; add it there, or remove its options");
  EXPECT_EQ(problem("api: {listen: '127.0.0.1:0'}\nadmin: {listen: '127.0.0.1:0'}"), "(valid)");
}

TEST(Problems, OfOneFileAreAllReportedInTheirOrder) {
  EXPECT_EQ(
      problems("log:\n  level: loud\nevery: 5\ndatabase:\n  pool: 0\n  timezone: UTC\napi: {listen: '[::]:80'}\n"),
      (Lines{
          "/etc/x.yaml:2: log.level: must be one of trace, debug, info, warn, error, not 'loud'",
          "/etc/x.yaml:3: every: unknown key; did you mean 'every' under 'collectors.<name>'?",
          "/etc/x.yaml:5: database.pool: must be 1 to 64, not '0'",
          "/etc/x.yaml:6: database.timezone: unknown key; known here: url, write_url, schema, pool, connect_timeout, "
          "statement_timeout, acquire_timeout, catalog_refresh, application_name",
          "/etc/x.yaml:7: api.listen: api.auth is none, which lets in anybody who can reach [::]:80; listen on "
          "127.0.0.1 or [::1]"}));
}

TEST(Problems, SayWhichVariableAValueCameFrom) {
  EXPECT_EQ(problems("collectors: {kpi: {every: '${EVERY}'}}", environment({{"EVERY", "5"}})),
            Lines{"/etc/x.yaml:1: collectors.kpi.every: '5' (from ${EVERY}) has no unit; write 5s, 5m or 5h"});
  EXPECT_EQ(problems("\ntimezone: ${TZ}\n"),
            Lines{"/etc/x.yaml:2: timezone: TZ is not set: set the variable, or TZ_FILE, or a credential TZ, or write "
                  "${TZ:-default}"});
}

TEST(Problems, OfVariablesAndOfValuesAreReportedTogether) {
  EXPECT_EQ(problems("timezone: ${TZ}\nlog: {level: loud}\n").size(), 2U);
}

TEST(Problems, NeverShowASecret) {
  EXPECT_EQ(
      problem("database: {url: canary}"),
      "1: database.url: must be postgresql://user@host/database, or keywords such as host=… dbname=…; or empty for "
      "none, not the value");
  for (const std::string value :
       {"canary", "mysql://u:canary@h/db", "\"canary\\ncanary\"", "[canary]", "{canary: 1}"}) {
    for (const std::string& line : problems("database: {url: " + value + "}")) {
      EXPECT_EQ(line.find("canary"), std::string::npos) << line;
      EXPECT_NE(line, "(valid)") << value;
    }
  }
}

// What a gateway must say besides this option of it; `kind` also of itself.
std::string rest_of_gateway(const std::string& option, bool with_kind) {
  if (option == "url") return "    kind: cloud\n    phone_ids: ['1']\n";
  return std::string(option == "kind" && !with_kind ? "" : "    kind: waha\n") + "    url: http://h\n";
}

// `value` as the value of the option, inside its sections.
std::string yaml_of(const Option& option, const std::string& value, bool with_kind = false) {
  std::string yaml;
  std::string indent;
  for (const std::string& step : split_key(option.key)) {
    yaml += (yaml.empty() ? "" : "\n") + indent + (step == "*" ? "kpi" : step) + ":";
    indent += "  ";
  }
  yaml += " " + value + "\n";
  if (option.key.starts_with("gateways.")) yaml += rest_of_gateway(split_key(option.key).back(), with_kind);
  return yaml;
}

std::string key_of(const Option& option) {
  std::string key(option.key);
  if (const auto star = key.find('*'); star != std::string::npos) key.replace(star, 1, "kpi");
  return key;
}

TEST(EveryOption, RefusesAWrongTypeAndNamesItself) {
  int tried = 0;
  for (const Option& option : options()) {
    const bool map_fits = option.kind.is == Kind::Is::anything;
    const bool text_fits = option.kind.is == Kind::Is::text || option.kind.is == Kind::Is::path;
    std::vector<std::string> wrong{"[[1]]", "[{a: 1}]"};
    if (!map_fits) wrong.insert(wrong.end(), {"{wrong: type}", "{}", "", "~"});
    if (!text_fits || option.key == "database.url") wrong.emplace_back("wrong-type");
    for (const std::string& value : wrong) {
      const std::string yaml = yaml_of(option, value);
      try {
        read(yaml);
        ADD_FAILURE() << "accepted: " << yaml;
      } catch (const Invalid& invalid) {
        ASSERT_EQ(invalid.problems.size(), 1U) << invalid.what();
        EXPECT_EQ(invalid.problems[0].key, key_of(option)) << yaml;
        EXPECT_EQ(invalid.problems[0].line, static_cast<int>(split_key(option.key).size())) << yaml;
        ++tried;
      }
    }
  }
  EXPECT_GT(tried, 200);
}

TEST(EveryOption, IsHelpedWhenItsNameIsMistyped) {
  for (const Option& option : options()) {
    const std::string last = split_key(option.key).back();
    if (last == "*") continue;
    std::string yaml = yaml_of(option, "1", true);
    yaml.insert(
        yaml.find(" " + last + ":") == std::string::npos ? last.size() - 1 : yaml.find(" " + last + ":") + last.size(),
        "x");  // one letter too many, before the last
    const Lines lines = problems(yaml);
    ASSERT_EQ(lines.size(), 1U) << yaml;
    EXPECT_TRUE(lines[0].ends_with("unknown key; did you mean '" + last + "'?")) << lines[0];
  }
}

TEST(EveryOption, HasAKeyOfItsOwnAHelpAndADefaultThatIsValid) {
  std::set<std::string_view> keys;
  for (const Option& option : options()) {
    EXPECT_TRUE(keys.insert(option.key).second) << option.key;
    EXPECT_TRUE(option.help.ends_with('.')) << option.key;
    if (!option.otherwise.empty()) {
      EXPECT_EQ(problems(yaml_of(option, std::string(option.otherwise))), Lines{"(valid)"}) << option.key;
    }
  }
}

}  // namespace
}  // namespace crm::config::testing
