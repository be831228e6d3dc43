// Words that the CRM uses and the contract does not know: what the daemon takes them for, and how many rows have them.

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/subjects.h"
#include "sql.h"

namespace crm::app {
namespace {

struct Vocabulary {
  std::string_view view;
  std::string_view column;
  std::string_view among;  // which rows were looked at
  std::vector<std::string_view> known;
  std::string_view taken_for;
};

const std::vector<Vocabulary>& vocabularies() {
  static const std::vector<Vocabulary> all{
      {"agents",
       "role",
       "of all agents",
       {"agent", "supervisor", "admin", "owner"},
       "people of such a role have no access"},
      {"agent_status", "status", "since yesterday", {"online", "away", "offline"}, "they count as offline"},
      {"messages", "direction", "since yesterday", {"inbound", "outbound"}, "such messages are not counted"},
      {"messages",
       "sender_type",
       "since yesterday",
       {"customer", "agent", "bot", "system"},
       "they count as system: never a human reply"},
      {"messages",
       "delivery_status",
       "since yesterday",
       {"pending", "sent", "delivered", "read", "failed"},
       "the timestamps alone decide what became of such messages"},
      {"tickets",
       "priority",
       "of open and recent tickets",
       {"low", "medium", "high", "urgent"},
       "they count as medium"},
      {"whatsapp_sessions", "status", "of all sessions", {}, "such sessions count as disconnected"},
  };
  return all;
}

constexpr std::size_t longest_word = 40;

// As a string of SQL, to be copied.
std::string literal(const std::string& word) {
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

struct Word {
  std::string column;
  std::string word;
  std::int64_t rows = 0;
};

std::vector<Word> words_of(const Checkup& checkup, const Statement& statement) {
  std::vector<Word> words;
  const Rows rows = open_snapshot(checkup.house)->run(statement.name, statement.text, {}, true);
  rows.each([&](const Row& row) {
    words.push_back({std::string(row.text("column")), std::string(row.text_or("word", "NULL")), row.integer("rows")});
  });
  return words;
}

// The words of sessions are the gateway's, and the configuration's to say.
bool is_configured(const Vocabulary& vocabulary) {
  return vocabulary.known.empty();
}

bool knows(const Checkup& checkup, const Vocabulary& vocabulary, const std::string& word) {
  if (is_configured(vocabulary)) return checkup.house.infrastructure.sessions.state(word) != nullptr;
  return std::find(vocabulary.known.begin(), vocabulary.known.end(), word) != vocabulary.known.end();
}

Advice advice_for(const Vocabulary& vocabulary, const std::string& word) {
  if (is_configured(vocabulary)) {
    return {
        say(fmt::format("Until one of sessions.connected, sessions.reconnecting and sessions.disconnected in the "
                        "configuration has them, {}.",
                        vocabulary.taken_for))};
  }
  return {say(fmt::format("Until the view maps them, {}. The contract knows {}.", vocabulary.taken_for,
                          fmt::join(vocabulary.known, ", "))),
          type(fmt::format("CASE {0} WHEN {1} THEN '{2}' ELSE {0} END AS {0}", vocabulary.column, literal(word),
                           vocabulary.known.front()))};
}

// Returns whether nothing was found.
bool check_vocabulary(Checkup& checkup, const Vocabulary& vocabulary, const std::vector<Word>& words) {
  std::vector<std::string> unknown;
  std::string first;
  for (const Word& word : words) {
    if (word.column == vocabulary.column && !knows(checkup, vocabulary, word.word)) {
      if (first.empty()) first = word.word;
      unknown.push_back(
          fmt::format("'{}' ({} {})", word.word.substr(0, longest_word), word.rows, word.rows == 1 ? "row" : "rows"));
    }
  }
  if (unknown.empty()) return true;
  checkup.findings.warning(
      vocabulary.view,
      fmt::format("{} has words that the {} lacks, {}: {}", vocabulary.column,
                  is_configured(vocabulary) ? "configuration" : "contract", vocabulary.among, fmt::join(unknown, ", ")),
      advice_for(vocabulary, first));
  return false;
}

}  // namespace

void check_words(Checkup& checkup) {
  checkup.findings.heading("Words");
  const std::array<std::pair<std::string_view, const Statement*>, 5> questions{{
      {"agents", &sql::words_of_agents},
      {"agent_status", &sql::words_of_agent_status},
      {"messages", &sql::words_of_messages},
      {"tickets", &sql::words_of_tickets},
      {"whatsapp_sessions", &sql::words_of_sessions},
  }};
  bool well = true;
  for (const auto& [view, statement] : questions) {
    if (checkup.broken.contains(std::string(view))) continue;
    try {
      const auto words = words_of(checkup, *statement);
      for (const Vocabulary& vocabulary : vocabularies()) {
        if (vocabulary.view == view) well &= check_vocabulary(checkup, vocabulary, words);
      }
    } catch (const DeadlineExceeded&) {
      well = false;
      checkup.findings.warning(view, "its words could not be read within database.statement_timeout",
                               {say("See Indexes below.")});
    } catch (const std::exception& error) {
      well = false;
      checkup.broken.insert(std::string(view));
      checkup.findings.error(view, error.what());
    }
  }
  if (well) checkup.findings.ok("all", "roles, presence, priorities, sessions and messages use the contract's words");
}

}  // namespace crm::app
