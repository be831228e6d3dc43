// What happens to stored numbers when things happen late, go away, change their meaning, or go wrong: hand-counted.

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "history_scenario.h"

namespace crm::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

TEST_F(HistoryScenario, ARowThatIsCommittedLateIsCountedWhereItBelongs) {
  given(Conversation{.name = "c", .created = "2026-03-10 09:00"});
  take_steps(at("2026-03-10T09:30:00"));
  pqxx::connection crm(url_);
  pqxx::work late(crm);
  late.exec(sql(Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:10"}));
  take_steps(at("2026-03-10T12:00:00"));
  const Question asked = question("messages", "2026-03-10T09:00:00", "2026-03-10T12:00:00", "2026-03-10T12:00:00");
  EXPECT_EQ(total(asked)[0], 0) << "inbound: nobody else sees it yet";
  late.commit();
  take_steps(at("2026-03-10T12:00:01"));
  EXPECT_EQ(total(question("messages", "2026-03-10T09:00:00", "2026-03-10T12:00:00", "2026-03-10T12:00:01"))[0], 1);
}

TEST_F(HistoryScenario, TheSlaTargetPassesWithoutAnyChangeOfARow) {
  given(Conversation{.name = "c", .created = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"});
  take_steps(at("2026-03-10T09:04:00"));
  const auto breached = [&](const std::string& as_of) {
    return total(question("sla", "2026-03-10T09:00:00", "2026-03-10T09:04:00", as_of))[1];
  };
  EXPECT_EQ(breached("2026-03-10T09:04:30"), 0) << "the target is 300 s, over at 09:05";
  EXPECT_EQ(breached("2026-03-10T09:05:01"), 1) << "whether or not a step has been taken since";
  take_steps(at("2026-03-10T09:06:00"));
  EXPECT_EQ(breached("2026-03-10T09:06:00"), 1);
}

TEST_F(HistoryScenario, WhatTheHorizonHasDecidedIsNotDueAgain) {
  // A minute before the horizon the customer writes; the target of 300 s lies behind it.
  given(Conversation{.name = "c", .created = "2026-02-01 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-08 08:59"},
        Message{.conversation = "c", .sender = "bot", .at = "2026-03-08 08:59:10"});
  const std::string now = "2026-03-10T12:00:00";
  for (int i = 0; i < 3; ++i) take_step({.as_of = at(now)});
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.fact_periods WHERE next_due <= '2026-03-10 12:00Z'"), "0")
      << "it would be counted again by every step, for ever";
}

TEST_F(HistoryScenario, PresenceThatIsToldLateIsCountedWhereItBelongs) {
  given(Span{.agent = "ann", .status = "online", .from = "2026-03-09 08:00"});
  take_steps(at("2026-03-10T12:00:00"));
  const auto online = [&](const std::string& as_of) {
    const Question asked = question("presence", "2026-03-09T00:00:00", "2026-03-10T12:00:00", as_of);
    EXPECT_EQ(total(asked), raw(asked).at("- - -"));
    return total(asked)[0] / 3'600'000;
  };
  EXPECT_EQ(online("2026-03-10T12:00:00"), 24) << "hours: a forgotten span is a day's, from 08:00 to 08:00";
  execute(url_, "UPDATE agent_activity_logs SET ended_at = '2026-03-09 17:00'");
  EXPECT_EQ(online("2026-03-10T12:00:00"), 9) << "before any step, too";
  take_steps(at("2026-03-10T12:00:01"));
  EXPECT_EQ(online("2026-03-10T12:00:01"), 9) << "somebody remembered that ann went home at five";
  EXPECT_EQ(counter("presence", "online_ms"), 0) << "and counters never fall; these began after it";
}

// A fact that a plugin brings is stored and scoped like the house's own.
TEST_F(HistoryScenario, ARatingThatIsGivenLateOrChangesIsCountedWhereItBelongs) {
  registry_.add({"satisfaction.sql", example_fact("customer-satisfaction/sql/satisfaction.sql")});
  take_steps(at("2026-03-10T08:00:00"));
  given(Agent{.name = "ann"}, Agent{.name = "bob"},
        Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:10"},
        Conversation{.name = "b", .agent = "bob", .created = "2026-03-10 09:20"});
  take_steps(at("2026-03-10T09:30:00"));
  const auto rate = [&](const std::string& conversation, const std::string& score) {
    execute(url_, "UPDATE conversations SET csat_score = " + score + " WHERE id = '" + id(conversation) + "'");
  };
  const auto rated = [&](const std::string& as_of, const Scope& scope) {
    Question asked = question("satisfaction", "2026-03-10T09:00:00", "2026-03-10T10:00:00", as_of);
    asked.scope = scope;
    EXPECT_EQ(stored(asked), raw(asked));
    return total(asked);
  };
  const Scope ann{Role::agent, id("ann")};
  rate("a", "2");
  rate("b", "5");
  take_steps(at("2026-03-11T09:00:00"));
  EXPECT_EQ(rated("2026-03-11T09:00:00", Scope::everyone()), (std::vector<std::int64_t>{2, 1, 7, 0, 1, 0, 0, 1}))
      << "rated, satisfied, sum of scores; how many got 1 to 5";
  EXPECT_EQ(rated("2026-03-11T09:00:00", ann), (std::vector<std::int64_t>{1, 0, 2, 0, 1, 0, 0, 0}));
  EXPECT_EQ(counter("satisfaction", "rated"), 2);
  rate("a", "4");
  take_steps(at("2026-03-11T10:00:00"));
  EXPECT_EQ(rated("2026-03-11T10:00:00", ann), (std::vector<std::int64_t>{1, 1, 4, 0, 0, 0, 1, 0}));
  rate("a", "NULL");
  take_steps(at("2026-03-11T11:00:00"));
  EXPECT_EQ(rated("2026-03-11T11:00:00", ann), (std::vector<std::int64_t>(8, 0)));
  EXPECT_EQ(counter("satisfaction", "rated"), 2) << "counters never fall";
}

TEST_F(HistoryScenario, ADropOffIsDueWithoutAnyChangeOfARow) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-09 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-09 09:00"},
        Message{.conversation = "c", .sender = "bot", .at = "2026-03-09 09:00:05"});
  take_steps(at("2026-03-09T12:00:00"));
  const auto dropped = [&](const std::string& as_of) {
    const Question asked = question("bot_conversations", "2026-03-09T00:00:00", "2026-03-09T12:00:00", as_of);
    EXPECT_EQ(total(asked), raw(asked).at("- - -"));
    return total(asked)[5];
  };
  EXPECT_EQ(dropped("2026-03-10T09:00:04"), 0);
  EXPECT_EQ(dropped("2026-03-10T09:00:05"), 1) << "a day after the bot's last word";
  take_steps(at("2026-03-10T10:00:00"));
  EXPECT_EQ(dropped("2026-03-10T10:00:00"), 1);
}

TEST_F(HistoryScenario, AContactsEarlierConversationMakesTheNextOneNoFirst) {
  given(Conversation{.name = "b", .created = "2026-03-09 09:00", .contact = "eva"});
  take_steps(at("2026-03-10T12:00:00"));
  const auto first_ever = [&] {
    const Question asked = question("customers", "2026-03-09T00:00:00", "2026-03-10T00:00:00", "2026-03-10T12:00:00");
    EXPECT_EQ(total(asked), raw(asked).at("- - -"));
    return total(asked)[0];
  };
  EXPECT_EQ(first_ever(), 1);
  given(Conversation{.name = "a", .created = "2026-03-05 09:00", .contact = "eva"});
  EXPECT_EQ(first_ever(), 0) << "imported late; before any step";
  take_steps(at("2026-03-10T12:00:00"));
  EXPECT_EQ(first_ever(), 0);
  execute(url_, "DELETE FROM conversations WHERE id = '" + id("a") + "'");
  take_steps(at("2026-03-10T12:00:00"));
  EXPECT_EQ(first_ever(), 1) << "it was none of hers";
}

TEST_F(HistoryScenario, TheFirstAnswerToACampaignCountsAndTheNextAreNotEvenLookedAt) {
  given(Conversation{.name = "c", .created = "2026-03-10 07:00", .contact = "eva"},
        Message{.conversation = "",
                .sender = "system",
                .at = "2026-03-10 08:01",
                .status = "sent",
                .sent = "2026-03-10 08:02",
                .campaign = "spring",
                .name = "offer"},
        Recipient{.campaign = "spring", .contact = "eva", .message = "offer"});
  take_steps(at("2026-03-10T09:00:00"));
  const auto responded = [&](const std::string& as_of) {
    const Question asked = question("campaign_results", "2026-03-10T08:00:00", "2026-03-10T09:00:00", as_of);
    EXPECT_EQ(total(asked), raw(asked).at("- - -"));
    return total(asked)[1];
  };
  // When the minute was counted last in which the campaign's message was created.
  const auto counted = [&] {
    return scalar(url_,
                  "SELECT to_char(as_of AT TIME ZONE 'UTC', 'HH24:MI') FROM crm_metrics.fact_periods WHERE fact = "
                  "'campaign_results' AND grain = 'minutes' AND start = '2026-03-10 08:01+00'");
  };
  EXPECT_EQ(counted(), "09:00");
  given(Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:05"});
  take_steps(at("2026-03-10T09:10:00"));
  EXPECT_EQ(responded("2026-03-10T09:10:00"), 0);
  EXPECT_EQ(counted(), "09:00") << "the company's own words are no answer";
  given(Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:15", .name = "first"});
  take_steps(at("2026-03-10T09:20:00"));
  EXPECT_EQ(responded("2026-03-10T09:20:00"), 1);
  EXPECT_EQ(counted(), "09:20");
  given(Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:25", .name = "second"});
  take_steps(at("2026-03-10T09:30:00"));
  EXPECT_EQ(responded("2026-03-10T09:30:00"), 1);
  EXPECT_EQ(counted(), "09:20");
  execute(url_, "DELETE FROM messages WHERE id = '" + id("first") + "'");
  take_steps(at("2026-03-10T09:40:00"));
  EXPECT_EQ(responded("2026-03-10T09:40:00"), 1) << "the second is the first now";
  EXPECT_EQ(counted(), "09:40");
  execute(url_, "DELETE FROM messages WHERE id = '" + id("second") + "'");
  take_steps(at("2026-03-10T09:50:00"));
  EXPECT_EQ(responded("2026-03-10T09:50:00"), 0);
}

TEST_F(HistoryScenario, WhatAContactSaidElsewhereCountsOnceItIsKnownToBeTheirs) {
  given(Conversation{.name = "c", .created = "2026-03-10 07:00", .contact = "tom"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 08:30"},
        Message{.conversation = "",
                .sender = "system",
                .at = "2026-03-10 08:01",
                .status = "sent",
                .sent = "2026-03-10 08:02",
                .campaign = "spring",
                .name = "offer"},
        Recipient{.campaign = "spring", .contact = "eva", .message = "offer"});
  take_steps(at("2026-03-10T09:00:00"));
  const auto responded = [&] {
    const Question asked =
        question("campaign_results", "2026-03-10T08:00:00", "2026-03-10T09:00:00", "2026-03-10T09:00:00");
    EXPECT_EQ(total(asked), raw(asked).at("- - -"));
    return total(asked)[1];
  };
  EXPECT_EQ(responded(), 0);
  execute(url_, "UPDATE conversations SET contact_id = '" + id("eva") + "' WHERE id = '" + id("c") + "'");
  EXPECT_EQ(responded(), 1) << "before any step";
  take_steps(at("2026-03-10T09:00:00"));
  EXPECT_EQ(responded(), 1);
  execute(url_, "UPDATE conversations SET contact_id = '" + id("tom") + "' WHERE id = '" + id("c") + "'");
  take_steps(at("2026-03-10T09:00:00"));
  EXPECT_EQ(responded(), 0);
}

TEST_F(HistoryScenario, RowsThatTheCrmPrunesStayCounted) {
  settings_.rollup.horizon = hours(24 * 35);
  for (int i = 0; i < 5; ++i) {
    given(Message{.conversation = "c", .sender = "customer", .at = "2026-01-05 09:10"});
  }
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-01-05 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-01-05 09:12"});
  take_steps(at("2026-01-06T10:00:00"));
  const std::string now = "2026-03-10T12:00:00";
  take_steps(at(now), {.fill = std::chrono::days(70)});
  execute(url_, "DELETE FROM messages");
  take_steps(at(now));
  const auto january = [&](const std::string& fact) {
    return total(question(fact, "2026-01-05T00:00:00", "2026-01-06T00:00:00", now));
  };
  EXPECT_EQ(january("messages")[0], 5) << "inbound";
  EXPECT_EQ(january("messages")[1], 1) << "outbound";
  EXPECT_EQ(january("turns")[0], 1);
  EXPECT_EQ(january("sla")[0], 1) << "compliant: answered after 120 s";
  // Whoever touches that conversation now must not make the hour be counted again from what is left.
  execute(url_, "UPDATE conversations SET assigned_agent_id = '" + id("ben") + "'");
  take_steps(at("2026-03-10T12:05:00"));
  EXPECT_EQ(january("messages")[0], 5);
}

TEST_F(HistoryScenario, WhatIsTrueNowIsNotKeptOfRowsThatTheCrmPrunes) {
  given(Conversation{.name = "old", .agent = "ann", .created = "2026-01-05 09:00"},
        Message{.conversation = "old", .sender = "customer", .at = "2026-01-05 09:10"},
        Conversation{.name = "mute", .created = "2026-01-05 09:20"},
        Conversation{.name = "new", .created = "2026-03-10 11:58"},
        Message{.conversation = "new", .sender = "customer", .at = "2026-03-10 11:58"});
  const std::string now = "2026-03-10T12:00:00";
  take_steps(at(now), {.fill = std::chrono::days(70)});
  const auto numbers = [&](const std::string& fact, const std::string& as_of) {
    const Question asked = question(fact, "1970-01-01T00:00:00", as_of, as_of);
    EXPECT_EQ(stored(asked), raw(asked));
    return total(asked);
  };
  EXPECT_EQ(numbers("open_conversations", now)[0], 3);
  EXPECT_EQ(numbers("waiting", now), (std::vector<std::int64_t>{1, 1})) << "new has 300 s, old waits since January";
  EXPECT_EQ(numbers("waiting", "2026-03-10T12:03:01"), (std::vector<std::int64_t>{0, 2})) << "by time alone";
  execute(url_, "DELETE FROM messages WHERE created_at < '2026-02-01'");
  EXPECT_EQ(numbers("waiting", now)[1], 0) << "before any step, too";
  execute(url_, "DELETE FROM conversations WHERE id = '" + id("mute") + "'");
  take_steps(at(now));
  EXPECT_EQ(numbers("waiting", now)[1], 0);
  EXPECT_EQ(numbers("open_conversations", now)[0], 2);
  execute(url_, "UPDATE conversations SET resolved_at = '2026-03-10 11:59' WHERE id = '" + id("new") + "'");
  take_steps(at(now));
  EXPECT_EQ(numbers("open_conversations", now)[0], 1);
  EXPECT_EQ(numbers("waiting", now)[0], 0);
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.counters WHERE fact IN ('waiting', 'open_conversations')"),
            "0")
      << "they are no events";
}

TEST_F(HistoryScenario, AStepWithoutTimeLeavesWhatItTouchedForTheNext) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-05 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-05 09:10"});
  const std::string now = "2026-03-10T12:00:00";
  take_steps(at(now));
  execute(url_, "UPDATE messages SET direction = 'outbound', sender_type = 'system'");
  const Question asked = question("messages", "2026-03-05T00:00:00", "2026-03-06T00:00:00", now);
  EXPECT_EQ(total(asked), raw(asked).at("- - -")) << "it waits still, and is looked at";
  EXPECT_TRUE(take_step({.budget = std::chrono::milliseconds(0), .as_of = at(now)}).more);
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.changes"), "0") << "it was taken";
  EXPECT_NE(scalar(url_,
                   "SELECT count(*) FROM crm_metrics.fact_periods WHERE fact = 'messages' AND stale_since IS NOT "
                   "NULL AND grain IN ('hour', 'day')"),
            "0");
  EXPECT_EQ(total(asked), raw(asked).at("- - -")) << "what is stale is not believed";
  take_steps(at(now));
  EXPECT_EQ(total(asked)[1], 1) << "outbound";
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.fact_periods WHERE stale_since IS NOT NULL"), "0");
}

TEST_F(HistoryScenario, YoungRowsThatAreDeletedAreSubtracted) {
  given(Message{.conversation = "", .sender = "system", .at = "2026-03-08 09:10", .name = "m"},
        Message{.conversation = "", .sender = "system", .at = "2026-03-08 09:20"});
  take_steps(at("2026-03-10T12:00:00"));
  const Question asked = question("messages", "2026-03-08T00:00:00", "2026-03-09T00:00:00", "2026-03-10T12:00:00");
  EXPECT_EQ(total(asked)[1], 2);
  execute(url_, "DELETE FROM messages WHERE id = '" + id("m") + "'");
  take_steps(at("2026-03-10T12:00:00"));
  EXPECT_EQ(total(asked)[1], 1);
}

TEST_F(HistoryScenario, AnotherSlaTargetIsRightAtOnceAndStoredAgainAfterwards) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-08 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-08 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-08 09:04"});
  take_steps(at("2026-03-10T12:00:00"));
  const Question asked = question("sla", "2026-03-08T00:00:00", "2026-03-09T00:00:00", "2026-03-10T12:00:00");
  EXPECT_EQ(total(asked), (std::vector<std::int64_t>{1, 0, 1, 240'000})) << "240 s is within 300 s";
  settings_.sla.first_response_seconds = 120;
  start_anew();
  stored_periods_read_ = 0;
  EXPECT_EQ(total(asked), (std::vector<std::int64_t>{0, 1, 1, 240'000})) << "and not within 120 s";
  EXPECT_EQ(stored_periods_read_, 0u) << "what is stored means something else";
  EXPECT_TRUE(rebuilding_) << "and the answer says so";
  take_steps(at("2026-03-10T12:00:00"));
  EXPECT_EQ(total(asked), (std::vector<std::int64_t>{0, 1, 1, 240'000}));
  EXPECT_FALSE(rebuilding_);
  EXPECT_EQ(stored_periods_read_, 1u) << "one day";
}

TEST_F(HistoryScenario, AnotherZoneIsRightAtOnceAndStoredAgainAfterwards) {
  // 20:00 UTC on the 7th is 01:30 on the 8th in Kolkata.
  given(Conversation{.name = "c", .created = "2026-03-07 20:00"});
  take_steps(at("2026-03-10T12:00:00"));
  zone("Asia/Kolkata");
  start_anew();
  const Question eighth =
      question("conversations", "2026-03-07T18:30:00", "2026-03-08T18:30:00", "2026-03-10T12:00:00");
  EXPECT_EQ(total(eighth)[0], 1);
  const Question week = question("conversations", "2026-03-03T18:30:00", "2026-03-09T18:30:00", "2026-03-10T12:00:00");
  EXPECT_EQ(total(week)[0], 1);
  EXPECT_TRUE(rebuilding_) << "days of UTC are among those that it is of";
  take_steps(at("2026-03-10T12:00:00"));
  EXPECT_EQ(total(week)[0], 1);
  EXPECT_FALSE(rebuilding_);
  stored_periods_read_ = 0;
  EXPECT_EQ(total(eighth)[0], 1);
  EXPECT_EQ(stored_periods_read_, 1u) << "one business day of Kolkata";
  EXPECT_EQ(
      scalar(url_,
             "SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day' AND extract(MINUTE FROM start) = 0 "
             "AND start >= '2026-03-01'"),
      "0")
      << "the days of UTC are gone";
}

TEST_F(HistoryScenario, WithoutTriggersAnswersSayThatTheyMayLag) {
  given(Conversation{.name = "c", .created = "2026-03-10 06:00"});
  rollup::StepRules rules;
  rules.as_of = at("2026-03-10T12:00:00");
  rules.fed = false;
  rules.fill = std::chrono::days(2);
  while (rollup::take_step(house(), rules).more) {
  }
  EXPECT_EQ(total(question("conversations", "2026-03-10T00:00:00", "2026-03-10T12:00:00", "2026-03-10T12:00:00"))[0],
            1);
  EXPECT_FALSE(exact_);
  // What comes within the last two hours is seen at once, what is older when its hour is counted again.
  execute(url_, "ALTER TABLE messages DISABLE TRIGGER USER; ALTER TABLE conversations DISABLE TRIGGER USER;");
  given(Conversation{.name = "young", .created = "2026-03-10 11:30"},
        Conversation{.name = "old", .created = "2026-03-10 06:10"});
  const auto created = [&](const std::string& as_of) {
    return total(question("conversations", "2026-03-10T00:00:00", "2026-03-10T12:00:00", as_of))[0];
  };
  EXPECT_EQ(created("2026-03-10T12:00:00"), 2);
  rules.as_of = at("2026-03-10T13:01:00");  // six hours after the end of the hour
  while (rollup::take_step(house(), rules).more) {
  }
  EXPECT_EQ(created("2026-03-10T13:01:00"), 3);
}

TEST_F(HistoryScenario, ATriggerThatFailedMakesEverythingBeCountedAgain) {
  given(Conversation{.name = "c", .created = "2026-03-08 09:00"});
  take_steps(at("2026-03-10T12:00:00"));
  execute(url_, "ALTER TABLE conversations DISABLE TRIGGER USER;");
  given(Conversation{.name = "unseen", .created = "2026-03-08 09:30"});
  const auto created = [&] {
    return total(question("conversations", "2026-03-08T00:00:00", "2026-03-09T00:00:00", "2026-03-10T12:00:00"))[0];
  };
  EXPECT_EQ(created(), 1);
  execute(url_, "INSERT INTO crm_metrics.rescans (reason) VALUES ('messages: disk full')");
  exact_ = true;
  created();
  EXPECT_FALSE(exact_) << "it is known that something is missing";
  const auto result = take_steps(at("2026-03-10T12:00:00"));
  EXPECT_EQ(created(), 2);
}

// Days and agents of a window that begins within an hour and ends behind what is stored: ten conversations, one of them
// nobody's, two of them raw.
TEST_F(HistoryScenario, ByDayAndByAgentApart) {
  given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "ben"}, Agent{.name = "cat", .supervisor = "sue"},
        Agent{.name = "sue", .role = "supervisor"});
  const auto create = [&](const std::string& agent, const std::vector<std::string>& instants) {
    for (const std::string& created : instants)
      given(Conversation{.name = agent + created, .agent = agent, .created = created});
  };
  create("ann", {"2026-03-08 09:10", "2026-03-08 11:00", "2026-03-09 09:00", "2026-03-10 09:00", "2026-03-10 11:30"});
  create("ben", {"2026-03-08 09:20", "2026-03-09 10:00", "2026-03-10 11:45"});
  create("cat", {"2026-03-09 12:00"});
  create("", {"2026-03-09 13:00"});
  take_steps(at("2026-03-10T11:00:00"));
  Question asked = question("conversations", "2026-03-08T09:15:00", "2026-03-10T12:00:00", "2026-03-10T12:00:00");
  asked.query.by = {Axis::bucket, Axis::agent};
  asked.query.buckets = zone_->days(asked.query.window);
  asked.query.apart = true;
  const auto agent = [](const std::string& name) { return "- " + id(name) + " -"; };
  const std::string first = to_iso(at("2026-03-08T00:00:00")) + " - -";
  const std::string second = to_iso(at("2026-03-09T00:00:00")) + " - -";
  const std::string third = to_iso(at("2026-03-10T00:00:00")) + " - -";
  const auto created = [](const Answer& answer) {
    std::map<std::string, std::int64_t> numbers;
    for (const auto& [group, values] : answer) numbers[group] = values.at(0);
    return numbers;
  };
  using Created = std::map<std::string, std::int64_t>;
  const Created everyone{{first, 2},        {second, 4},       {third, 3},  // 11:00, 09:20; then four; then three
                         {agent("ann"), 4}, {agent("ben"), 3}, {agent("cat"), 1}, {"- - -", 1}};
  EXPECT_EQ(created(stored(asked)), everyone);
  EXPECT_EQ(created(raw(asked)), everyone);
  asked.scope = {Role::supervisor, id("sue")};
  const Created team{{first, 1}, {second, 2}, {third, 2}, {agent("ann"), 4}, {agent("cat"), 1}};
  EXPECT_EQ(created(stored(asked)), team);
  EXPECT_EQ(created(raw(asked)), team);
  EXPECT_GT(stored_periods_read_, 4U);
}

// PostgreSQL has instants that are none. A row that lies at one is counted nowhere, one that begins, ends or changes
// hands at one has not.
TEST_F(HistoryScenario, InfinityIsNoInstant) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-09 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-09 09:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-09 09:04", .name = "reply"});
  take_steps(at("2026-03-10T11:00:00"));
  const auto conversation = [&](const std::string& name, const std::string& created, const std::string& resolved) {
    execute(url_, fmt::format("INSERT INTO conversations (id, assigned_agent_id, created_at, resolved_at) VALUES "
                              "('{}', '{}', {}, {})",
                              id(name), id("ann"), created, resolved));
  };
  conversation("never begun", "'infinity'", "NULL");
  conversation("without beginning", "'-infinity'", "'2026-03-09 10:00'");
  conversation("never resolved", "'2026-03-09 10:00'", "'infinity'");
  conversation("always resolved", "'2026-03-09 10:00'", "'-infinity'");
  for (const char* created : {"-infinity", "infinity"}) {
    for (const auto& [direction, sender] : {std::pair("inbound", "customer"), {"outbound", "agent"}}) {
      execute(url_, fmt::format("INSERT INTO messages (conversation_id, direction, sender_type, delivery_status, "
                                "created_at) VALUES ('{}', '{}', '{}', 'sent', '{}')",
                                id("c"), direction, sender, created));
    }
  }
  execute(url_, "UPDATE conversations SET escalated_at = 'infinity' WHERE id = '" + id("c") + "'");
  execute(url_,
          "UPDATE messages SET sent_at = '-infinity', delivered_at = '-infinity', read_at = 'infinity' WHERE id = '" +
              id("reply") + "'");
  for (const char* now : {"2026-03-10T11:30:00", "2026-03-10T12:00:00"}) {
    take_steps(at(now));
    for (const auto& [name, fact] : registry_.all()) {
      const Question asked{&fact,
                           {.fact = name, .window = {at("2026-03-01T00:00:00"), at(now)}, .by = {Axis::agent}},
                           Scope::everyone(),
                           at(now)};
      EXPECT_EQ(stored(asked), raw(asked)) << name;
    }
    EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.changes WHERE entity <> 'later'"), "0");
  }
  const auto of = [&](const std::string& fact) {
    return total(question(fact, "2026-03-01T00:00:00", "2026-03-10T12:00:00", "2026-03-10T12:00:00"));
  };
  EXPECT_EQ(of("conversations"), (std::vector<std::int64_t>{3, 1}))
      << "c and two at ten, of which one was ever resolved";
  EXPECT_EQ(of("messages"), (std::vector<std::int64_t>{1, 1, 1, 1, 0, 0, 0, 0})) << "delivered, and never read";
  EXPECT_EQ(of("turns")[1], 240'000) << "never handed over";
  EXPECT_EQ(of("resolutions")[0], 0);
  EXPECT_EQ(of("sla")[0], 1);
  EXPECT_EQ(scalar(url_,
                   "SELECT string_agg(coalesce(resolution_time_seconds::text, '-'), ' ') FROM "
                   "crm_metrics.conversation_metrics"),
            "- - -");
}

}  // namespace
}  // namespace crm::testing
