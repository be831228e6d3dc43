// Minutes that are told by what conversations contribute to them, hand-counted; and against the raw rows, whatever is
// written.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history_scenario.h"

namespace crm::testing {
namespace {

using ::testing::Gt;

class HistoryShares : public HistoryScenario {
 protected:
  void SetUp() override { step("2026-03-10T08:59:00"); }

  // Keeps shares of whatever is young, and says how many minutes were told by theirs.
  std::int64_t step(const std::string& now) {
    return take_step({.look_everywhere = false, .shares_from = 0, .as_of = at(now)}).followed;
  }

  // A column of the minutes of that hour, as answers tell it and as the rows do.
  std::vector<std::int64_t> counted(const std::string& fact, const std::string& now, const std::string& agent = "") {
    Question asked = question(fact, "2026-03-10T09:00:00", now, now);
    if (!agent.empty()) asked.scope = {Role::agent, id(agent)};
    exact_ = true;
    const Answer answer = stored(asked);
    EXPECT_TRUE(exact_);
    EXPECT_EQ(answer, raw(asked)) << fact << " at " << now;
    return answer.begin()->second;
  }

  std::string shares(const std::string& fact) {
    return scalar(url_, "SELECT count(*) FROM crm_metrics.fact_shares WHERE fact = '" + fact + "'");
  }
  // Of the minute with all messages.
  std::string shared(const std::string& fact) {
    return scalar(url_, "SELECT shared FROM crm_metrics.fact_periods WHERE fact = '" + fact +
                            "' AND grain = 'minutes' AND start = '2026-03-10 09:00+00'");
  }

  // Behind the change feed's back: who counts the whole minute sees it, who counts shares does not.
  void write_unnoted(const std::string& sql) {
    execute(url_, "ALTER TABLE messages DISABLE TRIGGER USER; " + sql + "; ALTER TABLE messages ENABLE TRIGGER USER");
  }
  std::int64_t stored_sum(const std::string& column) {
    return std::stoll(scalar(url_, "SELECT coalesce(sum(" + column +
                                       "), 0) FROM crm_metrics.fact_messages WHERE grain = 'minutes' AND agent = '*'"));
  }

  static std::string delivered(const std::string& name) {
    return "UPDATE messages SET delivery_status = 'delivered', delivered_at = '2026-03-10 09:02:00' WHERE id = '" +
           id(name) + "'";
  }

  void two_conversations() {
    given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00:01"},
          Conversation{.name = "b", .agent = "ben", .created = "2026-03-10 09:00:02"},
          Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00:05"},
          Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00:35", .name = "to a"},
          Message{.conversation = "b", .sender = "agent", .at = "2026-03-10 09:00:40", .name = "to b"},
          Message{.sender = "system", .at = "2026-03-10 09:00:45", .name = "to all"});
    step("2026-03-10T09:01:30");
  }
};

TEST_F(HistoryShares, OnlyTheConversationInWhichSomethingChangedIsCounted) {
  two_conversations();
  EXPECT_EQ(shares("messages"), "3") << "two conversations, and a message without one";
  EXPECT_EQ(shares("turns"), "1");
  write_unnoted(delivered("to b"));
  execute(url_, delivered("to a"));
  EXPECT_THAT(step("2026-03-10T09:02:10"), Gt(0));
  EXPECT_EQ(stored_sum("delivered"), 1) << "of a, without reading b";
  EXPECT_EQ(counter("messages", "delivered"), 1);
  EXPECT_EQ(counter("messages", "delivered", id("ann")), 1);
  execute(url_, "UPDATE messages SET sent_at = '2026-03-10 09:00:41' WHERE id = '" + id("to b") + "'");
  step("2026-03-10T09:02:20");
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:20"), (std::vector<std::int64_t>{1, 3, 3, 2, 0, 0, 0, 0}));
  EXPECT_EQ(counter("messages", "delivered"), 2);
}

TEST_F(HistoryShares, AMessageWithoutAConversationIsOneByItself) {
  two_conversations();
  write_unnoted(delivered("to b"));
  execute(url_, delivered("to all"));
  EXPECT_THAT(step("2026-03-10T09:02:10"), Gt(0));
  EXPECT_EQ(stored_sum("delivered"), 1);
  execute(url_, "UPDATE messages SET conversation_id = '" + id("a") + "' WHERE id = '" + id("to all") + "'");
  EXPECT_THAT(step("2026-03-10T09:02:20"), Gt(0));
  EXPECT_EQ(shares("messages"), "2") << "in the share of its conversation now";
  write_unnoted("UPDATE messages SET delivered_at = NULL, delivery_status = 'sent' WHERE id = '" + id("to b") + "'");
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:20", "ann"), (std::vector<std::int64_t>{1, 2, 2, 1, 0, 0, 0, 0}));
}

TEST_F(HistoryShares, WhoseConversationItIsChangesWithIt) {
  two_conversations();
  execute(url_, "UPDATE conversations SET assigned_agent_id = '" + id("ben") + "' WHERE id = '" + id("a") + "'");
  EXPECT_THAT(step("2026-03-10T09:02:10"), Gt(0));
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:10", "ann"), (std::vector<std::int64_t>(8, 0)));
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:10", "ben"), (std::vector<std::int64_t>{1, 2, 2, 0, 0, 0, 0, 0}));
  EXPECT_EQ(counted("turns", "2026-03-10T09:02:10", "ben").at(1), 30'000);
  execute(url_, "UPDATE conversations SET assigned_agent_id = NULL WHERE id = '" + id("a") + "'");
  step("2026-03-10T09:02:20");
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:20", "ben"), (std::vector<std::int64_t>{0, 1, 1, 0, 0, 0, 0, 0}));
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:20").at(1), 3);
}

TEST_F(HistoryShares, WhatIsGoneLeavesThem) {
  two_conversations();
  execute(url_, "DELETE FROM messages WHERE conversation_id = '" + id("a") + "'");
  EXPECT_THAT(step("2026-03-10T09:02:10"), Gt(0));
  EXPECT_EQ(shares("messages"), "2");
  EXPECT_EQ(shares("turns"), "0");
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:10"), (std::vector<std::int64_t>{0, 2, 2, 0, 0, 0, 0, 0}));
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:10", "ann"), (std::vector<std::int64_t>(8, 0)));
  EXPECT_EQ(counter("messages", "inbound"), 1) << "it was there";
}

// Time alone has the answer come too late; the target is a minute.
TEST_F(HistoryShares, TimeChangesThemToo) {
  settings_.sla.first_response_seconds = 60;
  start_anew();
  step("2026-03-10T08:59:30");
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00:01"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00:05"});
  step("2026-03-10T09:00:50");
  EXPECT_EQ(counted("sla", "2026-03-10T09:00:50"), (std::vector<std::int64_t>{0, 0, 0, 0}));
  EXPECT_THAT(step("2026-03-10T09:01:30"), Gt(0));
  EXPECT_EQ(counted("sla", "2026-03-10T09:01:30"), (std::vector<std::int64_t>{0, 1, 0, 0}));
  given(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:01:35"});
  EXPECT_THAT(step("2026-03-10T09:01:40"), Gt(0));
  EXPECT_EQ(counted("sla", "2026-03-10T09:01:40"), (std::vector<std::int64_t>{0, 1, 1, 90'000}));
  EXPECT_EQ(counter("sla", "breached"), 1);
}

// Of a campaign, which has keys: an answer changes the minute of the message that it answers.
TEST_F(HistoryShares, AnAnswerChangesTheShareOfWhatItAnswers) {
  given(Campaign{.name = "spring", .created = "2026-03-10 08:00"},
        Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 08:00:01", .contact = "tom"},
        Message{.sender = "system", .at = "2026-03-10 09:00:45", .campaign = "spring", .name = "to tom"},
        Message{.sender = "system", .at = "2026-03-10 09:00:46", .campaign = "spring", .name = "to eva"},
        Recipient{.campaign = "spring", .contact = "tom", .message = "to tom"},
        Recipient{.campaign = "spring", .contact = "eva", .message = "to eva"});
  step("2026-03-10T09:01:30");
  EXPECT_EQ(shares("campaign_results"), "2");
  given(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:05:00"});
  EXPECT_THAT(step("2026-03-10T09:05:10"), Gt(0));
  EXPECT_EQ(counted("campaign_results", "2026-03-10T09:05:10"), (std::vector<std::int64_t>{2, 1, 0}));
  execute(url_, "DELETE FROM campaign_recipients WHERE contact_id = '" + id("tom") + "'");
  step("2026-03-10T09:05:20");
  EXPECT_EQ(counted("campaign_results", "2026-03-10T09:05:20"), (std::vector<std::int64_t>{1, 0, 0}));
}

// Triggers of a CRM that do not tell, and updates of very many.
TEST_F(HistoryShares, WhereNobodyKnowsWhoseRowsChangedAllOfTheMinuteIsCounted) {
  two_conversations();
  write_unnoted(delivered("to b"));
  execute(url_, "INSERT INTO crm_metrics.changes (entity, at) VALUES ('delivery', '2026-03-10 09:00+00')");
  take_step({.look_everywhere = false, .as_of = at("2026-03-10T09:02:10")});
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:10").at(3), 1);
  EXPECT_EQ(shared("messages"), "f") << "a calm step keeps none";
  EXPECT_EQ(shares("messages"), "0");
  EXPECT_EQ(shared("turns"), "t") << "of which nothing changed";
}

TEST_F(HistoryShares, AreKeptForSomeHours) {
  two_conversations();
  take_step({.shares_from = 0, .as_of = at("2026-03-10T14:59:00")});
  EXPECT_EQ(shares("messages"), "3");
  take_step({.shares_from = 0, .as_of = at("2026-03-10T15:02:00")});
  EXPECT_EQ(shares("messages"), "0");
  EXPECT_EQ(shared("messages"), "f");
  execute(url_, delivered("to a"));
  step("2026-03-10T15:03:00");
  EXPECT_EQ(counted("messages", "2026-03-10T15:03:00").at(3), 1);
  EXPECT_EQ(counter("messages", "delivered"), 1);
}

// A minute that waits for a step with time is counted as a whole then.
TEST_F(HistoryShares, OfLateMinutesAreNotBelieved) {
  two_conversations();
  write_unnoted(delivered("to b"));
  execute(url_,
          "UPDATE crm_metrics.fact_periods SET late_since = '2026-03-10 09:02+00' WHERE fact = 'messages' AND "
          "grain = 'minutes' AND start = '2026-03-10 09:00+00'");
  execute(url_, delivered("to a"));
  step("2026-03-10T09:02:10");
  EXPECT_EQ(counted("messages", "2026-03-10T09:02:10").at(3), 2);
}

// Ids of conversations are texts there, of messages numbers.
TEST(SharesOfOtherCrm, AreToldByIdsOfItsOwnTypes) {
  const std::string url = with_history(create_database(cluster(), Crm::other), Crm::other);
  source::PostgresOptions options;
  options.url = daemon_url(url);
  source::Postgres postgres(options, Settings{});
  const rollup::FactRegistry registry;
  const auto zone = calendar::Zone::load("UTC");
  const auto followed = [&](const std::string& now) {
    return rollup::take_step(
               {&postgres, rollup::all_facts(registry), zone.get()},
               {.look_everywhere = false, .shares_from = 0, .fed = true, .as_of = parse_instant(now).value()})
        .followed;
  };
  const auto sums = [&] {
    return scalar(url,
                  "SELECT concat(sum(outbound), ' ', sum(read)) FROM crm_metrics.fact_messages WHERE grain = "
                  "'minutes' AND agent = '*'");
  };
  followed("2026-03-10T08:59:00Z");
  execute(url, sql(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00:01"}) +
                   sql(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00:35", .name = "m"}) +
                   sql(Message{.sender = "system", .at = "2026-03-10 09:00:40", .name = "to all"}));
  followed("2026-03-10T09:01:30Z");
  EXPECT_EQ(sums(), "2 0");
  execute(url, "UPDATE desk.chat_messages SET state = 'seen' WHERE account = 1 AND chat_key IS NOT NULL");
  EXPECT_THAT(followed("2026-03-10T09:02:00Z"), Gt(0));
  EXPECT_EQ(sums(), "2 1");
  execute(url, "UPDATE desk.chat_messages SET state = 'seen' WHERE account = 1");
  followed("2026-03-10T09:02:10Z");
  EXPECT_EQ(sums(), "2 2") << "whose triggers do not tell of a message without a conversation";
}

// A plugin's, with a key: it lies in fact_values.
const FactFile senders{"plugin/senders.sql", R"(-- Messages by who wrote them.
--
-- fact: senders
-- clock: created
-- touched_by: message, agent_message
-- shares: messages m
-- columns: written count
-- settings: none
-- next_due: none
SELECT
  m.created_at AS at,
  c.agent_id AS agent,
  m.sender_type AS key,
  true AS written,
  coalesce(m.conversation_id::text, 'message ' || m.message_id::text) AS part
FROM messages m
LEFT JOIN conversations c ON c.conversation_id = m.conversation_id
WHERE m.created_at >= :from
  AND m.created_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
)"};

// Small steps, so that most of what is written lies in minutes whose shares are kept.
class SharesAreRaw : public HistoryTest, public ::testing::WithParamInterface<unsigned> {
 protected:
  // What conversations contribute is what the minute has, agent by agent and of all.
  void sums_are_the_minutes(const std::string& when) {
    for (const auto& [name, fact] : registry_.all()) {
      if (fact.shares.empty() || !fact.own_table) continue;
      const std::string column = fact.columns.front().name;
      EXPECT_EQ(scalar(url_, fmt::format(
                                 "SELECT string_agg(concat(start, ' ', agent, ' ', minute, '/', shares), ', ') FROM ("
                                 "SELECT p.start, m.agent, m.{1} AS minute, (SELECT coalesce(sum(s.n[1]), 0) FROM "
                                 "crm_metrics.fact_shares s WHERE s.fact = p.fact AND s.start = p.start AND (m.agent = "
                                 "'*' OR s.agent = m.agent)) AS shares FROM crm_metrics.fact_periods p JOIN "
                                 "crm_metrics.fact_{0} m ON m.grain = p.grain AND m.start = p.start "
                                 "WHERE p.fact = '{0}' AND p.shared) x WHERE minute <> shares",
                                 name, column)),
                "")
          << name << ' ' << when;
    }
  }
};

TEST_P(SharesAreRaw, WhateverHappens) {
  registry_.add(senders);
  LivingCrm crm(url_, GetParam());
  Instant now = parse_instant("2026-03-10T08:00:00Z").value();
  const Instant first = now - std::chrono::hours(2);
  constexpr int rounds = 30;
  std::int64_t followed = 0;
  int compared = 0;
  take_steps(now, {.shares_from = 0});
  for (int round = 0; round < rounds; ++round) {
    crm.live(now, 25);
    now += std::chrono::seconds(3 + crm.pick(60));
    crm.live(now, 10);
    rollup::StepRules rules{.look_everywhere = crm.one_in(6), .as_of = now};
    if (!crm.one_in(8)) rules.shares_from = 0;
    if (crm.one_in(6)) rules.most_changes = 9;
    if (crm.one_in(5)) {
      rules.budget = std::chrono::milliseconds(0);
      rules.hurries_from = 0;
    }
    for (int steps = 0; steps < 60; ++steps) {
      const rollup::StepResult result = take_step(rules);
      followed += result.followed;
      if (!result.more) break;
    }
    sums_are_the_minutes(fmt::format("round {} at {}", round, to_iso(now)));
    for (const auto& [name, fact] : registry_.all()) {
      if (fact.shares.empty()) continue;
      ++compared;
      expect_raw_where_exact(any_question(crm, fact, {first, now}, now),
                             fmt::format("round {} at {}", round, to_iso(now)));
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(compared, rounds * 9);
  EXPECT_GT(followed, 500);
}

INSTANTIATE_TEST_SUITE_P(Worlds, SharesAreRaw, ::testing::Range(1U, 3U));

}  // namespace
}  // namespace crm::testing
