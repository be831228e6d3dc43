#include "history.h"

#include <map>
#include <set>

#include <gtest/gtest.h>

#include "world.h"

namespace crm::simulator {
namespace {

const World& small_world() {
  static const World world = generate(small());
  return world;
}

TEST(History, IsTheSameForTheSameSeedAndAnotherForAnother) {
  EXPECT_EQ(generate(small()).text, small_world().text);
  History other = small();
  other.seed = 2;
  EXPECT_NE(generate(other).text.at(Table::messages), small_world().text.at(Table::messages));
}

TEST(History, HoldsAsManyMessagesAsAskedUpToTheEndOfTheLastConversation) {
  for (const std::int64_t messages : {1, 50, 20'000}) {
    History history = small();
    history.messages = messages;
    EXPECT_GE(generate(history).messages, messages);
    EXPECT_LE(generate(history).messages, messages + 40);
  }
}

TEST(History, FillsEveryTable) {
  for (std::size_t i = 0; i < table_count; ++i) {
    EXPECT_FALSE(small_world().text.at(static_cast<Table>(i)).empty()) << table_name(static_cast<Table>(i));
  }
}

TEST(History, HasNothingAfterNow) {
  const std::string now = to_timestamp(small().now);
  int instants = 0;
  for (const auto& [table, text] : small_world().text) {
    for (const Columns& row : small_world().rows(table)) {
      for (const std::string& cell : row) {
        if (cell.size() != now.size() || cell[4] != '-' || cell[13] != ':') continue;
        ++instants;
        EXPECT_LE(cell, now) << table_name(table);
      }
    }
  }
  EXPECT_GT(instants, 20'000);  // one in every message at least
}

TEST(History, HasDataTodayHoweverEarlyItIs) {
  History history = small();
  history.now = parse_instant("2026-11-22T23:00:20Z").value();  // 20 s after midnight in Berlin
  int today = 0;
  for (const Columns& row : generate(history).rows(Table::messages)) {
    if (row[created] >= "2026-11-22 23:00:00.000000") ++today;
  }
  EXPECT_GT(today, 0);
}

TEST(History, IsQuieterOnSundaysThanOnMondays) {
  int sunday = 0;
  int monday = 0;
  for (const Columns& row : small_world().rows(Table::messages)) {
    sunday += row[created].starts_with("2026-11-15") ? 1 : 0;
    monday += row[created].starts_with("2026-11-16") ? 1 : 0;
  }
  EXPECT_GT(monday, 2 * sunday);
}

TEST(History, NamesEveryAgentOfAConversationButTheDeletedOnesInProfiles) {
  std::set<std::string> profiles;
  for (const Columns& row : small_world().rows(Table::profiles)) profiles.insert(row[0]);
  EXPECT_EQ(profiles.size(), 8U + 1U + 2U);  // agents, one supervisor, owner and admin
  std::set<std::string> strangers;
  int unassigned = 0;
  for (const Columns& row : small_world().rows(Table::conversations)) {
    if (row[2] == "\\N") {
      ++unassigned;
    } else if (!profiles.contains(row[2])) {
      strangers.insert(row[2]);
    }
  }
  EXPECT_EQ(strangers.size(), 2U);
  EXPECT_GT(unassigned, 0);
}

TEST(History, ShowsEveryFateOfAMessage) {
  std::map<std::string, int> seen;
  for (const Columns& m : small_world().rows(Table::messages)) {
    if (m[direction] == "inbound") {
      ++seen["inbound " + m[status]];
      continue;
    }
    const bool stamped = m[sent] != "\\N" || m[delivered] != "\\N" || m[read] != "\\N" || m[failed] != "\\N";
    ++seen[m[status] + (stamped ? "" : " by its word only")];
    if (m[status] == "sent" && m[delivered] != "\\N") ++seen["word behind its timestamps"];
    if (m[read] != "\\N" && m[delivered] == "\\N") ++seen["read but never delivered"];
    if (m[sent] != "\\N" && m[delivered] != "\\N" && m[delivered] < m[sent]) ++seen["delivered before it was sent"];
    if (m[campaign] != "\\N") ++seen[m[conversation] == "\\N" ? "broadcast" : "broadcast with a conversation"];
    if (m[reason].starts_with("131026")) ++seen["failed with a code"];
    if (m[reason].starts_with("connection")) ++seen["failed without a code"];
  }
  for (const char* kind :
       {"inbound delivered", "inbound read", "pending by its word only", "sent", "delivered", "read", "failed",
        "delivered by its word only", "read by its word only", "queued", "word behind its timestamps",
        "read but never delivered", "delivered before it was sent", "broadcast", "broadcast with a conversation",
        "failed with a code", "failed without a code"}) {
    EXPECT_GT(seen[kind], 0) << kind;
  }
}

TEST(History, ShowsEveryFateOfAConversation) {
  std::map<std::string, int> seen;
  for (const Columns& c : small_world().rows(Table::conversations)) {
    ++seen[c[6] == "\\N" ? "open" : "resolved"];
    if (c[5] != "\\N") ++seen["handed over"];
    if (c[1] == "\\N") ++seen["without a contact"];
    if (c[8] == "\\N") ++seen["unanswered"];
    if (c[9] != "\\N") ++seen["scored"];
    EXPECT_EQ(c[6] == "\\N", c[3] == "open" || c[3] == "pending") << c[0];
  }
  for (const char* kind : {"open", "resolved", "handed over", "without a contact", "unanswered", "scored"}) {
    EXPECT_GT(seen[kind], 0) << kind;
  }
  EXPECT_GT(seen["resolved"], 10 * seen["open"]);
}

}  // namespace
}  // namespace crm::simulator
