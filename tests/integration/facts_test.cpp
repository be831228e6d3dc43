// The facts over raw rows: hand-counted, on a real PostgreSQL and two CRMs. All times are UTC on 10 March 2026 unless
// they say else; the server itself runs in Asia/Tokyo, so that nothing may lean on its zone.

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "facts_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::Optional;

Instant at(const std::string& time) {
  return on_the_day(time);
}

using Facts = FactsTest;
CRM_ON_EVERY_CRM(Facts);

// --- turns -----------------------------------------------------------------------------------------------------------

TEST_P(Facts, ATurnIsAnsweredAfterItsFirstMessage) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:01:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:03:30"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:04:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:10:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:10:20.5"});
  const FactTable turns = day("turns");
  EXPECT_EQ(turns.sum("answered"), 2);  // 09:00 → 09:03:30, 09:10 → 09:10:20.5; 09:04 answers nothing
  EXPECT_EQ(turns.sum("response_ms"), 210'000 + 20'500);  // 3 min 30 s, 20.5 s
}

TEST_P(Facts, TheAnsweredTurnHappensAtTheReply) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:50"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:50"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 10:10"});
  EXPECT_EQ(ask({"turns", between("09:00:00", "10:00:00")}).sum("answered"), 0);
  const FactTable ten = ask({"turns", between("10:00:00", "11:00:00")});
  EXPECT_EQ(ten.sum("answered"), 1);
  EXPECT_EQ(ten.sum("response_ms"), 20 * 60'000);  // counted from before the window
  EXPECT_EQ(ask({"turns", between("10:00:00", "10:10:00")}).sum("answered"), 0) << "windows are half open";
}

TEST_P(Facts, BotSystemAndCampaignMessagesAreAsIfAbsent) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "bot", .at = "2026-03-10 09:00:05"},
        Message{.conversation = "c", .sender = "system", .at = "2026-03-10 09:00:10"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:01", .campaign = "spring"},
        Message{.conversation = "c", .sender = "stranger", .at = "2026-03-10 09:02"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:05"});
  EXPECT_EQ(day("turns").sum("answered"), 1);
  EXPECT_EQ(day("turns").sum("response_ms"), 5 * 60'000);
}

TEST_P(Facts, BotRepliesCountWhereTheSettingSaysSo) {
  settings_.sla.count_bot_replies = true;
  given(Conversation{.name = "c", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "bot", .at = "2026-03-10 09:00:05"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:05"});
  EXPECT_EQ(day("turns").sum("answered"), 1);
  EXPECT_EQ(day("turns").sum("response_ms"), 5'000);
}

TEST_P(Facts, AnAgentIsNotChargedForTheBotsTime) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00", .escalated = "2026-03-10 09:30"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:31"},
        Conversation{.name = "d", .agent = "ann", .created = "2026-03-10 10:00", .escalated = "2026-03-10 10:30"},
        Message{.conversation = "d", .sender = "customer", .at = "2026-03-10 10:00"},
        Message{.conversation = "d", .sender = "agent", .at = "2026-03-10 10:20"});
  const FactTable turns = day("turns");
  EXPECT_EQ(turns.sum("answered"), 2);
  EXPECT_EQ(turns.sum("response_ms"), 60'000) << "one minute from the hand-off; a reply before it took none";
}

TEST_P(Facts, InboundComesFirstAmongMessagesOfOneInstant) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"});
  EXPECT_EQ(day("turns").sum("answered"), 1);
  EXPECT_EQ(day("turns").sum("response_ms"), 0);
}

TEST_P(Facts, AConversationThatAHumanOpensAnswersNothingUntilTheCustomerWrites) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:01"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:30"});
  EXPECT_EQ(day("turns").sum("answered"), 0);
}

TEST_P(Facts, ResponseHistogramCountsEachTurnOnce) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:00:15"},  // exactly 15 s: the first bucket
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 10:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 10:00:15.001"},  // the second
        Conversation{.name = "d", .agent = "ann", .created = "2026-03-01 09:00"},
        Message{.conversation = "d", .sender = "customer", .at = "2026-03-01 09:00"},
        Message{.conversation = "d", .sender = "agent", .at = "2026-03-10 11:00"});  // nine days: above all bounds
  EXPECT_THAT(day("turns").histogram("response"), ElementsAre(1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1));
}

// --- messages --------------------------------------------------------------------------------------------------------

TEST_P(Facts, EachFateIncludesThoseBeforeIt) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00", .status = "delivered"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:01", .status = "pending"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:02", .status = "sent"},
        Message{.conversation = "c", .sender = "bot", .at = "2026-03-10 09:03", .status = "delivered"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:04", .status = "read"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:05", .status = "failed"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:06", .status = "no such word"});
  const FactTable messages = day("messages");
  EXPECT_EQ(messages.sum("inbound"), 1);
  EXPECT_EQ(messages.sum("outbound"), 6);
  EXPECT_EQ(messages.sum("sent"), 4);       // sent, delivered, read, failed
  EXPECT_EQ(messages.sum("delivered"), 2);  // delivered, read; the incoming row's word is not a delivery of ours
  EXPECT_EQ(messages.sum("read"), 1);
  EXPECT_EQ(messages.sum("failed"), 1);
}

TEST_P(Facts, TimestampsDecideWhereTheyAreSet) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        // the word lags behind the timestamps
        Message{.conversation = "c",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "sent",
                .read = "2026-03-10 09:05"},
        // delivered only after the instant asked for, whatever the word says now
        Message{.conversation = "c",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "delivered",
                .delivered = "2026-03-10 12:00",
                .sent = "2026-03-10 09:01"},
        // a failure that a delivery overtook
        Message{.conversation = "c",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "failed",
                .delivered = "2026-03-10 09:10",
                .failed = "2026-03-10 09:05"});
  const FactTable at_ten = ask({"messages", between("00:00:00", "10:00:00")}, Scope::everyone(), "10:00:00");
  EXPECT_EQ(at_ten.sum("sent"), 3);
  // Without an instant the word of now is all that is known: the second counts already at ten.
  EXPECT_EQ(at_ten.sum("delivered"), knows_when_delivered() ? 2 : 3);
  EXPECT_EQ(at_ten.sum("read"), 1);
  EXPECT_EQ(at_ten.sum("failed"), 0);
  const FactTable at_noon = ask({"messages", between("00:00:00", "10:00:00")}, Scope::everyone(), "12:00:00");
  EXPECT_EQ(at_noon.sum("delivered"), 3) << "the same rows, asked later";
}

TEST_P(Facts, AFateAfterTheHorizonIsNone) {
  settings_.rollup.horizon = std::chrono::hours(1);
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00"},
        Message{.conversation = "c",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "delivered",
                .delivered = "2026-03-10 10:30",
                .sent = "2026-03-10 09:00:01"});
  EXPECT_EQ(day("messages").sum("delivered"), knows_when_delivered() ? 0 : 1) << "a word has no instant";
  EXPECT_EQ(day("messages").sum("sent"), 1);
}

TEST_P(Facts, AMessageBelongsToItsConversationsAgentAndABroadcastToNobody) {
  given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob"}, Agent{.name = "sue", .role = "supervisor"},
        Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00"},
        Conversation{.name = "b", .agent = "bob", .created = "2026-03-10 09:00"},
        Conversation{.name = "s", .agent = "sue", .created = "2026-03-10 09:00"},
        Conversation{.name = "u", .created = "2026-03-10 09:00"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-10 09:01"},
        Message{.conversation = "s", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "u", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.sender = "agent", .at = "2026-03-10 09:00", .campaign = "spring"});
  EXPECT_EQ(day("messages").sum("inbound"), 5);
  EXPECT_EQ(day("messages").sum("outbound"), 1);
  EXPECT_EQ(day("messages", agent("ann")).sum("inbound"), 1);
  EXPECT_EQ(day("messages", agent("bob")).sum("inbound"), 2);
  EXPECT_EQ(day("messages", supervisor("sue")).sum("inbound"), 2) << "ann's and the supervisor's own";
  EXPECT_EQ(day("messages", supervisor("sue")).sum("outbound"), 0)
      << "a broadcast without a conversation is the company's";
  EXPECT_EQ(day("messages", agent("nobody")).sum("inbound"), 0);
}

// --- axes ------------------------------------------------------------------------------------------------------------

TEST_P(Facts, AreGroupedByAgentAndBucket) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00"},
        Conversation{.name = "u", .created = "2026-03-10 09:00"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:30"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 10:00"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 10:59:59.999999"},
        Message{.conversation = "u", .sender = "customer", .at = "2026-03-10 10:30"});
  const FactTable table = ask({.fact = "messages",
                               .window = between("09:15:00", "11:00:00"),
                               .by = {Axis::bucket, Axis::agent},
                               .buckets = {at("09:00:00"), at("10:00:00")}});
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(table.rows()[0].bucket, at("09:00:00"));
  EXPECT_THAT(table.rows()[0].agent, Optional(id_of("ann")));
  EXPECT_EQ(table.value(table.rows()[0], "inbound"), 1);
  EXPECT_EQ(table.rows()[1].bucket, at("10:00:00"));
  EXPECT_EQ(table.value(table.rows()[1], "inbound"), 2);
  EXPECT_EQ(table.rows()[2].agent, std::nullopt) << "unassigned";
  EXPECT_EQ(table.value(table.rows()[2], "inbound"), 1);
}

TEST_P(Facts, OfNoRowsAreZeroNotNothing) {
  EXPECT_EQ(day("messages").sum("inbound"), 0);
  EXPECT_EQ(day("turns").sum("response_ms"), 0);
  EXPECT_THAT(day("turns").histogram("response"), ::testing::Each(0));
}

TEST_P(Facts, OfAnAbsentViewSaySo) {
  execute(url_, "DROP VIEW crm_source.messages");
  EXPECT_TRUE(day("messages").absent());
  EXPECT_EQ(day("messages").sum("inbound"), 0);
}

TEST_P(Facts, OfAViewWithoutAColumnNameBoth) {
  execute(url_,
          "DROP VIEW crm_source.messages; CREATE VIEW crm_source.messages AS SELECT id AS message_id, conversation_id, "
          "direction, "
          "sender_type, delivery_status, created_at, sent_at, read_at, failed_at FROM messages");
  try {
    day("messages");
    FAIL() << "a missing column went unnoticed";
  } catch (const ContractError& error) {
    EXPECT_STREQ(error.what(),
                 "view crm_source.messages has no column delivered_at (a timestamp): add it to the view (read by "
                 "statement messages)");
  }
}

// --- the property ----------------------------------------------------------------------------------------------------

// facts[a,c) = facts[a,b) + facts[b,c), the agents and the unassigned add up to the total, and no agent's answer
// depends on another's rows: on random conversations with ties, hand-offs and missing agents.
TEST_P(Facts, AddUpForAnyCutAndAnyScope) {
  std::mt19937 random(20260310);
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::vector<std::string> agents{"ann", "bob", "cid", ""};
  const std::vector<std::string> senders{"customer", "customer", "agent", "bot", "system"};
  const std::vector<std::string> words{"pending", "sent", "delivered", "read", "failed", "?"};
  const auto minute = [](int m) { return fmt::format("2026-03-10 {:02}:{:02}:00", m / 60, m % 60); };
  std::string rows;
  for (int c = 0; c < 60; ++c) {
    const std::string name = fmt::format("c{}", c);
    const int begin = pick(600);
    rows += sql(Conversation{.name = name,
                             .agent = agents[static_cast<std::size_t>(pick(4))],
                             .created = minute(begin),
                             .resolved = pick(2) == 0 ? minute(begin + pick(400)) : "",
                             .escalated = pick(3) == 0 ? minute(begin + pick(120)) : ""});
    for (int m = 0, t = begin; m < 20; ++m, t += pick(6)) {
      rows += sql(Message{.conversation = name,
                          .sender = senders[static_cast<std::size_t>(pick(5))],
                          .at = minute(t),
                          .status = words[static_cast<std::size_t>(pick(6))],
                          .delivered = pick(4) == 0 ? minute(t + pick(300)) : "",
                          .read = pick(5) == 0 ? minute(t + pick(300)) : "",
                          .failed = pick(6) == 0 ? minute(t + 1) : "",
                          .campaign = pick(15) == 0 ? "spring" : ""});
    }
  }
  execute(url_, rows +
                    "INSERT INTO campaign_recipients (campaign_id, contact_id, message_id) "
                    "SELECT gen_random_uuid(), gen_random_uuid(), id FROM messages");
  const auto values = [](const FactTable& table) {
    std::vector<std::int64_t> sums;
    for (const auto& column : table.columns()) sums.push_back(table.sum(column));
    return sums;
  };
  const auto plus = [](std::vector<std::int64_t> a, const std::vector<std::int64_t>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
    return a;
  };
  const Window all{at("00:00:00"), at("20:00:00")};
  const FactTable messages = ask({"messages", all});
  EXPECT_EQ(ask({"message_failures", all}).sum("failed"), messages.sum("failed"));
  EXPECT_EQ(ask({"campaign_messages", all}).sum("created"), messages.sum("outbound")) << "each is a recipient's";
  EXPECT_EQ(ask({"campaign_messages", all}).sum("sent"), messages.sum("sent"));
  for (const char* fact : {"messages", "message_failures", "campaign_messages", "turns", "conversations",
                           "first_responses", "resolutions", "sla"}) {
    const auto total = values(ask({fact, all}));
    EXPECT_GT(total[0], 10) << "the data say something of " << fact;
    for (int cut = 0; cut < 5; ++cut) {
      const Instant b = all.from + std::chrono::minutes(pick(1'200)) + std::chrono::microseconds(pick(2));
      EXPECT_EQ(plus(values(ask({fact, {all.from, b}})), values(ask({fact, {b, all.to}}))), total)
          << fact << " cut at " << to_iso(b);
    }
    const FactTable by_agent = ask({.fact = fact, .window = all, .by = {Axis::agent}});
    EXPECT_EQ(values(by_agent), total);
    for (const FactRow& row : by_agent.rows()) {
      if (!row.agent) continue;
      EXPECT_EQ(values(ask({fact, all}, {Role::agent, *row.agent})), row.values) << fact;
    }
    const auto ann = values(ask({fact, all}, agent("ann")));
    execute(
        url_,
        fmt::format("UPDATE messages SET delivery_status = 'failed', created_at = created_at + interval '7 min' WHERE "
                    "conversation_id IN (SELECT id FROM conversations WHERE assigned_agent_id = '{}')",
                    id("bob")));
    EXPECT_EQ(values(ask({fact, all}, agent("ann"))), ann) << "ann's " << fact << " changed with bob's rows";
  }
}

}  // namespace
