// Options → definitions: what is understood, and what is said of the rest.

#include <cmath>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "options.h"

namespace custom_sql::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Definitions, HaveDefaults) {
  const Definition open = definition(open_());
  EXPECT_EQ(open.section(), "custom/open");
  EXPECT_EQ(open.title, "open");
  EXPECT_EQ(open.help, "Open tickets.");
  EXPECT_EQ(open.schedule.every, 60s);
  EXPECT_EQ(open.schedule.timeout, 10s);
  EXPECT_EQ(open.window.unit, crm::DefaultWindow::Unit::business_days);
  EXPECT_EQ(open.window.count, 1);
  EXPECT_EQ(open.max_rows, 1'000);
  EXPECT_EQ(open.agent_column, "");
  EXPECT_FALSE(open.business_data);
  EXPECT_EQ(open.place, "test.yaml: collectors.open");
}

TEST(Definitions, TakeEveryOption) {
  const Definition all = definition(open_() + Values{{"title", "Tickets"},
                                                     {"every", 5min},
                                                     {"timeout", 2s},
                                                     {"window.business_hours", std::int64_t{12}},
                                                     {"max_rows", std::int64_t{7}},
                                                     {"agent_column", "agent_id"},
                                                     {"allow_empty", false},
                                                     {"business_data", true}});
  EXPECT_EQ(all.title, "Tickets");
  EXPECT_EQ(all.schedule.every, 5min);
  EXPECT_EQ(all.schedule.timeout, 2s);
  EXPECT_EQ(all.window.unit, crm::DefaultWindow::Unit::business_hours);
  EXPECT_EQ(all.window.count, 12);
  EXPECT_EQ(all.max_rows, 7);
  EXPECT_EQ(all.agent_column, "agent_id");
  EXPECT_FALSE(all.allow_empty);
  EXPECT_TRUE(all.business_data);
}

TEST(Definitions, TakeEveryRole) {
  const Definition all =
      definition(basics() + column("a", {{"role", "label"}, {"label", "agent"}, {"max_values", std::int64_t{9}}}) +
                 column("b", {{"role", "gauge"}, {"merge", "max"}, {"labels.state", "open"}, {"help", "Help."}}) +
                 column("c", {{"role", "counter"}, {"metric", "crm_custom_c_total"}}) +
                 column("d", {{"role", "bucket"}, {"le", "0.5"}}) + column("e", {{"role", "bucket"}, {"le", "inf"}}) +
                 column("f", {{"role", "sum"}}) + column("g", {{"role", "detail"}, {"type", "phone"}}) +
                 column("select", {{"role", "gauge"}, {"type", "instant"}}));
  const auto& columns = all.columns;
  ASSERT_EQ(columns.size(), 8U);
  EXPECT_EQ(columns[0].label, "agent");
  EXPECT_EQ(columns[0].max_values, 9U);
  EXPECT_EQ(columns[1].merge, Merge::max);
  EXPECT_THAT(columns[1].labels, ElementsAre(Pair("state", "open")));
  EXPECT_EQ(columns[1].metric, "crm_custom_open_b");
  EXPECT_EQ(columns[1].help, "Help.");
  EXPECT_EQ(columns[2].metric, "crm_custom_c_total");
  EXPECT_EQ(columns[2].help, "Open tickets.");
  EXPECT_EQ(columns[3].le, 0.5);
  EXPECT_TRUE(std::isinf(columns[4].le));
  EXPECT_EQ(columns[5].metric, "crm_custom_open");
  EXPECT_EQ(columns[6].type, Type::phone);
  EXPECT_EQ(columns[7].metric, "crm_custom_open_select") << "a word that SQL reserves is a name like any other";
}

TEST(Definitions, NoneIsNoError) {
  EXPECT_THAT(read_definitions(FakeConfig()), IsEmpty());
}

TEST(Definitions, AskForEveryOption) {
  const FakeConfig config = collector(open_() + Values{{"hlep", "x"}, {"columns.tickets.rol", "gauge"}});
  read_definitions(config);
  EXPECT_THAT(config.unknown(), ElementsAre("collectors.open.columns.tickets.rol", "collectors.open.hlep"));
}

TEST(BadDefinitions, AreToldInOneLine) {
  EXPECT_EQ(refusal(without(open_(), "help")), "help: is missing; say in one sentence what is counted");
  EXPECT_EQ(refusal(open_() + Values{{"title", ""}}), "title: is empty");
  EXPECT_EQ(refusal(open_() + Values{{"every", 10ms}}), "every: must be 1s to 7d");
  EXPECT_EQ(refusal(open_() + Values{{"timeout", 2h}}), "timeout: must be 100ms to 1h");
  EXPECT_EQ(refusal(open_() + Values{{"max_rows", std::int64_t{0}}}), "max_rows: must be 1 to 100000");
  EXPECT_EQ(refusal(open_() + Values{{"window", "week"}}),
            "window: must be today, {business_days: 7} or {business_hours: 12}, not 'week'");
  EXPECT_EQ(refusal(open_() + Values{{"window.business_days", std::int64_t{0}}}),
            "window.business_days: must be 1 to 400");
  EXPECT_EQ(
      refusal(open_() + Values{{"window.business_days", std::int64_t{1}}, {"window.business_hours", std::int64_t{1}}}),
      "window: has business_days and business_hours; say one of them");
  EXPECT_EQ(refusal(open_() + Values{{"agent_column", "agent id"}}),
            "agent_column: 'agent id' is no name of a column; use up to 63 letters, digits and _, not beginning with a "
            "digit");
  EXPECT_EQ(refusal(basics()), "columns: is missing; say what each column of the query is, `tickets: {role: gauge}`");
  EXPECT_EQ(refusal(basics() + column("tickets open", {{"role", "gauge"}})),
            "columns: 'tickets open' is no name of a column; use up to 63 letters, digits and _, not beginning with a "
            "digit");
}

TEST(BadDefinitions, HaveOneStatement) {
  const Values without_sql = without(open_(), "sql");
  EXPECT_EQ(refusal(without_sql), "sql: is missing; write the SELECT here, or name its file by `file`");
  EXPECT_EQ(refusal(open_() + Values{{"file", "open.sql"}}),
            "file: stands beside sql; the statement is the one or in the other");
  EXPECT_EQ(refusal(open_() + Values{{"sql", "SELECT 1; SELECT 2"}}),
            "sql: holds more than one statement; a collector has one SELECT");
  EXPECT_THAT(refusal(without_sql + Values{{"file", "/nowhere/open.sql"}}),
              HasSubstr("file: cannot read /nowhere/open.sql: No such file"));
  EXPECT_THAT(refusal(without_sql + Values{{"file", "/"}}), HasSubstr("file: cannot read /: "));
}

TEST(BadDefinitions, HaveANameThatIsNone) {
  for (const std::string name : {"Open", "a_b", "-a", "a-", "1a", "0", "a/b", std::string(41, 'a').c_str()}) {
    EXPECT_EQ(
        refusal_of([&] { read_definitions(collector(open_(), name)); }),
        "collectors: '" + name +
            "' is no name of a collector; `collectors` is a map by names of up to 40 lower case letters, digits and "
            "hyphens that begin with a letter");
  }
}

TEST(BadColumns, AreToldInOneLine) {
  const auto of = [](const Values& options) { return refusal(basics() + column("x", options)); };
  EXPECT_EQ(of({{"type", "text"}}), "columns.x.role: is missing; it is label, gauge, counter, bucket, sum or detail");
  EXPECT_EQ(of({{"role", "gage"}}), "columns.x.role: must be label, gauge, counter, bucket, sum or detail, not 'gage'");
  EXPECT_EQ(of({{"role", "gauge"}, {"type", "int"}}),
            "columns.x.type: must be text, integer, real, boolean, instant or phone, not 'int'");
  EXPECT_EQ(of({{"role", "gauge"}, {"type", "text"}}),
            "columns.x.type: must be real, integer, boolean or instant for role gauge");
  EXPECT_EQ(of({{"role", "label"}, {"type", "phone"}}),
            "columns.x.type: must be text, integer or boolean for role label");
  EXPECT_EQ(of({{"role", "bucket"}, {"type", "real"}}), "columns.x.type: must be integer for role bucket");
  EXPECT_EQ(of({{"role", "detail"}, {"metric", "crm_custom_x"}}),
            "columns.x.metric: means nothing for a column of role detail; remove it");
  EXPECT_EQ(of({{"role", "counter"}, {"merge", "sum"}}),
            "columns.x.merge: means nothing for a column of role counter; remove it");
  EXPECT_EQ(of({{"role", "gauge"}, {"merge", "mean"}}), "columns.x.merge: must be refuse, sum, max or min, not 'mean'");
  EXPECT_EQ(
      of({{"role", "label"}, {"label", "le"}}),
      "columns.x.label: 'le' is no name of a label; use letters, digits and _, not beginning with a digit or __, and "
      "neither le nor quantile");
  EXPECT_EQ(of({{"role", "label"}, {"max_values", std::int64_t{0}}}), "columns.x.max_values: must be 1 to 1000");
  EXPECT_EQ(of({{"role", "gauge"}, {"help", ""}}), "columns.x.help: is empty");
}

TEST(BadColumns, HaveMetricsThatPrometheusWouldNotTake) {
  const auto of = [](const char* role, const char* metric) {
    return refusal(basics() + column("x", {{"role", role}, {"metric", metric}}));
  };
  const std::string rule = "' must begin with crm_custom_ and go on in a-z, 0-9 and _, up to 100 of them";
  for (const char* metric : {"crm_postgres_up", "tickets", "crm_custom_", "crm_custom_Open", "crm_custom_a-b"}) {
    EXPECT_EQ(of("gauge", metric), "columns.x.metric: '" + std::string(metric) + rule);
  }
  EXPECT_EQ(of("counter", "crm_custom_x"),
            "columns.x.metric: 'crm_custom_x' must end in _total if it is a counter, and only then");
  EXPECT_EQ(of("gauge", "crm_custom_x_total"),
            "columns.x.metric: 'crm_custom_x_total' must end in _total if it is a counter, and only then");
}

TEST(BadColumns, HaveBoundsThatAreNone) {
  const auto of = [](const char* le) { return refusal(basics() + column("x", {{"role", "bucket"}, {"le", le}})); };
  EXPECT_EQ(refusal(basics() + column("x", {{"role", "bucket"}})),
            "columns.x.le: is missing; it is the bucket's upper bound, or inf for the one of all");
  for (const char* le : {"5m", "nan", "-inf", "1,5", "1 "}) {
    EXPECT_EQ(of(le), "columns.x.le: must be a number or inf, not '" + std::string(le) + "'");
  }
}

TEST(Definitions, TakeTheStatementFromAFile) {
  const auto folder = std::filesystem::temp_directory_path() / "crm-custom-sql-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "open.sql") << "-- what is open\nSELECT 1;\n";
  std::ofstream(folder / "huge.sql") << std::string(70'000, ' ');
  FakeConfig config = collector(without(open_(), "sql") + Values{{"file", "open.sql"}});
  config.folder(folder);
  EXPECT_EQ(read_definitions(config).front().select, "-- what is open\nSELECT 1");
  FakeConfig huge = collector(without(open_(), "sql") + Values{{"file", "huge.sql"}});
  huge.folder(folder);
  EXPECT_EQ(refusal_of([&] { read_definitions(huge); }),
            "collectors.open.file: " + (folder / "huge.sql").string() + " is longer than 65536 bytes");
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace custom_sql::testing
