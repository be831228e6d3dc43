// What the CRM writes, and what the change feed notes of it: one row for each thing that changed, in the transaction
// that changed it, on both CRMs. And that no failure of the feed is ever the CRM's.

#include <sstream>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "history.h"
#include "sessions.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

class ChangeFeed : public ::testing::TestWithParam<Crm> {
 protected:
  bool reference() const { return GetParam() == Crm::reference; }
  // The table's own name, and of its columns where they differ.
  std::string messages() const { return reference() ? "messages" : "desk.chat_messages"; }
  std::string conversations() const { return reference() ? "conversations" : "desk.chats"; }
  std::string recipients() const { return reference() ? "campaign_recipients" : "desk.broadcast_targets"; }

  // A conversation as the view has it: the other CRM's are text.
  std::string chat(const std::string& name) const { return (reference() ? "" : "chat ") + id(GetParam(), name); }

  // A message as the CRM itself writes it.
  std::string insert_own() const {
    return reference()
               ? "INSERT INTO public.messages (direction, sender_type, created_at) VALUES ('inbound', 'customer', "
                 "'2026-03-10 09:00:30')"
               : "INSERT INTO desk.chat_messages (id, account, way, author, state, written) VALUES (1, 1, 'in', "
                 "'client', 'delivered', '2026-03-10 09:00:30')";
  }

  // As it is noted: it has no conversation.
  std::string own() const { return reference() ? "message " + scalar(url_, "SELECT id FROM messages") + " " : ""; }

  void given(const std::string& rows) const {
    execute(url_, rows);
    noted();
  }
  void write(const std::string& statement) const { execute(url_, statement); }

  // What has been noted and nobody has taken yet: "message <id> 09:00:30".
  std::vector<std::string> noted() const {
    std::istringstream lines(scalar(url_, R"sql(
WITH taken AS (DELETE FROM crm_metrics.changes RETURNING *)
SELECT string_agg(concat_ws(' ', entity, id, to_char(at AT TIME ZONE 'UTC', 'HH24:MI:SS')), E'\n' ORDER BY entity, at, id)
FROM taken)sql"));
    std::vector<std::string> rows;
    for (std::string line; std::getline(lines, line);) rows.push_back(line);
    return rows;
  }
  std::string rescans() const {
    return scalar(url_, "SELECT coalesce(string_agg(reason, '; '), '') FROM crm_metrics.rescans");
  }
  std::string count(const std::string& table) const { return scalar(url_, "SELECT count(*) FROM " + table); }

  const std::string url_ = with_history(create_database(cluster(), GetParam()), GetParam());
};
INSTANTIATE_TEST_SUITE_P(OnEveryCrm, ChangeFeed, ::testing::Values(Crm::reference, Crm::other),
                         [](const auto& crm) { return to_string(crm.param); });

// --- messages
// ----------------------------------------------------------------------------------------------------------

TEST_P(ChangeFeed, AMessageIsNotedWithItsConversationAndItsInstant) {
  write(sql(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00:30"}));
  EXPECT_THAT(noted(), ElementsAre("message " + chat("a") + " 09:00:30"));
  EXPECT_EQ(rescans(), "");
}

// By itself, so that a step need not count all that was written in its minute. Not every CRM's triggers tell.
TEST_P(ChangeFeed, AMessageOfNoConversationIsNotedToo) {
  write(sql(Message{.sender = "system", .at = "2026-03-10 09:00:30", .name = "broadcast"}));
  const std::string itself = "message " + id("broadcast") + " ";
  EXPECT_THAT(noted(), ElementsAre("message " + (reference() ? itself : "") + "09:00:30"));
  write(reference() ? "UPDATE messages SET delivery_status = 'read'"
                    : "UPDATE desk.chat_messages SET state = 'seen' WHERE account = 1");
  EXPECT_THAT(noted(), ElementsAre("delivery " + (reference() ? itself : "") + "09:00:00"));
}

TEST_P(ChangeFeed, MessagesOfOneStatementAreNotedEach) {
  given(sql(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00"}));
  const std::string copy =
      reference() ? "INSERT INTO messages (conversation_id, direction, sender_type, created_at) SELECT "
                    "conversation_id, direction, sender_type, created_at + n * interval '1 second' FROM messages"
                  : "INSERT INTO desk.chat_messages (id, account, chat_key, way, author, state, written) SELECT "
                    "n + 1000000, account, chat_key, way, author, state, written + n * interval '1 second' FROM "
                    "desk.chat_messages";
  write(copy + ", generate_series(1, 1000) n" + (reference() ? "" : " WHERE account = 1"));
  EXPECT_EQ(noted().size(), 1000U);
}

// The daemon finds it by its transaction; how, integration/unnoted_messages_test.cpp shows. The other CRM notes it.
TEST_P(ChangeFeed, AMessageOfNowCostsTheReferenceCrmNoNote) {
  write(reference() ? "INSERT INTO messages (direction, sender_type) VALUES ('inbound', 'customer')"
                    : "INSERT INTO desk.chat_messages (id, account, way, author, state, written) VALUES (1, 1, 'in', "
                      "'client', 'delivered', now())");
  EXPECT_EQ(noted().size(), reference() ? 0U : 1U);
  EXPECT_EQ(count("crm_metrics.written_messages"), reference() ? "1" : "0");
}

TEST_P(ChangeFeed, NobodyWritesThroughTheViewOfMessages) {
  EXPECT_THROW(write("INSERT INTO crm_metrics.written_messages (created_at) VALUES (now())"), std::runtime_error);
  EXPECT_THROW(write("DELETE FROM crm_metrics.written_messages"), std::runtime_error);
}

class ChangeFeedOfMessages : public ChangeFeed {
 protected:
  ChangeFeedOfMessages() {
    given(sql(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00:30", .name = "m"}));
  }
  void update(const std::string& reference_set, const std::string& other_set) const {
    write(fmt::format("UPDATE {} SET {}{}", messages(), reference() ? reference_set : other_set,
                      reference() ? "" : " WHERE account = 1"));
  }
};
INSTANTIATE_TEST_SUITE_P(OnEveryCrm, ChangeFeedOfMessages, ::testing::Values(Crm::reference, Crm::other),
                         [](const auto& crm) { return to_string(crm.param); });

TEST_P(ChangeFeedOfMessages, ADeliveryIsNotedByTheMinuteOfTheMessageAndItsConversation) {
  update("delivery_status = 'read', read_at = '2026-03-10 10:00'", "state = 'seen', seen = '2026-03-10 10:00'");
  EXPECT_THAT(noted(), ElementsAre("delivery " + chat("a") + " 09:00:00"));
}

TEST_P(ChangeFeedOfMessages, DeliveriesOfOneMinuteAndConversationAreOneNote) {
  given(sql(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00:50"}) +
        sql(Message{.conversation = "b", .sender = "agent", .at = "2026-03-10 09:01:00"}));
  update("failed_at = '2026-03-10 10:00'", "error = '2026-03-10 10:00Z'");
  EXPECT_THAT(noted(),
              UnorderedElementsAre("delivery " + chat("a") + " 09:00:00", "delivery " + chat("b") + " 09:01:00"));
}

// An update of very many costs the CRM no note for each.
TEST_P(ChangeFeedOfMessages, DeliveriesOfVeryManyAreNotedByTheMinuteAlone) {
  std::string more;
  for (int i = 0; i < 100; ++i)
    more += sql(Message{.conversation = "c" + std::to_string(i), .sender = "agent", .at = "2026-03-10 09:00:50"});
  given(more);
  update("failed_at = '2026-03-10 10:00'", "error = '2026-03-10 10:00Z'");
  EXPECT_THAT(noted(), ElementsAre("delivery 09:00:00"));
}

TEST_P(ChangeFeedOfMessages, WhatNobodyCountsIsNotNoted) {
  update("content = 'edited', recipient = '+49'", "body = 'edited', phone = '+49'");
  update("delivery_status = delivery_status", "state = state");
  EXPECT_THAT(noted(), IsEmpty());
}

TEST_P(ChangeFeedOfMessages, AMessageThatMovesIsNotedWhereItWasAndWhereItIs) {
  update("conversation_id = '" + id("b") + "'", "chat_key = '" + chat("b") + "'");
  EXPECT_THAT(noted(), UnorderedElementsAre("message_changed " + chat("a") + " 09:00:30",
                                            "message_changed " + chat("b") + " 09:00:30"));
  update("created_at = '2026-03-10 11:00'", "written = '2026-03-10 11:00'");
  EXPECT_THAT(noted(),
              ElementsAre("message_changed " + chat("b") + " 09:00:30", "message_changed " + chat("b") + " 11:00:00"));
}

TEST_P(ChangeFeedOfMessages, AMessageThatIsSomethingElseNowIsNotedOnce) {
  update("sender_type = 'bot'", "author = 'robot'");
  EXPECT_THAT(noted(), ElementsAre("message_changed " + chat("a") + " 09:00:30"));
  update("direction = 'inbound'", "way = 'in'");
  EXPECT_THAT(noted(), ElementsAre("message_changed " + chat("a") + " 09:00:30"));
  update("campaign_id = '" + id("spring") + "'", "broadcast_id = 7");
  EXPECT_THAT(noted(), ElementsAre("message_changed " + chat("a") + " 09:00:30"));
}

TEST_P(ChangeFeedOfMessages, AMessageThatMovesAndIsDeliveredAtOnceIsBoth) {
  update("created_at = '2026-03-10 11:00:20', delivery_status = 'read'",
         "written = '2026-03-10 11:00:20', state = 'seen'");
  EXPECT_THAT(noted(), ElementsAre("delivery " + chat("a") + " 11:00:00", "message_changed " + chat("a") + " 09:00:30",
                                   "message_changed " + chat("a") + " 11:00:20"));
}

TEST_P(ChangeFeedOfMessages, AnIdThatChangesLosesNothing) {
  update("id = '" + id("other") + "'", "id = 4711");
  EXPECT_THAT(noted(), ElementsAre("message_changed " + chat("a") + " 09:00:30"));
}

TEST_P(ChangeFeedOfMessages, ADeletedMessageIsNoted) {
  write(fmt::format("DELETE FROM {}{}", messages(), reference() ? "" : " WHERE account = 1"));
  EXPECT_THAT(noted(), ElementsAre("message_deleted " + chat("a") + " 09:00:30"));
}

TEST_P(ChangeFeedOfMessages, AnUpsertIsWhatItDid) {
  const std::string upsert =
      reference()
          ? "INSERT INTO messages (id, direction, sender_type, created_at) VALUES ('" + id("m") +
                "', 'outbound', 'agent', '2026-03-10 09:00:30') ON CONFLICT (id) DO UPDATE SET delivery_status = 'read'"
          : "INSERT INTO desk.chat_messages (id, account, way, author, state, written) VALUES (" + id(Crm::other, "m") +
                ", 1, 'out', 'operator', 'seen', '2026-03-10 09:00:30') ON CONFLICT (id) DO UPDATE SET state = 'seen'";
  write(upsert);
  EXPECT_THAT(noted(), ElementsAre("delivery " + chat("a") + " 09:00:00"));
}

TEST_P(ChangeFeedOfMessages, ATableThatIsEmptiedIsCountedAgain) {
  write("TRUNCATE " + messages());
  EXPECT_EQ(rescans(), (reference() ? "public." : "") + messages() + " was truncated");
}

// --- conversations
// -----------------------------------------------------------------------------------------------------

class ChangeFeedOfConversations : public ChangeFeed {
 protected:
  ChangeFeedOfConversations() {
    given(
        sql(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00"}) +
        sql(Conversation{.name = "r", .agent = "ann", .created = "2026-03-10 08:00", .resolved = "2026-03-10 08:30"}));
  }
  void update(const std::string& name, const std::string& reference_set, const std::string& other_set) const {
    write(fmt::format("UPDATE {} SET {} WHERE {} = '{}'", conversations(), reference() ? reference_set : other_set,
                      reference() ? "id" : "chat_key", chat(name)));
  }
};
INSTANTIATE_TEST_SUITE_P(OnEveryCrm, ChangeFeedOfConversations, ::testing::Values(Crm::reference, Crm::other),
                         [](const auto& crm) { return to_string(crm.param); });

TEST_P(ChangeFeedOfConversations, ANewOneIsNotedAndSoIsItsResolution) {
  write(sql(Conversation{.name = "b", .created = "2026-03-10 10:00", .resolved = "2026-03-10 10:30"}));
  EXPECT_THAT(noted(), ElementsAre("conversation " + chat("b") + " 10:00:00", "resolution " + chat("b") + " 10:30:00"));
}

TEST_P(ChangeFeedOfConversations, AnotherAgentIsNotedAtItsBeginningAndAtItsResolution) {
  update("a", "assigned_agent_id = '" + id("ben") + "'", "user_id = 8");
  EXPECT_THAT(noted(), ElementsAre("conversation " + chat("a") + " 09:00:00"));
  update("r", "assigned_agent_id = NULL", "user_id = NULL");
  EXPECT_THAT(noted(), ElementsAre("conversation " + chat("r") + " 08:00:00", "resolution " + chat("r") + " 08:30:00"));
}

TEST_P(ChangeFeedOfConversations, AHandOffAndAnotherContactAreNoted) {
  update("a", "escalated_at = '2026-03-10 09:10'", "handed_over = '2026-03-10 09:10Z'");
  EXPECT_THAT(noted(), ElementsAre("conversation " + chat("a") + " 09:00:00"));
  update("a", "contact_id = '" + id("carl") + "'", "person_id = 9");
  EXPECT_THAT(noted(), ElementsAre("conversation " + chat("a") + " 09:00:00"));
}

TEST_P(ChangeFeedOfConversations, AnotherBeginningIsNotedOldAndNew) {
  update("a", "created_at = '2026-03-10 07:00'", "started = '2026-03-10 07:00Z'");
  EXPECT_THAT(noted(),
              ElementsAre("conversation " + chat("a") + " 07:00:00", "conversation " + chat("a") + " 09:00:00"));
}

TEST_P(ChangeFeedOfConversations, AResolutionAndAReopeningAreNotedWhereTheyCount) {
  update("a", "resolved_at = '2026-03-10 09:45'", "state = 'closed', closed = '2026-03-10 09:45'");
  EXPECT_THAT(noted(), ElementsAre("outcome " + chat("a") + " 09:00:00", "resolution " + chat("a") + " 09:45:00"));
  update("a", "resolved_at = NULL", "state = 'open'");
  EXPECT_THAT(noted(), ElementsAre("outcome " + chat("a") + " 09:00:00", "resolution " + chat("a") + " 09:45:00"));
}

TEST_P(ChangeFeedOfConversations, AResolutionThatMovesIsNotedOldAndNew) {
  update("r", "resolved_at = '2026-03-10 09:45'", "closed = '2026-03-10 09:45'");
  EXPECT_THAT(noted(), ElementsAre("outcome " + chat("r") + " 08:00:00", "resolution " + chat("r") + " 08:30:00",
                                   "resolution " + chat("r") + " 09:45:00"));
}

TEST_P(ChangeFeedOfConversations, AScoreIsARating) {
  update("r", "csat_score = 5", "stars = 5");
  EXPECT_THAT(noted(), ElementsAre("rating " + chat("r") + " 08:00:00"));
}

TEST_P(ChangeFeedOfConversations, WhatNobodyCountsIsNotNoted) {
  update("r", "first_response_time_seconds = 7", "first_response_seconds = 7");
  EXPECT_THAT(noted(), IsEmpty());
}

TEST_P(ChangeFeedOfConversations, ADeletedOneIsNotedAndSoIsItsResolution) {
  write(fmt::format("DELETE FROM {}{}", conversations(), reference() ? "" : " WHERE account = 1"));
  EXPECT_THAT(noted(),
              ElementsAre("conversation_deleted " + chat("r") + " 08:00:00",
                          "conversation_deleted " + chat("a") + " 09:00:00", "resolution " + chat("r") + " 08:30:00"));
}

// --- recipients
// --------------------------------------------------------------------------------------------------------

TEST_P(ChangeFeed, ARecipientIsNotedByItsMessageOnceItHasOne) {
  const std::string one = id(GetParam(), "one");
  const std::string two = id(GetParam(), "two");
  const std::string set = fmt::format("UPDATE {}{} SET message_id = ", recipients(), reference() ? "" : " t");
  const std::string where = reference() ? "" : " WHERE account = 1";
  write(sql(Recipient{.campaign = "spring", .contact = "carl"}));
  EXPECT_THAT(noted(), IsEmpty());
  write(set + "'" + one + "'" + where);
  EXPECT_THAT(noted(), ElementsAre("recipient " + one));
  write(set + "'" + two + "'" + where);
  EXPECT_THAT(noted(), UnorderedElementsAre("recipient " + one, "recipient " + two));
  write(fmt::format("UPDATE {} SET {} = '2026-03-10 12:00'{}", recipients(), reference() ? "converted_at" : "converted",
                    where));
  EXPECT_THAT(noted(), ElementsAre("recipient " + two));
  write(fmt::format("UPDATE {} SET {} = 'read'{}", recipients(), reference() ? "status" : "state", where));
  EXPECT_THAT(noted(), IsEmpty());
  write(fmt::format("DELETE FROM {}{}", recipients(), where));
  EXPECT_THAT(noted(), ElementsAre("recipient " + two));
  write(sql(Recipient{.campaign = "spring", .contact = "dora", .message = "one"}));
  EXPECT_THAT(noted(), ElementsAre("recipient " + one));
}

// --- contacts, intents, leads, tickets, presence ---------------------------------------------------------------------

TEST_P(ChangeFeedOfConversations, AContactThatLosesOneIsNoted) {
  const std::string eva = id(GetParam(), "eva");
  update("a", "contact_id = '" + id("eva") + "'", "person_id = " + eva);
  EXPECT_THAT(noted(), ElementsAre("conversation " + chat("a") + " 09:00:00")) << "it had no contact";
  update("a", "contact_id = NULL", "person_id = NULL");
  EXPECT_THAT(noted(), ElementsAre("contact " + eva + " 09:00:00", "conversation " + chat("a") + " 09:00:00"));
  update("a", "contact_id = '" + id("eva") + "'", "person_id = " + eva);
  noted();
  write(fmt::format("DELETE FROM {} WHERE {} = '{}'", conversations(), reference() ? "id" : "chat_key", chat("a")));
  EXPECT_THAT(noted(),
              ElementsAre("contact_deleted " + eva + " 09:00:00", "conversation_deleted " + chat("a") + " 09:00:00"));
}

TEST_P(ChangeFeed, IntentsAreNotedWhenTheyWereDetected) {
  const std::string table = reference() ? "conversation_intents" : "desk.intents";
  const std::string where = reference() ? "" : " WHERE account = 1";
  write(sql(Intent{.conversation = "a", .intent = "price", .at = "2026-03-10 09:00"}));
  EXPECT_THAT(noted(), ElementsAre("intent " + chat("a") + " 09:00:00"));
  write("UPDATE " + table + " SET " + (reference() ? "succeeded = true" : "outcome = 'solved'") + where);
  EXPECT_THAT(noted(), ElementsAre("intent " + chat("a") + " 09:00:00"));
  write("UPDATE " + table + " SET " +
        (reference() ? "detected_at = '2026-03-10 10:00'" : "noticed = '2026-03-10 10:00Z'") + where);
  EXPECT_THAT(noted(), ElementsAre("intent " + chat("a") + " 09:00:00", "intent " + chat("a") + " 10:00:00"));
  write("DELETE FROM " + table + where);
  EXPECT_THAT(noted(), ElementsAre("intent_deleted " + chat("a") + " 10:00:00"));
}

TEST_P(ChangeFeed, LeadsAreNotedWhenTheyWereWon) {
  const std::string table = reference() ? "contacts" : "desk.people";
  const std::string where = reference() ? "" : " WHERE account = 1";
  const std::string eva = id(GetParam(), "eva");
  write(sql(Contact{.name = "eva"}));
  EXPECT_THAT(noted(), IsEmpty());
  write("UPDATE " + table + " SET " + (reference() ? "lead_at = '2026-03-10 09:00'" : "lead_on = '2026-03-10 09:00Z'") +
        where);
  EXPECT_THAT(noted(), ElementsAre("lead " + eva + " 09:00:00"));
  write("UPDATE " + table + " SET phone = '+49'" + where);
  EXPECT_THAT(noted(), IsEmpty());
  write("UPDATE " + table + " SET " + (reference() ? "lead_at = NULL" : "lead_on = NULL") + where);
  EXPECT_THAT(noted(), ElementsAre("lead " + eva + " 09:00:00")) << "it counts no more";
  write(sql(Contact{.name = "tom", .lead = "2026-03-10 10:00", .agent = "ann"}));
  write("DELETE FROM " + table + where);
  const std::string tom = id(GetParam(), "tom");
  EXPECT_THAT(noted(), ElementsAre("lead " + tom + " 10:00:00", "lead_deleted " + tom + " 10:00:00"));
}

TEST_P(ChangeFeed, TicketsAreNotedWhenTheyWereResolved) {
  const std::string table = reference() ? "tickets" : "desk.cases";
  const std::string where = reference() ? "" : " WHERE account = 1";
  const std::string eva = id(GetParam(), "eva");
  write(sql(Ticket{.agent = "ann", .priority = "high", .created = "2026-03-10 08:00", .contact = "eva"}));
  EXPECT_THAT(noted(), IsEmpty()) << "open";
  write("UPDATE " + table + " SET " +
        (reference() ? "resolved_at = '2026-03-10 09:00'" : "done = '2026-03-10 09:00Z'") + where);
  EXPECT_THAT(noted(), ElementsAre("ticket " + eva + " 09:00:00"));
  write("UPDATE " + table + " SET " +
        (reference() ? "contact_id = '" + id("tom") + "'" : "person_id = " + id(GetParam(), "tom")) + where);
  EXPECT_THAT(noted(),
              UnorderedElementsAre("ticket " + eva + " 09:00:00", "ticket " + id(GetParam(), "tom") + " 09:00:00"));
  write("UPDATE " + table + " SET " + (reference() ? "subject = 'x'" : "title = 'x'") + where);
  EXPECT_THAT(noted(), IsEmpty());
  write("DELETE FROM " + table + where);
  EXPECT_THAT(noted(), ElementsAre("ticket_deleted " + id(GetParam(), "tom") + " 09:00:00"));
}

TEST_P(ChangeFeed, SpansOfPresenceAreNotedFromWhereTheyTellSomethingElse) {
  const std::string table = reference() ? "agent_activity_logs" : "desk.presence";
  const std::string where = reference() ? "" : " WHERE account = 1";
  const std::string start = reference() ? "started_at" : "since";
  const std::string end = reference() ? "ended_at" : "until";
  const std::string ann = id(GetParam(), "ann");
  write(sql(Span{.agent = "ann", .status = "online", .from = "2026-03-10 09:00"}));
  EXPECT_THAT(noted(), ElementsAre("presence " + ann + " 09:00:00"));
  write("UPDATE " + table + " SET " + end + " = '2026-03-10 10:00'" + where);
  EXPECT_THAT(noted(), ElementsAre("presence " + ann + " 10:00:00")) << "before its end it tells what it told";
  write("UPDATE " + table + " SET " + end + " = '2026-03-10 11:00'" + where);
  EXPECT_THAT(noted(), ElementsAre("presence " + ann + " 10:00:00"));
  write("UPDATE " + table + " SET " + start + " = '2026-03-10 08:00Z'" + where);
  EXPECT_THAT(noted(), ElementsAre("presence " + ann + " 08:00:00", "presence " + ann + " 09:00:00"));
  write("DELETE FROM " + table + where);
  EXPECT_THAT(noted(), ElementsAre("presence_deleted " + ann + " 08:00:00"));
}

// --- other accounts
// ----------------------------------------------------------------------------------------------------

TEST(ChangeFeedOfAnAccount, NotesNothingOfOthersAndWhatMovesBetweenThem) {
  const std::string url = with_history(create_database(cluster(), Crm::other), Crm::other);
  const auto noted = [&] {
    return scalar(url,
                  "WITH taken AS (DELETE FROM crm_metrics.changes RETURNING *) SELECT coalesce(string_agg(entity || "
                  "coalesce(' ' || id, ''), ', ' ORDER BY entity, id), '') FROM taken");
  };
  execute(
      url,
      "UPDATE desk.chats SET user_id = 1 WHERE account <> 1; UPDATE desk.chat_messages SET way = 'out', state = 'seen' "
      "WHERE account <> 1; DELETE FROM desk.chat_messages WHERE account <> 1");
  EXPECT_EQ(noted(), "");
  execute(url,
          "INSERT INTO desk.chats (chat_key, account, state, started) VALUES ('x', 2, 'open', now()); "
          "UPDATE desk.chats SET account = 1 WHERE chat_key = 'x'");
  EXPECT_EQ(noted(), "conversation x");
  execute(url, "UPDATE desk.chats SET account = 2 WHERE chat_key = 'x'");
  EXPECT_EQ(noted(), "conversation x");
}

// --- transactions
// ------------------------------------------------------------------------------------------------------

TEST_P(ChangeFeed, IsSeenWithTheCommitAndNotBefore) {
  DatabaseSession late(url_);
  late.execute("BEGIN");
  late.execute(sql(Message{.conversation = "late", .sender = "customer", .at = "2026-03-10 09:00"}));
  write(sql(Message{.conversation = "early", .sender = "customer", .at = "2026-03-10 09:00"}));
  EXPECT_THAT(noted(), ElementsAre("message " + chat("early") + " 09:00:00"));
  late.execute("COMMIT");
  EXPECT_THAT(noted(), ElementsAre("message " + chat("late") + " 09:00:00"));
}

TEST_P(ChangeFeed, NothingIsNotedOfWhatWasRolledBack) {
  write("BEGIN;" + sql(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00"}) + "; ROLLBACK");
  EXPECT_THAT(noted(), IsEmpty());
}

// --- the CRM's sessions
// ------------------------------------------------------------------------------------------------

TEST_P(ChangeFeed, WorksForARoleWithoutRightsOnItInAnySearchPathAndTimeZone) {
  write("DO $$ BEGIN CREATE ROLE app LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
  const std::string schema = reference() ? "public" : "desk";
  write(fmt::format(
      "GRANT USAGE ON SCHEMA {0} TO app; GRANT ALL ON ALL TABLES IN SCHEMA {0} TO app; CREATE SCHEMA hostile; "
      "GRANT ALL ON SCHEMA hostile TO app; CREATE TABLE hostile.changes (entity int, id int, at int)",
      schema));
  DatabaseSession app(cluster().url(url_.substr(url_.rfind('/') + 1)), "app");
  app.execute(
      "SET search_path = hostile, pg_catalog; SET TimeZone = 'Asia/Tokyo'; SET DateStyle = 'German'; "
      "CREATE FUNCTION hostile.timezone(text, timestamp) RETURNS timestamptz LANGUAGE sql AS 'SELECT "
      "NULL::timestamptz'");
  app.execute(insert_own());
  EXPECT_THAT(noted(), ElementsAre("message " + own() + "09:00:30"));
  EXPECT_THROW(app.execute("SELECT count(*) FROM crm_metrics.changes"), std::runtime_error);
  EXPECT_EQ(rescans(), "");
}

TEST_P(ChangeFeed, ASessionThatDisablesTriggersIsNotedToo) {
  write("SET session_replication_role = replica;" + insert_own());
  EXPECT_THAT(noted(), ElementsAre("message " + own() + "09:00:30"));
}

// --- failures
// ----------------------------------------------------------------------------------------------------------

struct Failure {
  std::string name;
  std::string makes;
  bool leaves_a_rescan;
  friend void PrintTo(const Failure& failure, std::ostream* out) { *out << failure.name; }
};

class ChangeFeedThatFails : public ::testing::TestWithParam<Failure> {
 protected:
  // Every kind of write.
  static std::string all_writes() {
    return sql(Conversation{
               .name = "a", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 09:30"}) +
           ";" + sql(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00", .name = "m"}) + ";" +
           sql(Recipient{.campaign = "spring", .contact = "carl", .message = "m"}) + ";" +
           "UPDATE messages SET created_at = '2026-03-10 10:00', delivery_status = 'read';"
           "UPDATE conversations SET resolved_at = '2026-03-10 10:00', csat_score = 3, assigned_agent_id = NULL;"
           "UPDATE campaign_recipients SET message_id = gen_random_uuid();"
           "INSERT INTO profiles (full_name, role, status) VALUES ('Ann', 'agent', 'online');"
           "UPDATE profiles SET status = 'away';";
  }
};

TEST_P(ChangeFeedThatFails, IsNeverTheCrmsFailure) {
  const std::string url = with_history(cluster().create_reference_database());
  execute(url, GetParam().makes);
  EXPECT_NO_THROW(execute(url, all_writes()));
  EXPECT_EQ(
      scalar(url,
             "SELECT concat_ws(' ', (SELECT count(*) FROM messages), (SELECT count(*) FROM conversations), (SELECT "
             "count(*) FROM campaign_recipients), (SELECT status FROM profiles))"),
      "1 1 1 away");
  EXPECT_NO_THROW(
      execute(url,
              "DELETE FROM messages; DELETE FROM conversations; DELETE FROM campaign_recipients; DELETE FROM "
              "profiles; TRUNCATE messages"));
  EXPECT_EQ(scalar(url, "SELECT (SELECT count(*) FROM messages) + (SELECT count(*) FROM conversations)"), "0");
  if (GetParam().leaves_a_rescan) {
    // Nine writes and a TRUNCATE, each one for itself; what presence made of spans beside.
    EXPECT_EQ(scalar(url, "SELECT count(*) FROM crm_metrics.rescans WHERE reason NOT LIKE 'note_presence%'"), "10");
    EXPECT_THAT(scalar(url, "SELECT string_agg(reason, '; ') FROM crm_metrics.rescans"),
                ::testing::AllOf(HasSubstr("note_message_insert: "), HasSubstr("note_recipient_delete: ")));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Faults, ChangeFeedThatFails,
    ::testing::Values(
        Failure{"NoTable", "DROP TABLE crm_metrics.changes", true},
        Failure{"NoRight",
                "DO $$ BEGIN CREATE ROLE powerless; EXCEPTION WHEN duplicate_object THEN NULL; END $$; "
                "DO $$ DECLARE f text; BEGIN FOR f IN SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = "
                "'crm_metrics'::regnamespace LOOP EXECUTE 'ALTER FUNCTION ' || f || ' OWNER TO powerless'; END "
                "LOOP; END $$; GRANT USAGE ON SCHEMA crm_metrics TO powerless; "
                "GRANT INSERT ON crm_metrics.rescans TO powerless",
                true},
        Failure{"OtherColumns", "ALTER TABLE crm_metrics.changes DROP COLUMN entity", true},
        Failure{"OtherType", "ALTER TABLE crm_metrics.changes ALTER entity TYPE int USING 0", true},
        Failure{"ARule", "ALTER TABLE crm_metrics.changes ADD CHECK (entity = 'none')", true},
        Failure{"NoTableAndNoRescans", "DROP TABLE crm_metrics.changes, crm_metrics.rescans", false},
        Failure{"NoTableAtAll", "DROP TABLE crm_metrics.changes, crm_metrics.rescans, crm_metrics.agent_activity_logs",
                false},
        Failure{"NoSchema", "ALTER SCHEMA crm_metrics RENAME TO elsewhere", false}),
    [](const auto& failure) { return failure.param.name; });

TEST(ChangeFeedThatWaits, DoesNotKeepTheCrmWaiting) {
  const std::string url = with_history(cluster().create_reference_database());
  DatabaseSession busy(url);
  busy.execute("BEGIN; LOCK TABLE crm_metrics.changes IN ACCESS EXCLUSIVE MODE");
  const auto began = std::chrono::steady_clock::now();
  EXPECT_NO_THROW(execute(url, "SET statement_timeout = '20s'; SET client_min_messages = error;" +
                                   sql(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00"})));
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(10));
  busy.execute("COMMIT");
  EXPECT_THAT(scalar(url, "SELECT string_agg(reason, '; ') FROM crm_metrics.rescans"), HasSubstr("lock timeout"));
}

TEST(ChangeFeedThatIsAppliedAgain, CountsAgainWhatHasBeenStored) {
  const std::string url = with_history(cluster().create_reference_database());
  with_history(url);
  EXPECT_EQ(scalar(url, "SELECT count(*) FROM crm_metrics.rescans"), "0");
  execute(url, "UPDATE crm_metrics.rollup_state SET steps = 1");
  with_history(url);
  EXPECT_EQ(scalar(url, "SELECT string_agg(reason, '; ') FROM crm_metrics.rescans"), "changes.sql was applied");
}

}  // namespace
