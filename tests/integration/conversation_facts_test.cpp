// Facts of conversations: created and resolved, first responses, the SLA. Hand-counted, on a real PostgreSQL
// and two CRMs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;

// The target is 300 s; a conversation of ann's is created at 09:00 unless a test says else.
class ConversationFacts : public FactsTest {
 protected:
  void customer(const std::string& at) { say("customer", at); }
  void human(const std::string& at) { say("agent", at); }
  void bot(const std::string& at) { say("bot", at); }
  void say(const std::string& sender, const std::string& at, const std::string& campaign = "") {
    given(Message{.conversation = "c", .sender = sender, .at = "2026-03-10 " + at, .campaign = campaign});
  }
  void conversation(const std::string& resolved = "", const std::string& escalated = "") {
    const auto on_day = [](const std::string& time) { return time.empty() ? time : "2026-03-10 " + time; };
    given(Conversation{.name = "c",
                       .agent = "ann",
                       .created = "2026-03-10 09:00",
                       .resolved = on_day(resolved),
                       .escalated = on_day(escalated)});
  }

  // "compliant", "breached" or "not counted", as known at an instant.
  std::string sla(const std::string& as_of = "23:00:00") {
    const FactTable table = ask({"sla", between("00:00:00", "23:00:00")}, Scope::everyone(), as_of);
    const auto compliant = table.sum("compliant");
    const auto breached = table.sum("breached");
    EXPECT_LE(compliant + breached, 1) << "one conversation, one outcome";
    return compliant == 1 ? "compliant" : breached == 1 ? "breached" : "not counted";
  }
  std::int64_t first_response_ms() {
    const FactTable happened = day("first_responses");
    const FactTable created = day("sla");
    EXPECT_EQ(happened.sum("answered"), created.sum("answered")) << "both clocks count the same responses";
    EXPECT_EQ(happened.sum("response_ms"), created.sum("response_ms"));
    return happened.sum("answered") == 0 ? -1 : happened.sum("response_ms");
  }
};

CRM_ON_EVERY_CRM(ConversationFacts);

// --- conversations, resolutions --------------------------------------------------------------------------------------

TEST_P(ConversationFacts, AreCountedWhereCreatedWithTheirResolutionByTheInstantAsked) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 10:00"},
        Conversation{.name = "b", .agent = "ann", .created = "2026-03-10 09:30"},
        Conversation{.name = "c", .created = "2026-03-10 10:00", .resolved = "2026-03-10 12:00"},
        Conversation{.name = "d", .agent = "ann", .created = "2026-03-09 23:59:59"});
  EXPECT_EQ(day("conversations").sum("created"), 3);
  EXPECT_EQ(day("conversations").sum("resolved"), 2);
  EXPECT_EQ(day("conversations", agent("ann")).sum("created"), 2) << "the unassigned one is the company's";
  const FactTable at_eleven = ask({"conversations", between("00:00:00", "11:00:00")}, Scope::everyone(), "11:00:00");
  EXPECT_EQ(at_eleven.sum("resolved"), 1) << "c is resolved at 12:00";
}

TEST_P(ConversationFacts, AResolutionAtOrAfterTheHorizonIsNone) {
  settings_.rollup.horizon = std::chrono::hours(2);
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 10:59:59"},
        Conversation{.name = "b", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 11:00:00"});
  EXPECT_EQ(day("conversations").sum("resolved"), 1);
}

TEST_P(ConversationFacts, AResolutionHappensWhenItHappens) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 09:05"},
        Conversation{.name = "b", .agent = "ann", .created = "2026-03-09 09:00", .resolved = "2026-03-10 10:00"},
        Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 10:00:05", .resolved = "2026-03-10 10:00"},
        Conversation{.name = "d", .agent = "ann", .created = "2026-03-10 11:00"});
  const FactTable resolutions = day("resolutions");
  EXPECT_EQ(resolutions.sum("resolved"), 3);
  EXPECT_EQ(resolutions.sum("resolution_ms"), (5 * 60 + 25 * 3'600 + 0) * 1'000)
      << "5 min, 25 h, and one whose clock ran backwards";
  EXPECT_THAT(resolutions.histogram("resolution"), ElementsAre(2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0));
  EXPECT_EQ(ask({"resolutions", between("09:00:00", "10:00:00")}).sum("resolved"), 1) << "half open";
}

// --- the first response ----------------------------------------------------------------------------------------------

TEST_P(ConversationFacts, TheFirstResponseIsTheFirstHumanReplyAfterTheCustomersFirstMessage) {
  conversation();
  human("09:00:00");  // a human opened the conversation: no response
  customer("09:01:00");
  say("system", "09:01:05");
  say("agent", "09:01:30", "spring");  // a campaign's message
  customer("09:02:00");
  human("09:04:20.5");
  human("09:05:00");
  EXPECT_EQ(first_response_ms(), 200'500);  // 09:01:00 → 09:04:20.5
}

TEST_P(ConversationFacts, TheFirstResponseHappensAtTheReply) {
  conversation();
  customer("09:58:00");
  human("10:01:00");
  EXPECT_EQ(ask({"first_responses", between("09:00:00", "10:00:00")}).sum("answered"), 0);
  EXPECT_EQ(ask({"first_responses", between("10:00:00", "11:00:00")}).sum("response_ms"), 180'000);
  human("10:05:00");
  EXPECT_EQ(ask({"first_responses", between("10:02:00", "11:00:00")}).sum("answered"), 0) << "the second is no first";
}

TEST_P(ConversationFacts, WithoutACustomersMessageThereIsNoFirstResponse) {
  conversation();
  human("09:01:00");
  EXPECT_EQ(first_response_ms(), -1);
  EXPECT_EQ(sla(), "not counted");
}

TEST_P(ConversationFacts, AnAgentIsNotChargedForTheBotsTime) {
  conversation("", "09:20:00");
  customer("09:00:00");
  bot("09:00:02");
  human("09:22:00");
  EXPECT_EQ(first_response_ms(), 120'000);  // from the hand-off at 09:20
  EXPECT_EQ(sla(), "compliant");
}

TEST_P(ConversationFacts, AReplyBeforeTheHandOffTookNoTime) {
  conversation("", "09:20:00");
  customer("09:00:00");
  human("09:15:00");
  EXPECT_EQ(first_response_ms(), 0);
}

TEST_P(ConversationFacts, AReplyOfTheSameInstantIsAResponse) {
  conversation();
  human("09:00:00");
  customer("09:00:00");
  EXPECT_EQ(first_response_ms(), 0) << "among messages of one instant, inbound comes first";
}

TEST_P(ConversationFacts, BotRepliesAreFirstResponsesWhereTheSettingSaysSo) {
  settings_.sla.count_bot_replies = true;
  conversation();
  customer("09:00:00");
  bot("09:00:02");
  EXPECT_EQ(first_response_ms(), 2'000);
  EXPECT_EQ(sla(), "compliant");
}

// --- the SLA ---------------------------------------------------------------------------------------------------------

TEST_P(ConversationFacts, AResponseAtTheTargetIsCompliantAndOneLaterIsNot) {
  conversation();
  customer("09:00:00");
  human("09:05:00");  // 300 s
  EXPECT_EQ(sla(), "compliant");
  execute(url_, "UPDATE messages SET created_at = created_at + interval '1 millisecond' WHERE sender_type = 'agent'");
  EXPECT_EQ(sla(), "breached");
}

TEST_P(ConversationFacts, WithoutAResponseTheTargetDecidesByTimeAlone) {
  conversation();
  customer("09:00:00");
  EXPECT_EQ(sla("09:04:59"), "not counted");
  EXPECT_EQ(sla("09:05:00"), "not counted") << "inside the target still";
  EXPECT_EQ(sla("09:05:01"), "breached");
  human("09:10:00");
  EXPECT_EQ(sla("09:04:59"), "not counted") << "as it was known then";
  EXPECT_EQ(sla("09:30:00"), "breached") << "late is late";
}

TEST_P(ConversationFacts, ClosedWithoutAnAnswerIsBreachedWhenTheTargetHasPassed) {
  conversation("09:02:00");
  customer("09:00:00");
  EXPECT_EQ(sla("09:03:00"), "not counted");
  EXPECT_EQ(sla("09:06:00"), "breached");
}

TEST_P(ConversationFacts, WhatTheBotHandlesOrHasResolvedIsNotCounted) {
  conversation("11:00:00");
  customer("09:00:00");
  bot("09:00:02");
  EXPECT_EQ(sla("10:00:00"), "not counted") << "handles";
  EXPECT_EQ(sla("12:00:00"), "not counted") << "has resolved";
}

TEST_P(ConversationFacts, AfterTheHandOffTheClockRuns) {
  conversation("", "09:20:00");
  customer("09:00:00");
  bot("09:00:02");
  EXPECT_EQ(sla("09:19:00"), "not counted") << "with the bot";
  EXPECT_EQ(sla("09:25:00"), "not counted") << "inside the target, counted from the hand-off";
  EXPECT_EQ(sla("09:25:01"), "breached");
}

TEST_P(ConversationFacts, OverdueStaysBreachedEvenIfTheBotTakesItUpAndResolvesIt) {
  conversation("10:00:00");
  customer("09:00:00");
  bot("09:05:01");  // the target passed at 09:05:00
  EXPECT_EQ(sla("09:05:01"), "breached");
  EXPECT_EQ(sla("12:00:00"), "breached");
}

TEST_P(ConversationFacts, ACampaignsMessageIsNoBotThatHandlesAnything) {
  conversation();
  customer("09:00:00");
  say("bot", "09:00:02", "spring");
  EXPECT_EQ(sla(), "breached");
}

TEST_P(ConversationFacts, AResponseAfterTheHorizonIsNone) {
  settings_.rollup.horizon = std::chrono::hours(1);
  conversation();
  customer("09:00:00");
  human("10:30:00");
  EXPECT_EQ(first_response_ms(), -1);
  EXPECT_EQ(sla(), "breached");
}

TEST_P(ConversationFacts, WaitingIsWhoIsOpenAndUnansweredNow) {
  const auto waiting = [&](const std::string& until) {
    const FactTable table = ask({"waiting", between("09:00:00", until)}, Scope::everyone(), until);
    return std::pair(table.sum("in_time"), table.sum("overdue"));
  };
  using Counts = std::pair<std::int64_t, std::int64_t>;
  conversation();
  EXPECT_EQ(waiting("09:01:00"), Counts(0, 0)) << "the customer has written nothing";
  customer("09:02:00");
  EXPECT_EQ(waiting("09:07:00"), Counts(1, 0)) << "300 s are over then";
  EXPECT_EQ(waiting("09:07:01"), Counts(0, 1));
  bot("09:08:00");
  EXPECT_EQ(waiting("09:09:00"), Counts(0, 1)) << "what the bot takes up later stays late";
  human("09:10:00");
  EXPECT_EQ(waiting("09:09:59"), Counts(0, 1));
  EXPECT_EQ(waiting("09:10:00"), Counts(0, 0));
}

TEST_P(ConversationFacts, WhatTheBotHandlesWaitsForNobody) {
  conversation("", "09:20:00");
  customer("09:00:00");
  bot("09:00:02");
  const auto waiting = [&](const std::string& until) {
    const FactTable table = ask({"waiting", between("09:00:00", until)}, Scope::everyone(), until);
    return table.sum("in_time") + 10 * table.sum("overdue");
  };
  EXPECT_EQ(waiting("09:19:00"), 0);
  EXPECT_EQ(waiting("09:24:00"), 1) << "handed over at 09:20";
  EXPECT_EQ(waiting("09:26:00"), 10);
}

TEST_P(ConversationFacts, OpenIsWhatHasNoResolution) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00"},
        Conversation{.name = "b", .agent = "ann", .created = "2026-03-10 09:05", .resolved = "2026-03-10 10:00"},
        Conversation{.name = "c", .created = "2026-03-10 09:10"});
  EXPECT_EQ(day("open_conversations").sum("open"), 2);
  EXPECT_EQ(day("open_conversations", agent("ann")).sum("open"), 1);
}

TEST_P(ConversationFacts, TheTargetIsASetting) {
  settings_.sla.first_response_seconds = 3'600;
  conversation();
  customer("09:00:00");
  human("09:59:00");
  EXPECT_EQ(sla(), "compliant");
}

TEST_P(ConversationFacts, OutcomesBelongToTheAgentWhoHasTheConversationNow) {
  conversation();
  customer("09:00:00");
  human("09:30:00");
  EXPECT_EQ(day("sla", agent("ann")).sum("breached"), 1);
  execute(url_, "UPDATE conversations SET assigned_agent_id = '" + id("bob") + "'");
  EXPECT_EQ(day("sla", agent("ann")).sum("breached"), 0);
  EXPECT_EQ(day("sla", agent("bob")).sum("breached"), 1);
  EXPECT_EQ(day("first_responses", agent("bob")).sum("answered"), 1);
}

}  // namespace
