// What every .sql file of the daemon and of the plugins keeps to.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "rollup/fact_query.h"
#include "rollup/fact_registry.h"
#include "source/compiled.h"
#include "source/sql_text.h"

namespace crm::rollup {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::filesystem::path root = CRM_SOURCE_DIR;

const std::vector<std::filesystem::path> fragments = {root / "plugins/sdk/sql", root / "daemon/rollup/sql/fragments"};

// Where its name is; the build says so if that is nowhere.
std::filesystem::path fragment(const std::string& name) {
  return (std::filesystem::exists(fragments.front() / name) ? fragments.front() : fragments.back()) / name;
}

std::string raw_text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

// As the build embeds it: a line "\\i <file>" is that fragment of the SDK's or the rollup's.
std::string text_of(const std::filesystem::path& path) {
  static const std::regex include(R"(\\i (\w+\.sql)\n)");
  std::string text = raw_text_of(path);
  for (std::smatch found; std::regex_search(text, found, include);) {
    text = found.prefix().str() + raw_text_of(fragment(found[1].str())) + found.suffix().str();
  }
  return text;
}

std::vector<std::filesystem::path> statements() {
  std::vector<std::filesystem::path> found;
  for (const char* folder : {"daemon", "plugins"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const bool is_fragment =
          std::find(fragments.begin(), fragments.end(), entry.path().parent_path()) != fragments.end();
      if (entry.path().extension() == ".sql" && !is_fragment) found.push_back(entry.path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string lower_without_comments(const std::string& sql) {
  std::string text;
  for (const auto& piece : source::split_parameters(sql)) text += piece.parameter ? ":" + piece.text : piece.text;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// The text up to the parenthesis that closes one opened before it.
std::string within_parentheses(const std::string& text) {
  int depth = 0;
  const auto end = std::find_if(text.begin(), text.end(), [&](char c) {
    depth += c == '(' ? 1 : c == ')' ? -1 : 0;
    return depth < 0;
  });
  return {text.begin(), end};
}

// The conditions of each WHERE, up to the clause or the parenthesis that follows it.
std::vector<std::string> conditions_of(const std::string& sql) {
  static const std::regex next_clause(R"(\b(group\s+by|having|order\s+by|union|select|limit|where)\b)");
  std::vector<std::string> conditions;
  for (std::size_t at = sql.find("where"); at != std::string::npos; at = sql.find("where", at + 5)) {
    const std::string rest = within_parentheses(sql.substr(at + 5));
    std::smatch next;
    conditions.push_back(std::regex_search(rest, next, next_clause) ? next.prefix().str() : rest);
  }
  return conditions;
}

// What breaks the house's rules for SQL, each in a few words.
std::vector<std::string> faults_of(const std::string& sql) {
  static const std::regex opening(R"(^-- [A-Z][^\n]{15,})");
  static const std::regex call(R"(\b(\w+)\s*\(\s*(\w+\.)?\w+_at\b)");
  static const std::regex cast(R"(\b\w+_at\s*::)");
  std::vector<std::string> faults;
  if (!std::regex_search(sql, opening)) faults.emplace_back("first line is no comment that says what it counts");
  const std::string text = lower_without_comments(sql);
  if (std::regex_search(text, std::regex(R"(\bat\s+time\s+zone\b)"))) faults.emplace_back("AT TIME ZONE");
  for (const std::string& condition : conditions_of(text)) {
    for (auto at = std::sregex_iterator(condition.begin(), condition.end(), call); at != std::sregex_iterator(); ++at) {
      const std::string name = (*at)[1];
      if (name != "and" && name != "or" && name != "not") faults.push_back(name + "() around an instant");
    }
    if (std::regex_search(condition, cast)) faults.emplace_back("a cast of an instant");
  }
  return faults;
}

TEST(SqlRules, FindWhatTheyForbid) {
  const std::string good = "-- Messages of the window, by agent.\n";
  EXPECT_THAT(faults_of(good + "SELECT max(m.sent_at) FROM m WHERE (m.sent_at > :from OR NOT (m.sent_at > :to))"),
              IsEmpty());
  EXPECT_THAT(faults_of(good + "SELECT count(*) FILTER (WHERE m.inbound), max(m.sent_at) FROM m"), IsEmpty());
  EXPECT_THAT(faults_of("SELECT 1 -- Messages of the window."),
              ElementsAre("first line is no comment that says what it counts"));
  EXPECT_THAT(faults_of(good + "SELECT m.sent_at At  Time\nZone 'UTC' FROM m"), ElementsAre("AT TIME ZONE"));
  EXPECT_THAT(faults_of(good + "SELECT 1 FROM m WHERE coalesce(m.sent_at, m.created_at) >= :from GROUP BY 1"),
              ElementsAre("coalesce() around an instant"));
  EXPECT_THAT(faults_of(good + "SELECT 1 FROM m WHERE true AND date_trunc ( created_at ) = :from"),
              ElementsAre("date_trunc() around an instant"));
  EXPECT_THAT(faults_of(good + "SELECT 1 FROM m WHERE m.sent_at::date = :from"), ElementsAre("a cast of an instant"));
  EXPECT_THAT(faults_of(good + "SELECT 1 FROM m -- WHERE coalesce(m.sent_at) AT TIME ZONE"), IsEmpty());
}

TEST(SqlFiles, KeepTheRules) {
  auto files = statements();
  ASSERT_GE(files.size(), 7U);
  for (const auto& folder : fragments) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) files.push_back(entry.path());
  }
  for (const auto& file : files) EXPECT_THAT(faults_of(text_of(file)), IsEmpty()) << file;
}

std::string reads(const std::string& file) {
  std::string text;
  for (const auto& [view, columns] : source::reads_of(text_of(root / file))) {
    text += fmt::format("{}{}({})", text.empty() ? "" : " ", view, fmt::join(columns, " "));
  }
  return text;
}

TEST(SqlFiles, ReadTheseViewsAndColumns) {
  EXPECT_EQ(reads("plugins/kpi/sql/resolved_since.sql"), "conversations(agent_id created_at resolved_at)");
  EXPECT_EQ(reads("plugins/kpi/sql/open_tickets.sql"), "tickets(agent_id created_at priority resolved_at)");
  EXPECT_EQ(reads("daemon/rollup/facts/messages.sql"),
            "conversations(agent_id conversation_id) "
            "messages(conversation_id created_at delivered_at delivery_status direction failed_at message_id read_at "
            "sender_type sent_at)");
  EXPECT_EQ(reads("daemon/rollup/facts/conversations.sql"), "conversations(agent_id created_at resolved_at)");
  EXPECT_EQ(reads("daemon/rollup/facts/resolutions.sql"), "conversations(agent_id created_at resolved_at)");
  for (const char* file : {"first_responses.sql", "sla.sql"}) {
    EXPECT_EQ(reads(std::string("daemon/rollup/facts/") + file),
              "conversations(agent_id conversation_id created_at escalated_at) "
              "messages(campaign_id conversation_id created_at direction sender_type)");
  }
  EXPECT_EQ(
      reads("daemon/rollup/facts/message_failures.sql"),
      "conversations(agent_id conversation_id) "
      "messages(conversation_id created_at delivered_at delivery_status direction failed_at failed_reason message_id "
      "read_at sent_at)");
  EXPECT_EQ(reads("daemon/rollup/facts/campaign_messages.sql"),
            "campaign_recipients(message_id) "
            "messages(conversation_id created_at delivered_at delivery_status direction failed_at message_id read_at "
            "sent_at)");
  EXPECT_EQ(reads("plugins/whatsapp-performance/sql/failed_messages.sql"),
            "conversations(agent_id conversation_id) "
            "messages(conversation_id created_at delivered_at delivery_status direction failed_at failed_reason "
            "message_id read_at recipient sent_at)");
  EXPECT_EQ(reads("daemon/rollup/facts/turns.sql"),
            "conversations(agent_id conversation_id escalated_at) "
            "messages(campaign_id conversation_id created_at direction message_id sender_type)");
  EXPECT_EQ(reads("daemon/rollup/sql/pending_messages.sql"),
            "messages(created_at delivered_at delivery_status direction failed_at read_at sent_at)");
  EXPECT_EQ(reads("daemon/rollup/sql/messages_by_minute.sql"),
            "messages(created_at delivered_at delivery_status direction failed_at read_at sent_at)");
  EXPECT_EQ(reads("daemon/rollup/sql/sessions.sql"), "whatsapp_sessions(last_seen phone_number session_id status)");
}

TEST(SqlFiles, ReadTheSameInsideTheAggregate) {
  const FactRegistry facts;
  for (const std::string name :
       {"messages", "turns", "campaign_messages", "message_failures", "conversations", "first_responses", "resolutions",
        "sla", "waiting", "open_conversations", "customers", "presence", "bot_conversations", "intents", "leads",
        "ticket_resolutions", "campaign_results", "visits"}) {
    const FactQuery query{name, {}, {Axis::bucket, Axis::agent}, {Instant{}}};
    EXPECT_EQ(source::reads_of(aggregate_sql(facts.get(name), query)),
              source::reads_of(text_of(root / "daemon/rollup/facts" / (name + ".sql"))));
  }
}

// Uncast against a timestamp without zone, an instant's offset would be dropped in silence.
TEST(SqlFiles, CastEveryInstantTheyAreBoundTo) {
  std::size_t casts = 0;
  for (const auto& file : statements()) {
    source::Binding binding = source::bind_settings({});
    const std::string sql = text_of(file);
    std::vector<std::string> instants;
    for (const std::string& name : source::parameters_of(sql)) {
      if (name == "agents") binding[name] = source::bind_agents(std::nullopt, {});
      if (binding.contains(name)) continue;
      const bool are_ids = name == "ids" || name == "contacts" || name == "conversations" || name == "unsaid";
      if (!are_ids) instants.push_back(name);  // a list of those is bound with its type
      binding[name] = source::bind(Instant{}, {});
    }
    const std::string compiled = source::compile(file.string(), sql, binding).sql;
    const std::regex uncast(R"(\$\d+(?!\d|::))");
    EXPECT_FALSE(std::regex_search(compiled, uncast)) << compiled;
    for (std::size_t at = 0; (at = compiled.find("::timestamptz", at)) != std::string::npos; ++at) ++casts;
    // Statements over the catalog read no view of the contract, and bind names. Infinity, a literal, is in every zone.
    static const std::regex comparison(R"([_.]at\s*[<>=]+\s*[^'\s<>=])");
    if (source::reads_of(sql).empty()) continue;
    EXPECT_EQ(instants.empty(), !std::regex_search(sql, comparison)) << file;
  }
  EXPECT_GE(casts, 4U + 5 + 3 + 4);  // resolved_since, open_tickets, messages, turns
}

}  // namespace
}  // namespace crm::rollup
