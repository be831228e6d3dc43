// The other CRM in its own words: rows written straight into its own tables, counted by hand. (That all other
// hand-counted numbers are the same there is what facts and kpi say, on every CRM.) It is 10 March 2026, 15:00 UTC.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/zone.h"
#include "cluster.h"
#include "kpi_fixture.h"
#include "source/contract.h"
#include "source/snapshot.h"
#include "support/crms.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class OtherCrm : public ::testing::Test {
 protected:
  OtherCrm() {
    execute(url_, R"sql(
      INSERT INTO desk.users (id, account, display_name, kind, active) VALUES
        (7, 1, 'ann', 'operator', NULL), (8, 1, 'bob', 'operator', true), (9, 1, 'sue', 'lead', true);
      INSERT INTO desk.team_users (account, team_id, user_id, leads) VALUES
        (1, 1, 9, true), (1, 1, 7, false))sql");
  }

  KpiAnswer ask(const Scope& scope = Scope::everyone()) {
    KpiHouse house(url_);
    return house.ask(parse_instant("2026-03-10T15:00:00Z").value(), scope, *calendar::Zone::load("UTC"));
  }
  static Scope user(int id) { return {Role::agent, std::to_string(id)}; }

  std::unique_ptr<source::Snapshot> snapshot() {
    source::PostgresOptions options;
    options.url = daemon_url(url_);
    postgres_ = std::make_unique<source::Postgres>(options, Settings{});
    return postgres_->open(
        {.scope = Scope::everyone(), .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30)});
  }

  // The first column of all rows.
  std::vector<std::string> column(const std::string& sql) {
    const Rows rows = snapshot()->run("test/column", sql, {}, true);
    std::vector<std::string> texts;
    rows.each([&](const Row& row) { texts.emplace_back(row.text(rows.columns()[0])); });
    return texts;
  }

  const std::string url_ = create_database(cluster(), Crm::other);
  std::unique_ptr<source::Postgres> postgres_;
};

TEST_F(OtherCrm, KeepsTheContractWithIdsOfTwoTypes) {
  const auto a_snapshot = snapshot();
  const source::Catalog& catalog = a_snapshot->catalog();
  for (const source::View& view : source::contract()) {
    source::Reads all;
    for (const source::Column& column : view.columns) all[std::string(view.name)].insert(std::string(column.name));
    EXPECT_TRUE(catalog.has_view(view.name)) << view.name;
    EXPECT_THAT(catalog.faults(all), IsEmpty());
  }
  EXPECT_EQ(catalog.agent_id_type(), "bigint");
  EXPECT_EQ(catalog.id_type("messages", "conversation_id"), "text");
}

TEST_F(OtherCrm, SpeaksItsOwnWordsOfPeopleAndTheirPresence) {
  execute(url_, R"sql(
    INSERT INTO desk.presence (account, user_id, presence, since, until) VALUES
      (1, 7, 'available', '2026-03-10 08:00+00', '2026-03-10 09:00'), (1, 7, 'busy', '2026-03-10 09:00+00', '2026-03-10 10:00'),
      (1, 7, 'idle', '2026-03-10 10:00+00', '2026-03-10 11:00'), (1, 7, 'gone', '2026-03-10 11:00+00', NULL),
      (1, 7, 'lunch', '2026-03-10 12:00+00', NULL))sql");
  EXPECT_THAT(column("SELECT s.status FROM agent_status s ORDER BY s.started_at"),
              ElementsAre("online", "online", "away", "offline", "offline"));
  EXPECT_THAT(column("SELECT a.role FROM agents a ORDER BY a.agent_id"), ElementsAre("agent", "agent", "supervisor"));
}

TEST_F(OtherCrm, AChatOpenedAgainIsOpenThoughItKeepsTheTimeOfItsClosing) {
  execute(url_, R"sql(
    INSERT INTO desk.chats (chat_key, account, user_id, state, started, closed) VALUES
      ('again', 1, 7, 'open', '2026-03-09 09:00+00', '2026-03-09 12:00'),
      ('closed', 1, 7, 'closed', '2026-03-09 09:00+00', '2026-03-10 12:00'),
      ('new', 1, 8, 'open', '2026-03-10 15:00:00+00', NULL),
      ('not yet', 1, 8, 'open', '2026-03-10 15:00:00.000001+00', NULL))sql");
  const KpiAnswer answer = ask();
  EXPECT_EQ(answer["activeConversations"]["value"], 2);        // again, new
  EXPECT_EQ(answer["activeConversations"]["change"], 0.0);     // at this time yesterday: again, closed
  EXPECT_EQ(ask(user(7))["activeConversations"]["value"], 1);  // again
  EXPECT_EQ(ask({Role::supervisor, "9"})["activeConversations"]["value"], 1)
      << "of her team, through two kinds of rows";
}

TEST_F(OtherCrm, RowsOfADeletedUserStayHisAndThoseOfAReassignedChatMove) {
  execute(url_, R"sql(
    INSERT INTO desk.chats (chat_key, account, user_id, state, started) VALUES ('c', 1, 8, 'open', '2026-03-10 09:00+00');
    INSERT INTO desk.chat_messages (id, account, chat_key, way, author, user_id, state, written) VALUES
      (1, 1, 'c', 'in', 'client', NULL, 'delivered', '2026-03-10 09:00'),
      (2, 1, 'c', 'out', 'operator', 8, 'accepted', '2026-03-10 09:02');
    UPDATE desk.users SET deleted_at = now() WHERE id = 8)sql");
  EXPECT_EQ(ask()["messagesToday"]["value"], 2);
  EXPECT_EQ(ask(user(8))["messagesToday"]["value"], 2);
  EXPECT_EQ(ask(user(8))["avgResponseTime"]["value"], 120);
  execute(url_, "UPDATE desk.chats SET user_id = 7 WHERE chat_key = 'c'");
  EXPECT_EQ(ask(user(8))["messagesToday"]["value"], 0);
  EXPECT_EQ(ask(user(7))["messagesToday"]["value"], 2) << "with the chat, whoever wrote them";
  EXPECT_EQ(ask(user(7))["avgResponseTime"]["value"], 120);
}

TEST_F(OtherCrm, DeliveryEventsOutOfOrderAndWordsThatLagBehindThem) {
  execute(url_, R"sql(
    INSERT INTO desk.chats (chat_key, account, user_id, state, started) VALUES ('c', 1, 7, 'open', '2026-03-01 09:00+00');
    INSERT INTO desk.chat_messages (id, account, chat_key, way, author, state, written, accepted, seen, error) VALUES
      -- seen before it was accepted, before it was written; the word is of the last event that arrived
      (1, 1, 'c', 'out', 'operator', 'accepted', '2026-03-10 09:00', '2026-03-10 08:59+00', '2026-03-10 08:58', NULL),
      -- an error that a reading overtook
      (2, 1, 'c', 'out', 'operator', 'error', '2026-03-10 09:01', NULL, '2026-03-10 09:05', '2026-03-10 09:04+00'),
      -- an error without a word of it, and a word without its time
      (3, 1, 'c', 'out', 'robot', 'queued', '2026-03-10 09:02', NULL, NULL, '2026-03-10 09:04+00'),
      (4, 1, 'c', 'out', 'robot', 'error', '2026-03-10 09:03', NULL, NULL, NULL),
      -- delivered, as the word says; accepted, as the time says; seen in the future only; waiting
      (5, 1, 'c', 'out', 'operator', 'delivered', '2026-03-10 09:04', NULL, NULL, NULL),
      (6, 1, 'c', 'out', 'operator', 'queued', '2026-03-10 09:05', '2026-03-10 14:59:59+00', NULL, NULL),
      (7, 1, 'c', 'out', 'operator', 'seen', '2026-03-10 09:06', '2026-03-10 09:06+00', '2026-03-10 15:00:01', NULL),
      (8, 1, 'c', 'out', 'operator', 'queued', '2026-03-10 09:07', NULL, NULL, NULL),
      -- what comes in is delivered too, and nobody's delivery
      (9, 1, 'c', 'in', 'client', 'delivered', '2026-03-10 09:08', NULL, NULL, NULL),
      -- a broadcast without a chat
      (10, 1, NULL, 'out', 'operator', 'delivered', '2026-03-10 09:09', NULL, NULL, NULL))sql");
  const KpiAnswer answer = ask();
  EXPECT_EQ(answer.samples.at("crm_messages_today outbound"), 9);
  EXPECT_EQ(answer.samples.at("crm_outbound_today read"), 2);       // 1, 2
  EXPECT_EQ(answer.samples.at("crm_outbound_today delivered"), 4);  // and 5, 10
  EXPECT_EQ(answer.samples.at("crm_outbound_today failed"), 2);     // 3, 4
  EXPECT_EQ(answer.samples.at("crm_outbound_today sent"), 8);       // all but 8: delivered, failed, and 6 and 7
  EXPECT_EQ(answer["whatsappDeliveryRate"]["value"], 50.0);         // 4 of 8
  EXPECT_EQ(ask(user(7)).samples.at("crm_outbound_today delivered"), 3) << "without the broadcast";
}

TEST_F(OtherCrm, TheFirstResponseTimeThatItsBotsSetIsNotRead) {
  execute(url_, R"sql(
    INSERT INTO desk.chats (chat_key, account, user_id, state, started, handed_over, first_response_seconds) VALUES
      ('c', 1, 7, 'open', '2026-03-10 09:00+00', '2026-03-10 09:10+00', 1);
    INSERT INTO desk.chat_messages (id, account, chat_key, way, author, state, written) VALUES
      (1, 1, 'c', 'in', 'client', 'delivered', '2026-03-10 09:00'), (2, 1, 'c', 'out', 'robot', 'seen', '2026-03-10 09:00:01'),
      (3, 1, 'c', 'out', 'operator', 'seen', '2026-03-10 09:13'))sql");
  EXPECT_EQ(ask()["avgResponseTime"]["value"], 180);  // from the hand-off on: an aware time, against a naive one
}

TEST_F(OtherCrm, UrgenciesAreNumbersAndAnUnknownOneIsCountedAsUnknown) {
  execute(url_, R"sql(
    INSERT INTO desk.cases (id, account, user_id, urgency, opened, done) VALUES
      (1, 1, 7, 1, '2026-03-10 09:00', NULL), (2, 1, 7, 4, '2026-03-10 09:00', NULL), (3, 1, 8, 3, '2026-03-10 09:00', NULL),
      (4, 1, 8, 3, '2026-03-10 09:00', '2026-03-10 15:00+00'), (5, 1, NULL, 0, '2026-03-10 09:00', NULL))sql");
  const KpiAnswer answer = ask();
  EXPECT_EQ(answer["openTickets"]["byPriority"], Json({{"high", 2}, {"medium", 1}, {"low", 1}}));  // 3 and 4, 0, 1
  EXPECT_THAT(answer.unknown_words, ElementsAre(std::tuple("tickets", "priority", 1)));
}

TEST_F(OtherCrm, TheOtherAccountsRowsAreNobodysHere) {
  execute(url_, "DELETE FROM desk.users WHERE account = 1; DELETE FROM desk.team_users WHERE account = 1");
  for (const source::View& view : source::contract()) {
    const std::string columns(view.columns.front().name);
    EXPECT_THAT(column(fmt::format("SELECT v.{} FROM {} v", columns, view.name)), IsEmpty()) << view.name;
  }
  EXPECT_GT(std::stoi(scalar(url_, "SELECT count(*) FROM desk.chats")), 500) << "there are some";
}

}  // namespace
