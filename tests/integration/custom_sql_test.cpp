// Collectors that are written in YAML, from their file to the answers of a real PostgreSQL. Unless a test says
// otherwise it is 10 March 2026, 15:00 UTC, and the window is today.

#include <filesystem>
#include <fstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "config/config.h"
#include "crm_fixture.h"
#include "section_house.h"
#include "support/temporary_folder.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const Instant now = at("2026-03-10T15:00:00Z");
const Scope owner = Scope::everyone();
const auto examples = std::filesystem::path(CRM_SOURCE_DIR) / "plugins/custom-sql/examples";

// A configuration with drop-ins, read as the daemon reads it.
class Configuration {
 public:
  Configuration() : folder_("crm-custom-sql") {
    std::filesystem::create_directories(folder_.path() / "conf.d");
    folder_.write("crm.yaml", "plugins: {load: [custom-sql]}\n");
  }
  void copy(const std::filesystem::path& file) { std::filesystem::copy_file(file, drop_in(file.filename())); }
  void write(const std::string& name, const std::string& yaml) { std::ofstream(drop_in(name)) << yaml; }
  // The same of collectors only, without what stands above them.
  void collectors(const std::string& name, const std::string& yaml) {
    write(name, "plugins:\n  options:\n    custom-sql:\n      collectors:\n" + yaml);
  }

  std::unique_ptr<config::PluginOptions> read() const {
    return config::load(folder_.path() / "crm.yaml", config::Environment{}).plugin_options("custom-sql");
  }
  // What is said against it, without the folder; all of the lines that the daemon would log.
  std::vector<std::string> problems() const {
    try {
      const auto options = read();
      try {
        crm_plugin_descriptor()->factory(*options);
      } catch (const ConfigError& error) {
        return texts({options->problem(error)});
      }
      return texts(options->unknown());
    } catch (const config::Invalid& invalid) {
      return texts(invalid.problems);
    }
  }

 private:
  std::filesystem::path drop_in(const std::filesystem::path& name) const { return folder_.path() / "conf.d" / name; }
  std::vector<std::string> texts(const std::vector<config::Problem>& problems) const {
    std::vector<std::string> texts;
    const std::string folder = (folder_.path() / "conf.d").string() + "/";
    for (const config::Problem& problem : problems) {
      std::string text = problem.text();
      if (text.starts_with(folder)) text.erase(0, folder.size());
      texts.push_back(std::move(text));
    }
    return texts;
  }

  TemporaryFolder folder_;
};

class CustomSql : public OnEveryCrm {
 protected:
  // Ann in sue's team, and bob.
  void given_people() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob"}, Agent{.name = "sue", .role = "supervisor"});
  }

  SectionAnswer ask(const std::string& section, const Scope& scope = owner, int days = 1) {
    if (!house_) house_ = std::make_unique<SectionHouse>(url_, Settings{}, *configuration_.read());
    return house_->ask_with_samples(
        {now, utc_calendar().last_days(now, days), scope, {}, &utc_calendar(), false, "custom/" + section});
  }
  std::string fault(const std::string& section, const Scope& scope = owner) {
    try {
      ask(section, scope);
    } catch (const ContractError& error) {
      std::string text = error.what();
      const auto end = text.find("/conf.d/");
      return end == std::string::npos ? text : text.erase(0, end + 8);
    }
    return "(no contract fault)";
  }

  Configuration configuration_;
  std::unique_ptr<SectionHouse> house_;
};
CRM_ON_EVERY_CRM(CustomSql);

Json cells(const SectionAnswer& answer, const std::string& column) {
  Json cells = Json::array();
  for (const Json& row : answer["rows"]) cells.push_back(row.at(column));
  return cells;
}

// --- the examples ----------------------------------------------------------------------------------------------------

TEST_P(CustomSql, ExampleOfTheOldestOpenTicket) {
  configuration_.copy(examples / "oldest-open-ticket.yaml");
  EXPECT_THAT(configuration_.problems(), IsEmpty());
  given_people();
  given(Ticket{.agent = "ann", .priority = "high", .created = "2026-03-10 14:00"},
        Ticket{.agent = "ann", .priority = "high", .created = "2026-03-10 14:30"},
        Ticket{.agent = "bob", .priority = "high", .created = "2026-03-10 12:00"},
        Ticket{.agent = "sue", .priority = "low", .created = "2026-03-10 14:59"},
        Ticket{.priority = "low", .created = "2026-03-10 14:58"},
        Ticket{.agent = "bob", .priority = "low", .created = "2026-03-01 09:00", .resolved = "2026-03-02 09:00"});
  const SectionAnswer all = ask("oldest-open-ticket");
  EXPECT_THAT(all.samples,
              UnorderedElementsAre(Pair("crm_custom_open_tickets high", 3), Pair("crm_custom_open_tickets low", 2),
                                   Pair("crm_custom_oldest_open_ticket_seconds high", 3 * 3600),
                                   Pair("crm_custom_oldest_open_ticket_seconds low", 120)));
  EXPECT_EQ(cells(all, "oldest_seconds"), Json({10'800.0, 3'600.0, 120.0, 60.0}));
  EXPECT_EQ(all["rows"][2]["agent_id"], nullptr) << "the one that is nobody's";
  EXPECT_EQ(all["truncated"], false);
  EXPECT_EQ(cells(ask("oldest-open-ticket", agent("bob")), "oldest_seconds"), Json({10'800.0}));
  EXPECT_EQ(cells(ask("oldest-open-ticket", agent("ann")), "tickets"), Json({2}));
  EXPECT_EQ(cells(ask("oldest-open-ticket", supervisor("sue")), "tickets"), Json({2, 1})) << "ann's and her own";
  EXPECT_EQ(ask("oldest-open-ticket", agent("nobody"))["rows"], Json::array());
}

TEST_P(CustomSql, ExampleOfUnansweredConversations) {
  configuration_.copy(examples / "unanswered-conversations.yaml");
  EXPECT_THAT(configuration_.problems(), IsEmpty());
  given_people();
  const auto conversation = [&](const char* name, const char* asked, const char* answered = "",
                                const char* again = "") {
    given(Conversation{.name = name, .agent = "ann", .created = "2026-03-09 08:00"});
    given(Message{.conversation = name, .sender = "customer", .at = asked});
    if (*answered != '\0') given(Message{.conversation = name, .sender = "agent", .at = answered});
    if (*again != '\0') given(Message{.conversation = name, .sender = "customer", .at = again});
  };
  conversation("c1", "2026-03-10 14:56");                                          // 240 s
  conversation("c2", "2026-03-10 14:00");                                          // 3600 s, which is within its bound
  conversation("c3", "2026-03-09 09:00");                                          // 30 h
  conversation("c4", "2026-03-10 09:00", "2026-03-10 09:01");                      // answered
  conversation("c5", "2026-03-10 09:00", "2026-03-10 09:01", "2026-03-10 14:59");  // 60 s, since it was asked again
  const SectionAnswer answer = ask("unanswered-conversations");
  ASSERT_THAT(answer["rows"], SizeIs(1));
  const Json& row = answer["rows"][0];
  EXPECT_EQ(row["up_to_5m"], 2);
  EXPECT_EQ(row["up_to_1h"], 3);
  EXPECT_EQ(row["up_to_4h"], 3);
  EXPECT_EQ(row["up_to_1d"], 3);
  EXPECT_EQ(row["conversations"], 4);
  EXPECT_THAT(answer.samples, ElementsAre(Pair("crm_custom_unanswered_seconds", 240 + 3'600 + 30 * 3'600 + 60)));
  EXPECT_EQ(house_->collector().describe().access, Access::owner_and_admin);
}

TEST_P(CustomSql, ExampleOfTheBusiestContacts) {
  configuration_.copy(examples / "top-contacts.yaml");
  EXPECT_THAT(configuration_.problems(), IsEmpty());
  given_people();
  const auto messages = [&](const char* conversation, const char* agent, const char* contact, int count, int day) {
    given(Contact{.name = contact});
    given(Conversation{.name = conversation, .agent = agent, .created = "2026-03-01 08:00", .contact = contact});
    for (int i = 0; i < count; ++i) {
      given(Message{.conversation = conversation,
                    .sender = i % 2 == 0 ? "customer" : "agent",
                    .at = fmt::format("2026-03-{:02} 10:00:{:02}", day, i)});
    }
  };
  messages("a", "ann", "x", 3, 10);
  messages("b", "bob", "y", 5, 10);
  messages("s", "sue", "z", 7, 9);
  const SectionAnswer all = ask("top-contacts");
  EXPECT_EQ(cells(all, "messages"), Json({5, 3}));
  EXPECT_EQ(cells(all, "inbound"), Json({3, 2}));
  EXPECT_EQ(cells(all, "last_message")[0], utc_calendar().iso(at("2026-03-10T10:00:04Z")));
  EXPECT_THAT(all.samples, ElementsAre(Pair("crm_custom_busiest_contact_messages", 5)));
  EXPECT_EQ(cells(ask("top-contacts", owner, 7), "messages"), Json({7, 5, 3}));
  EXPECT_EQ(cells(ask("top-contacts", supervisor("sue"), 7), "messages"), Json({7, 3}));
  EXPECT_EQ(cells(ask("top-contacts", agent("bob"), 7), "messages"), Json({5}));
  EXPECT_TRUE(house_->collector().describe().audited);
}

TEST(CustomSqlExamples, AreAllTried) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(examples)) names.push_back(entry.path().filename());
  EXPECT_THAT(names,
              UnorderedElementsAre("oldest-open-ticket.yaml", "unanswered-conversations.yaml", "top-contacts.yaml"));
}

// --- statements that somebody may write -----------------------------------------------------------------------------

constexpr const char* gauge = "          columns: {n: {role: gauge}}\n";

std::string collector(const std::string& name, const std::string& sql, const std::string& more = gauge) {
  return fmt::format("        {}:\n          help: Help.\n          sql: {}\n{}", name, sql, more);
}

TEST_P(CustomSql, TakesStatementsAsTheyAreWritten) {
  configuration_.collectors(
      "a.yaml", collector("semicolon", "\"SELECT 1 AS n; -- all\"") +
                    collector("comment", "\"SELECT 2 AS n -- ) all;\"") +
                    collector("strings", R"("SELECT 3 AS n WHERE ';)' <> $$;($$ AND E'\\';' <> ''")") +
                    collector("reserved", "\"SELECT 4 AS \\\"select\\\", 'x' AS \\\"from\\\"\"",
                              "          columns: {select: {role: gauge}, from: {role: label}}\n") +
                    collector("with", "WITH x AS (SELECT 5 AS n) SELECT n FROM x") +
                    collector("bound",
                              "\"SELECT extract(epoch FROM :to - :from) AS n WHERE :as_of = :to AND "
                              ":sla_first_response_seconds = 300 AND :agents IS NULL\"") +
                    collector("many", "SELECT g AS n FROM generate_series(1, 1000000) g ORDER BY g",
                              "          columns: {n: {role: gauge, merge: sum}}\n          max_rows: 3\n"));
  EXPECT_THAT(configuration_.problems(), IsEmpty());
  EXPECT_THAT(ask("semicolon").samples, ElementsAre(Pair("crm_custom_semicolon_n", 1)));
  EXPECT_THAT(ask("comment").samples, ElementsAre(Pair("crm_custom_comment_n", 2)));
  EXPECT_THAT(ask("strings").samples, ElementsAre(Pair("crm_custom_strings_n", 3)));
  EXPECT_THAT(ask("reserved").samples, ElementsAre(Pair("crm_custom_reserved_select x", 4)));
  EXPECT_THAT(ask("with").samples, ElementsAre(Pair("crm_custom_with_n", 5)));
  EXPECT_THAT(ask("bound").samples, ElementsAre(Pair("crm_custom_bound_n", 15 * 3'600)));
  const SectionAnswer many = ask("many");
  EXPECT_THAT(many.samples, ElementsAre(Pair("crm_custom_many_n", 1 + 2 + 3)));
  EXPECT_EQ(many["truncated"], true);
  EXPECT_THAT(many.partial, ElementsAre("its query gives more than 3 rows (max_rows); the first of them are used"));
}

// What the documentation of sql_exporter shows: counts by labels, sizes, several values of one name.
TEST_P(CustomSql, DoesWhatOtherExportersOfSqlDo) {
  configuration_.collectors(
      "a.yaml",
      collector("running",
                "SELECT datname, usename, count(*) AS queries FROM pg_stat_activity GROUP BY datname, usename",
                "          columns: {datname: {role: label}, usename: {role: label}, queries: {role: gauge}}\n"
                "          allow_empty: false\n") +
          collector("sizes", "SELECT datname, pg_database_size(datname) AS bytes FROM pg_database",
                    "          columns: {datname: {role: label}, bytes: {role: gauge, type: integer}}\n") +
          collector("tables", "SELECT 'messages' AS relname, 7 AS n_tup_ins, 5 AS n_tup_upd",
                    "          columns:\n            relname: {role: label}\n"
                    "            n_tup_ins: {role: counter, metric: crm_custom_rows_total, labels: {col: inserted}}\n"
                    "            n_tup_upd: {role: counter, metric: crm_custom_rows_total, labels: {col: updated}}\n"));
  EXPECT_THAT(configuration_.problems(), IsEmpty());
  EXPECT_GE(ask("running").samples.size(), 1U);
  EXPECT_GE(ask("sizes").samples.at("crm_custom_sizes_bytes template1"), 1'000'000);
  EXPECT_THAT(ask("tables").samples, UnorderedElementsAre(Pair("crm_custom_rows_total messages inserted", 7),
                                                          Pair("crm_custom_rows_total messages updated", 5)));
}

TEST_P(CustomSql, SaysWhatIsWrongWithAQueryAndWhereItStands) {
  configuration_.collectors(
      "a.yaml", collector("syntax", "SELECT 1 AS n FORM tickets") +
                    collector("column", "SELECT t.nothing AS n FROM tickets t") +
                    collector("relation", "SELECT 1 AS n FROM nowhere") + collector("division", "SELECT 1 / 0 AS n") +
                    collector("unbound", "SELECT :nothing AS n") + collector("missing", "SELECT 1 AS m, 2 AS o") +
                    collector("writes", "WITH x AS (DELETE FROM tickets RETURNING 1) SELECT 1 AS n FROM x") +
                    collector("no-agents", "SELECT 1 AS n",
                              "          columns: {n: {role: gauge}}\n          agent_column: agent_id\n"));
  EXPECT_THAT(configuration_.problems(), IsEmpty()) << "PostgreSQL is not asked before a run";
  EXPECT_EQ(fault("syntax"),
            "a.yaml:5: statement custom-sql/syntax: syntax error at or near \"FORM\" "
            "(SQLSTATE 42601)");
  EXPECT_EQ(fault("column"), "a.yaml:9: statement custom-sql/column: column t.nothing does not exist");
  EXPECT_THAT(fault("relation"), HasSubstr("a.yaml:13: statement custom-sql/relation: relation "
                                           "\"nowhere\" does not exist"));
  EXPECT_THAT(fault("division"), HasSubstr("division by zero"));
  EXPECT_EQ(fault("unbound"),
            "a.yaml:21: statement custom-sql/unbound: nothing is bound to its "
            "parameter :nothing");
  EXPECT_EQ(fault("missing"), "a.yaml:25: its query gives no column 'n'; it gives m, o");
  EXPECT_THAT(fault("writes"), HasSubstr("WITH clause containing a data-modifying statement must be at the top level"));
  EXPECT_THAT(fault("no-agents"), HasSubstr("column crm_custom_rows.agent_id does not exist"));
  EXPECT_EQ(fault("no-agents", agent("ann")), "custom/no-agents: its query failed; the daemon's log says why");
}

// --- files that somebody may write ----------------------------------------------------------------------------------

TEST(CustomSqlFiles, AreRefusedWithFileLineAndKey) {
  const auto problems = [](const std::string& yaml) {
    Configuration configuration;
    configuration.collectors("a.yaml", yaml);
    return configuration.problems();
  };
  const std::string key = "plugins.options.custom-sql.collectors.";
  EXPECT_THAT(problems("        open: {}\n"),
              ElementsAre("a.yaml:5: " + key + "open.help: is missing; say in one sentence what is counted"));
  EXPECT_THAT(problems("        open:\n          hlep: Help.\n          sql: SELECT 1\n"),
              ElementsAre("a.yaml:5: " + key +
                          "open.help: is missing; say in one sentence what is counted; is 'hlep' "
                          "meant, in line 6?"));
  EXPECT_THAT(problems(collector("open", "SELECT 1", "          colums: {n: {role: gauge}}\n")),
              ElementsAre("a.yaml:5: " + key +
                          "open.columns: is missing; say what each column of the query is, `tickets: "
                          "{role: gauge}`; is 'colums' meant, in line 8?"));
  EXPECT_THAT(problems(collector("open", "SELECT 1") + "          evry: 5s\n"),
              ElementsAre("a.yaml:9: " + key + "open.evry: unknown option of this plugin; did you mean 'every'?"));
  EXPECT_THAT(
      problems(collector("open", "SELECT 1", "          columns: {n: {role: gauge, metrc: crm_custom_n}}\n")),
      ElementsAre("a.yaml:8: " + key + "open.columns.n.metrc: unknown option of this plugin; did you mean 'metric'?"));
  EXPECT_THAT(problems(collector("open", "SELECT 1") + "          every: 5\n"),
              ElementsAre("a.yaml:9: " + key + "open.every: '5' has no unit; write 5s, 5m or 5h"));
  EXPECT_THAT(problems(collector("open", "\"UPDATE tickets SET id = 1\"")),
              ElementsAre("a.yaml:7: " + key + "open.sql: must begin with SELECT or WITH, not 'UPDATE'"));
  EXPECT_THAT(problems("        - {name: open}\n"), SizeIs(1)) << "a list";
  EXPECT_THAT(problems("\topen: {}\n"), SizeIs(1)) << "a tab";
  EXPECT_THAT(problems(collector("open", "SELECT 1") + collector("open", "SELECT 2")),
              ElementsAre(HasSubstr("stands twice in one map; the first is in line 5")));
  EXPECT_THAT(problems("        open: {sql: " + std::string(2'000'000, 'x') + "}\n"), SizeIs(1)) << "a huge file";
}

TEST(CustomSqlFiles, MayUseWhatYamlAndDropInsOffer) {
  Configuration configuration;
  configuration.write("10-shared.yaml",
                      "plugins:\n  options:\n    custom-sql:\n      collectors:\n"
                      "        a: &defaults\n          help: Help.\n          sql: SELECT 1 AS n\n"
                      "          columns: {n: {role: gauge}}\n"
                      "        b:\n          <<: *defaults\n          sql: SELECT 2 AS n\n");
  configuration.collectors("20-site.yaml", "        b: {every: 5m}\n");
  EXPECT_THAT(configuration.problems(), IsEmpty());
  const auto made = crm_plugin_descriptor()->factory(*configuration.read());
  ASSERT_THAT(made, SizeIs(2));
  EXPECT_EQ(made[1]->describe().schedule.every, std::chrono::minutes(5))
      << "a later file says more of the same collector";
  EXPECT_THAT(made[1]->describe().statements.front().text, HasSubstr("SELECT 2"));
}

TEST(CustomSqlFiles, MayNameTheFileOfAStatementBesideThem) {
  Configuration configuration;
  configuration.collectors("a.yaml",
                           "        open:\n          help: Help.\n          file: open.sql\n" + std::string(gauge));
  EXPECT_THAT(configuration.problems(),
              ElementsAre(HasSubstr("a.yaml:7: plugins.options.custom-sql.collectors.open.file: "
                                    "cannot read ")));
  configuration.write("open.sql", "-- one\nSELECT 1 AS n;\n");
  EXPECT_THAT(configuration.problems(), IsEmpty());
}

}  // namespace
