// `crm-metricsd rollup`, `rollup status` and `rollup verify`: in the test's own process, and as processes that are
// stopped and killed.

#include <condition_variable>
#include <csignal>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/rollup.h"
#include "calendar/edge.h"
#include "cluster.h"
#include "history.h"
#include "rollup/only_one.h"
#include "sessions.h"
#include "support/rows.h"
#include "support/temporary_folder.h"

namespace {

using namespace crm::testing;
using crm::app::Command;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

struct Said {
  int status = 0;
  std::string out;
  std::string err;
};

constexpr int facts = 18;

class RollupCommand : public ::testing::Test {
 protected:
  RollupCommand() { configure(daemon_url(url_)); }

  void configure(const std::string& url, const std::string& more = "") const {
    folder_.write(
        "crm-metricsd.yaml",
        fmt::format("plugins: {{directory: /tmp, load: []}}\ntimezone: UTC\ndatabase: {{url: \"{}\"}}\n{}", url, more));
  }

  Said rollup(Command command = Command::rollup, crm::app::RollupOptions options = {}, bool terminal = false) const {
    crm::app::CommandLine line;
    line.command = command;
    line.config = folder_.path() / "crm-metricsd.yaml";
    line.rollup = options;
    std::ostringstream out;
    std::ostringstream err;
    crm::app::RollupConsole console{out, err, terminal};
    const int status = crm::app::rollup(line, console);
    return {status, out.str(), err.str()};
  }
  std::unique_ptr<Process> start(std::vector<std::string> words) const {
    words.insert(words.begin(), CRM_DAEMON);
    words.push_back("--config=" + (folder_.path() / "crm-metricsd.yaml").string());
    return std::make_unique<Process>(Process::Options{.command = words, .output = folder_.path() / "output"});
  }

  // A conversation with a question and an answer on each of the last days, and one failed message.
  void given_days(int days) const {
    execute(url_, fmt::format(R"(
      INSERT INTO profiles (id, full_name, role) VALUES ('{0}', 'ann', 'agent'), ('{1}', 'sue', 'supervisor');
      INSERT INTO team_members VALUES ('{1}', '{0}');
      CREATE TEMP TABLE day AS SELECT gen_random_uuid() AS conversation,
        date_trunc('day', now() AT TIME ZONE 'UTC') - i * interval '1 day' + interval '9 hours' AS at
        FROM generate_series(1, {2}) i;
      INSERT INTO conversations (id, assigned_agent_id, created_at, resolved_at) SELECT conversation, '{0}', at, at + interval '1 hour' FROM day;
      INSERT INTO messages (conversation_id, direction, sender_type, created_at) SELECT conversation, 'inbound', 'customer', at FROM day;
      INSERT INTO messages (conversation_id, direction, sender_type, created_at, delivery_status, failed_reason)
      SELECT conversation, 'outbound', 'agent', at + interval '4 minutes', 'failed', '131026: undeliverable' FROM day;
      DROP TABLE day)",
                              id("ann"), id("sue"), days));
  }

  std::string value(const std::string& sql) const { return scalar(url_, sql); }
  std::int64_t stored_days() const {
    return std::stoll(value("SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day'"));
  }
  std::string today() const { return value("SELECT (now() AT TIME ZONE 'UTC')::date"); }
  std::string days_ago(int days) const {
    return value(fmt::format("SELECT (now() AT TIME ZONE 'UTC')::date - {}", days));
  }

  // From the day on of which so many facts' days are stored, whoever stores another one waits for `gate`.
  void stop_at(int days) {
    execute(url_,
            fmt::format(
                "CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN "
                "IF NEW.grain = 'day' AND (SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day') >= {} "
                "THEN PERFORM pg_advisory_xact_lock(4711); END IF; RETURN NULL; END $$; "
                "CREATE TRIGGER gate AFTER INSERT OR UPDATE ON crm_metrics.fact_periods FOR EACH ROW EXECUTE "
                "FUNCTION wait_at_gate()",
                days));
    gate_ = std::make_unique<DatabaseSession>(url_);
    gate_->execute("BEGIN; SELECT pg_advisory_xact_lock(4711)");
  }
  bool somebody_waits() const {
    return eventually([&] {
      return value("SELECT count(*) > 0 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND objid = 4711") ==
             "t";
    });
  }
  void open_gate() {
    gate_->execute("ROLLBACK");
    execute(url_, "DROP TRIGGER gate ON crm_metrics.fact_periods");
  }

  const std::string url_ = with_history(cluster().create_reference_database());
  const TemporaryFolder folder_{"crm-rollup"};
  std::unique_ptr<DatabaseSession> gate_;
};

// --- filling

TEST_F(RollupCommand, CountsAllDaysThereAreAndSaysSo) {
  given_days(5);
  const Said first = rollup();
  EXPECT_EQ(first.status, 0) << first.err;
  EXPECT_THAT(first.out, MatchesRegex(fmt::format(
                             "rollup of {} to {}, UTC\n"
                             "stored: 6 days of 18 facts( \\([^)]*\\))? in [0-9.]+ s; analytics_snapshots of [12] "
                             "weeks? and conversation_metrics back to {} in [0-9.]+ s\n",
                             days_ago(5), today(), days_ago(5))));
  EXPECT_EQ(first.err, "analytics_snapshots: 0 weeks; conversation_metrics\n") << "each part begins with a line";
  EXPECT_EQ(stored_days(), 5 * facts);
  const Said second = rollup();
  EXPECT_EQ(second.status, 0);
  EXPECT_THAT(second.out,
              HasSubstr(fmt::format("stored: 6 days of 18 facts (0 counted, {} stored already) in ", 6 * facts)));
}

TEST_F(RollupCommand, CountsTheDaysThatItIsAskedFor) {
  given_days(9);
  const auto day = [&](int ago) { return crm::app::parse_day("from", days_ago(ago)); };
  const Said said = rollup(Command::rollup, {.from = day(6), .to = day(3)});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_THAT(said.out, StartsWith(fmt::format("rollup of {} to {}, UTC\n", days_ago(6), days_ago(3))));
  EXPECT_EQ(stored_days(), 4 * facts);
  const Said instants = rollup(Command::rollup, {.from = crm::app::parse_day("from", days_ago(8) + "T23:59:59Z"),
                                                 .to = crm::app::parse_day("to", days_ago(8) + "T00:00:00Z")});
  EXPECT_EQ(instants.status, 0) << instants.err;
  EXPECT_THAT(instants.out, StartsWith(fmt::format("rollup of {0} to {0}, UTC\n", days_ago(8))));
  const Said future = rollup(Command::rollup, {.from = day(1), .to = crm::app::parse_day("to", "2999-01-01")});
  EXPECT_EQ(future.status, 0) << future.err;
  EXPECT_THAT(future.out, StartsWith(fmt::format("rollup of {} to {}, UTC\n", days_ago(1), today())));
}

TEST_F(RollupCommand, DrawsABarOnATerminal) {
  given_days(3);
  const Said said = rollup(Command::rollup, {}, true);
  EXPECT_EQ(said.status, 0);
  EXPECT_THAT(said.err, HasSubstr("\n\ranalytics_snapshots: 0 weeks; conversation_metrics\x1b[K"));
  EXPECT_THAT(said.err, EndsWith("\n"));
}

TEST_F(RollupCommand, WithoutRowsThereIsNothingToCount) {
  const Said said = rollup();
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(said.out, "the CRM has no messages and no conversations yet: nothing to count\n");
}

// --- what cannot be done

TEST_F(RollupCommand, SaysInOneLineWhatIsMissing) {
  const auto error = [&](Command command = Command::rollup) {
    const Said said = rollup(command);
    EXPECT_EQ(said.status, 1);
    EXPECT_EQ(std::count(said.err.begin(), said.err.end(), '\n'), 1) << said.err;
    EXPECT_EQ(said.out, "");
    return said.err;
  };
  const std::string bare = cluster().create_reference_database();
  configure(daemon_url(bare));
  for (const Command each : {Command::rollup, Command::rollup_status, Command::rollup_verify}) {
    EXPECT_THAT(error(each), AllOf(StartsWith("crm-metricsd: there is no schema crm_metrics at 127.0.0.1:"),
                                   HasSubstr("crm-metricsd migrate --admin-url=…")));
  }
  configure(url_, "rollup: {store: false}\n");
  EXPECT_THAT(error(), StartsWith("crm-metricsd: rollup.store is false"));
  configure("");
  EXPECT_THAT(error(), StartsWith("crm-metricsd: database.url is not set"));
  configure(fmt::format("postgresql://postgres@127.0.0.1:{}/crm", free_port()));
  EXPECT_THAT(error(), AllOf(StartsWith("crm-metricsd: database: "), HasSubstr("refused")));
  execute(url_,
          "DO $$ BEGIN CREATE ROLE reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; GRANT USAGE ON "
          "SCHEMA crm_metrics, crm_source TO reader; GRANT SELECT ON ALL TABLES IN SCHEMA crm_metrics TO reader; "
          "GRANT SELECT ON ALL TABLES IN SCHEMA crm_source TO reader");
  std::string reader = url_;
  configure(reader.replace(reader.find("postgres@"), 8, "reader"));
  EXPECT_EQ(error(),
            "crm-metricsd: the role of database.url may not write the schema crm_metrics: deploy/roles.sql makes "
            "one that may\n");
  EXPECT_EQ(rollup(Command::rollup_status).status, 0) << "that needs no right to write";
}

TEST_F(RollupCommand, RefusesDaysThatAreNone) {
  const auto error = [&](const char* from, const char* to) {
    crm::app::RollupOptions options;
    if (*from != '\0') options.from = crm::app::parse_day("from", from);
    if (*to != '\0') options.to = crm::app::parse_day("to", to);
    const Said said = rollup(Command::rollup, options);
    EXPECT_EQ(said.status, 1);
    return said.err;
  };
  EXPECT_EQ(error("2026-03-02", "2026-03-01"),
            "crm-metricsd: --from (2026-03-02) is after --to (2026-03-01): give the earlier day first\n");
  EXPECT_THAT(error("2999-01-01", ""),
              MatchesRegex("crm-metricsd: --from is [-0-9]+, after today \\([-0-9]+\\): give an "
                           "earlier day\n"));
  EXPECT_EQ(error("1969-12-31", ""), "crm-metricsd: --from is 1969-12-31: nothing is counted before 1970\n");
}

TEST_F(RollupCommand, RefusesWhatIsNoDayAndOptionsOfOtherCommands) {
  const auto refused = [&](const std::vector<std::string>& words) {
    auto process = start(words);
    EXPECT_EQ(process->wait(std::chrono::seconds(20)), 2);
    return process->output();
  };
  const std::string day =
      "give a day such as 2026-03-01, or an instant within it such as 2026-03-01T08:00:00Z; see "
      "crm-metricsd --help\n";
  EXPECT_EQ(refused({"rollup", "--from=yesterday"}), "crm-metricsd: --from is 'yesterday': " + day);
  EXPECT_EQ(refused({"rollup", "--to= "}), "crm-metricsd: --to is ' ': " + day);
  EXPECT_EQ(refused({"rollup", "--to=2026-02-30"}), "crm-metricsd: --to is '2026-02-30': " + day);
  EXPECT_EQ(refused({"rollup", "--from=2026-03-01T08:00:00"}), "crm-metricsd: --from is '2026-03-01T08:00:00': " + day);
  EXPECT_THAT(refused({"rollup", "--from="}), HasSubstr("from"));
  EXPECT_THAT(refused({"rollup", "verify", "--windows=0"}),
              StartsWith("crm-metricsd: --windows is '0': give a whole number from 1 to 1000000"));
  EXPECT_THAT(refused({"rollup", "verify", "--seed=x"}),
              StartsWith("crm-metricsd: --seed is 'x': give a whole number"));
  EXPECT_THAT(refused({"serve", "--from=2026-03-01"}), StartsWith("crm-metricsd: --from is an option of rollup;"));
  EXPECT_THAT(refused({"rollup", "status", "--to=2026-03-01"}),
              StartsWith("crm-metricsd: --to is an option of rollup;"));
  EXPECT_THAT(refused({"rollup", "--seed=1"}), StartsWith("crm-metricsd: --seed is an option of rollup verify;"));
  EXPECT_THAT(refused({"rollup", "--yes"}), StartsWith("crm-metricsd: --yes is an option of migrate;"));
  EXPECT_THAT(refused({"rollup", "stats"}), HasSubstr("did you mean 'rollup status'?"));
}

// --- broken off

TEST_F(RollupCommand, GoesOnWhereItWasKilled) {
  given_days(12);
  stop_at(4 * facts);
  const auto process = start({"rollup"});
  ASSERT_TRUE(somebody_waits()) << process->output();
  process->signal(SIGKILL);
  EXPECT_EQ(process->wait(std::chrono::seconds(20)), 128 + SIGKILL);
  open_gate();
  // What the dead process had begun ends when the server notices.
  ASSERT_TRUE(eventually([&] {
    return value(
               "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = "
               "'rollup_state'") == "0";
  }));
  const auto before = stored_days();
  EXPECT_GT(before, 0);
  EXPECT_LT(before, 12 * facts);
  execute(url_, "CREATE TABLE kept AS SELECT * FROM crm_metrics.fact_periods WHERE grain = 'day'");
  const Said said = rollup();
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(stored_days(), 12 * facts);
  EXPECT_EQ(
      value("SELECT count(*) FROM kept k JOIN crm_metrics.fact_periods p USING (fact, grain, start) WHERE p.as_of <> "
            "k.as_of"),
      "0")
      << "what was stored is not counted again";
  EXPECT_EQ(rollup(Command::rollup_verify, {.windows = 60, .seed = 5}).status, 0);
}

TEST_F(RollupCommand, StopsOnASignalAndSaysHowToGoOn) {
  given_days(12);
  for (const int number : {SIGINT, SIGTERM}) {
    execute(url_, "DELETE FROM crm_metrics.fact_periods");
    stop_at(4 * facts);
    const auto process = start({"rollup"});
    ASSERT_TRUE(somebody_waits()) << process->output();
    process->signal(number);
    EXPECT_EQ(process->wait(std::chrono::seconds(20)), 128 + number) << process->output();
    EXPECT_THAT(
        process->output(),
        MatchesRegex(
            "rollup of [^\n]*\n( [^\n]*\n)*stopped: [0-9]+ of 1[23] days are stored(, all from [-0-9]+ on)?; what "
            "was begun is undone; the same command goes on from here\n"));
    open_gate();
    execute(url_, "DROP FUNCTION wait_at_gate()");
    EXPECT_LT(stored_days(), 12 * facts);
  }
  EXPECT_EQ(rollup().status, 0);
  EXPECT_EQ(stored_days(), 12 * facts);
}

TEST_F(RollupCommand, ASecondOneWaitsAndSaysSo) {
  given_days(2);
  const crm::source::Postgres postgres({.url = daemon_url(url_)}, {});
  auto first = std::make_unique<crm::rollup::OnlyOne>(postgres, "crm_metrics");
  ASSERT_TRUE(first->try_to_be());
  const auto second = start({"rollup"});
  ASSERT_TRUE(
      eventually([&] { return std::filesystem::exists(folder_.path() / "output") && !second->output().empty(); }));
  EXPECT_EQ(second->output(), "another crm-metricsd rollup is at work here: waiting for it to end\n");
  EXPECT_TRUE(second->running());
  first.reset();
  EXPECT_EQ(second->wait(std::chrono::seconds(20)), 0);
  EXPECT_EQ(stored_days(), 2 * facts);
}

// --- status and verify

TEST_F(RollupCommand, StatusSaysWhatIsStored) {
  given_days(3);
  const Said nothing = rollup(Command::rollup_status);
  EXPECT_EQ(nothing.status, 0) << nothing.err;
  EXPECT_THAT(nothing.out,
              AllOf(HasSubstr("\nlast step    none yet\n"),
                    HasSubstr("\nchange feed  triggers note every write; the next step begins to trust them\n"),
                    HasSubstr("\nchanges      14 wait to be counted, the oldest for "),
                    ::testing::ContainsRegex("\nsla +nothing ")));
  rollup();
  execute(
      url_,
      "UPDATE crm_metrics.fact_periods SET frozen = true WHERE fact = 'sla' AND grain = 'day' AND start = "
      "(SELECT min(start) FROM crm_metrics.fact_periods); UPDATE crm_metrics.fact_periods SET stale_since = now() "
      "WHERE fact = 'turns' AND grain = 'hour' AND start = (SELECT min(start) FROM crm_metrics.fact_periods); "
      "UPDATE crm_metrics.fact_periods SET version = 'x' WHERE fact = 'turns' AND grain = 'day'; "
      "INSERT INTO crm_metrics.fact_periods (fact, grain, start, until, version, as_of) VALUES ('left_over', 'day', "
      "'2026-01-01', '2026-01-02', 'y', '2026-01-02')");
  const Said said = rollup(Command::rollup_status);
  EXPECT_EQ(said.status, 0);
  const std::string from = days_ago(3) + " 00:00";
  EXPECT_THAT(said.out, StartsWith("own schema   crm_metrics, "));
  EXPECT_THAT(said.out, HasSubstr("\ncounters     begin with the first step\n"));
  EXPECT_THAT(said.out, HasSubstr("\nchange feed  triggers note every write since " + today()));
  const auto row = [&](const std::string& fact, const std::string& numbers) {
    return ::testing::ContainsRegex(
        fmt::format("\n{} +{}  {} [0-9:]+ +3 +[0-9]+ +[0-9]+ +{}", fact, from, today(), numbers));
  };
  EXPECT_THAT(said.out, row("messages", "0 +0 +0 +0 +[0-9]+ kB\n"));
  EXPECT_THAT(said.out, row("message_failures", "0 +0 +0 +0 +in fact_values\n"));
  EXPECT_THAT(said.out, row("sla", "0 +0 +1 +0 +[0-9]+ kB\n"));
  EXPECT_THAT(said.out, row("turns", "1 +0 +0 +3 +[0-9]+ kB\n"));
  EXPECT_THAT(said.out, HasSubstr("\nleft_over (unknown)"));
  EXPECT_THAT(said.out, ::testing::ContainsRegex("\nfact_values +[0-9]+ kB\n"));
  execute(url_, "ALTER TABLE messages DISABLE TRIGGER USER");
  EXPECT_THAT(
      rollup(Command::rollup_status).out,
      HasSubstr("\nchange feed  no trigger notes: message insert, message update, message delete, message truncate; "
                "crm-metricsd check prints what to do\n"));
}

TEST_F(RollupCommand, VerifyEndsWithOneAfterADifference) {
  given_days(6);
  const Said nothing = rollup(Command::rollup_verify);
  EXPECT_EQ(nothing.status, 1);
  EXPECT_EQ(nothing.err, "crm-metricsd: nothing is stored yet: run crm-metricsd rollup, or a daemon\n");
  rollup();
  const Said well = rollup(Command::rollup_verify, {.windows = 40, .seed = 3});
  EXPECT_EQ(well.status, 0) << well.out;
  EXPECT_THAT(well.out,
              MatchesRegex("40 windows, 740 answers, [0-9]+ numbers, [0-9]+ stored periods read: no difference "
                           "\\(seed 3\\)\n"));
  execute(url_, "UPDATE crm_metrics.fact_turns SET response_ms = response_ms + 60000 WHERE agent = '*'");
  const Said ill = rollup(Command::rollup_verify, {.windows = 40, .seed = 3});
  EXPECT_EQ(ill.status, 1);
  EXPECT_THAT(ill.out,
              ::testing::ContainsRegex(
                  "DIFFERENT  turns from [-0-9T:.]+Z to [-0-9T:.]+Z, everyone, (from [-0-9T:.]+Z, )?(unassigned, )?"
                  "response_ms: stored [0-9]+, rows say [0-9]+\n"));
  EXPECT_THAT(ill.out, ::testing::ContainsRegex("stored periods read: [0-9]+ DIFFERENT \\(seed 3\\)\n"));
}

// --- the past for Prometheus

class RollupExport : public RollupCommand {
 protected:
  void load_plugins(const std::string& names) const {
    folder_.write(
        "crm-metricsd.yaml",
        fmt::format("plugins: {{directory: {}/plugins, load: {}}}\ntimezone: UTC\ndatabase: {{url: \"{}\"}}\n",
                    CRM_BINARY_DIR, names, daemon_url(url_)));
  }

  static crm::calendar::Edge instant(const std::string& iso) { return crm::parse_instant(iso).value(); }

  // Seconds of the UTC day → value, of one series of a text.
  static std::map<int, std::string> values(const std::string& text, const std::string& series) {
    std::map<int, std::string> found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(series + " ")) continue;
      std::istringstream words(line.substr(series.size()));
      std::string value;
      double at = 0;
      words >> value >> at;
      found[static_cast<int>(at) % 86'400] = value;
    }
    return found;
  }
};

TEST_F(RollupExport, IsWhatAScrapeOfEachInstantWouldHaveSeen) {
  given_days(2);
  load_plugins("[kpi, conversation-effectiveness, whatsapp-performance]");
  const std::string day = days_ago(1);
  for (const bool stored : {false, true}) {
    if (stored) {
      EXPECT_EQ(rollup().status, 0);
    }
    const Said said = rollup(Command::rollup_export, {.from = instant(day + "T08:30:00Z"),
                                                      .to = instant(day + "T10:30:00Z"),
                                                      .step = std::chrono::minutes(30),
                                                      .labels = {{"job", "crm"}}});
    EXPECT_EQ(said.status, 0) << said.err;
    EXPECT_THAT(said.err, HasSubstr("of 5 instants"));
    constexpr int half_past_eight = (8 * 60 + 30) * 60;
    const auto of = [&](const std::string& series) {
      std::vector<std::string> all;
      int at = half_past_eight;
      for (const auto& [second, value] : values(said.out, series)) {
        EXPECT_EQ(second, at) << series;
        at += 1'800;
        all.push_back(value);
      }
      return all;
    };
    // Created at 9:00 and asked then, answered at 9:04 by a message that fails, resolved at 10:00.
    EXPECT_THAT(of("crm_conversations_active{job=\"crm\"}"), ::testing::ElementsAre("0", "1", "1", "0", "0"));
    EXPECT_THAT(of("crm_conversations_created_total{job=\"crm\"}"), ::testing::ElementsAre("0", "0", "1", "1", "1"));
    EXPECT_THAT(of("crm_conversations_resolved_total{job=\"crm\"}"), ::testing::ElementsAre("0", "0", "0", "0", "1"));
    EXPECT_THAT(of("crm_response_seconds_sum{job=\"crm\"}"), ::testing::ElementsAre("0", "0", "240", "240", "240"));
    EXPECT_THAT(of("crm_response_seconds_bucket{job=\"crm\",le=\"300\"}"),
                ::testing::ElementsAre("0", "0", "1", "1", "1"));
    EXPECT_THAT(of("crm_message_failures_total{job=\"crm\",code=\"131026\",fault=\"recipient\"}"),
                ::testing::ElementsAre("0", "0", "1", "1", "1"));
    EXPECT_THAT(of("crm_sla_target_seconds{job=\"crm\"}"), ::testing::ElementsAre("300", "300", "300", "300", "300"));
    EXPECT_THAT(said.out, Not(HasSubstr("\ncrm_sessions")));
    EXPECT_THAT(said.out, Not(HasSubstr("\ncrm_queue_")));
    EXPECT_THAT(said.out, EndsWith("\n# EOF\n"));
    const auto file = folder_.write("past.txt", said.out);
    const Finished made = run({"promtool", "tsdb", "create-blocks-from", "openmetrics", file.string(),
                               (folder_.path() / (stored ? "stored" : "live")).string()});
    EXPECT_EQ(made.status, 0) << made.output;
    EXPECT_THAT(made.output, HasSubstr("BLOCK ULID"));
  }
}

TEST_F(RollupExport, ADayIsTheBusinesssAndTodayEndsNow) {
  given_days(1);
  load_plugins("[kpi]");
  const auto day = std::get<std::chrono::sys_days>(crm::calendar::parse_edge("from", days_ago(1)));
  const Said said = rollup(Command::rollup_export, {.from = day, .to = day, .step = std::chrono::hours(1)});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(values(said.out, "crm_conversations_active").size(), 24U);
  const Said nothing = rollup(Command::rollup_export, {.from = day, .to = day - std::chrono::days(1)});
  EXPECT_EQ(nothing.status, 1);
  EXPECT_THAT(nothing.err, StartsWith("crm-metricsd: there is no step of 5 min from "));
}

TEST_F(RollupExport, KnowsTheInstantAtWhichADayBegins) {
  given_days(2);
  load_plugins("[conversation-effectiveness, customer-load]");
  const std::string midnight = days_ago(1) + "T00:00:00Z";
  const Said said = rollup(Command::rollup_export, {.from = instant(midnight), .to = instant(midnight)});
  EXPECT_EQ(said.status, 0) << said.err;
  EXPECT_EQ(values(said.out, "crm_chats_hour_of_week{day=\"0\",hour=\"0\"}").size(), 1U);
  EXPECT_EQ(values(said.out, "crm_conversations_created_total").size(), 1U);
}

TEST_F(RollupExport, SaysWhichCollectorToldNothing) {
  given_days(1);
  load_plugins("[kpi]");
  execute(url_, "ALTER VIEW crm_source.tickets RENAME COLUMN priority TO importance");
  const auto day = std::get<std::chrono::sys_days>(crm::calendar::parse_edge("from", days_ago(1)));
  const Said said = rollup(Command::rollup_export, {.from = day, .to = day, .step = std::chrono::hours(12)});
  EXPECT_EQ(said.status, 1);
  EXPECT_THAT(said.err, HasSubstr("collector kpi: nothing of 2 of 2 instants: "));
  EXPECT_THAT(said.err, HasSubstr("has no column priority"));
}

}  // namespace
