// conversation_metrics: a row for each conversation, derived by the steps of the rollup. Hand-counted, and held against
// a plain recomputation of every conversation while the CRM does whatever it does.

#include "rollup/conversation_metrics.h"

#include <algorithm>
#include <optional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "conversation_rows.h"
#include "history_fixture.h"

namespace crm::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

// A conversation c of ann's begins at 09:00 on 10 March unless a test says else; a step is taken at noon.
class ConversationMetrics : public HistoryTest {
 protected:
  static std::string on_day(const std::string& time) { return time.empty() ? time : "2026-03-10 " + time; }
  static Instant at(const std::string& time) { return parse_instant("2026-03-10T" + time + "Z").value(); }
  void conversation(const std::string& resolved = "", const std::string& escalated = "") {
    given(Conversation{.name = "c",
                       .agent = "ann",
                       .created = on_day("09:00"),
                       .resolved = on_day(resolved),
                       .escalated = on_day(escalated)});
  }
  void says(const std::string& sender, const std::string& time, const std::string& campaign = "",
            const std::string& name = "", const std::string& in = "c") {
    given(Message{.conversation = in, .sender = sender, .at = on_day(time), .campaign = campaign, .name = name});
  }
  void step(const std::string& time = "12:00:00") { take_steps(at(time)); }

  // A column of a conversation's row; "none" for NULL, "" where there is no row.
  std::string column(const std::string& name, const std::string& conversation = "c") {
    return scalar(
        url_, fmt::format("SELECT coalesce(max(coalesce({}::text, 'none')), '') FROM crm_metrics.conversation_metrics "
                          "WHERE conversation_id = '{}'",
                          name, id(conversation)));
  }
  std::string first_response() { return column("first_response_time_seconds"); }
  std::string average() { return column("avg_response_time_seconds"); }
  std::string messages() { return column("total_messages"); }

  std::unique_ptr<source::Snapshot> writing(Instant as_of) {
    return postgres().open({.scope = Scope::everyone(),
                            .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60),
                            .as_of = as_of,
                            .writing = source::Writing{"rollup_state"}});
  }
  std::string rows() { return scalar(url_, "SELECT count(*) FROM crm_metrics.conversation_metrics"); }
};

TEST_F(ConversationMetrics, ARowTellsWhatAConversationCameTo) {
  conversation("10:30:00");
  says("customer", "09:00:00");
  says("agent", "09:02:00");  // 120 s
  says("customer", "09:10:00");
  says("customer", "09:11:00");
  says("agent", "09:14:00");  // 240 s, from 09:10
  says("agent", "09:15:00");  // answers no turn
  execute(url_, "UPDATE conversations SET csat_score = 4");
  step();
  EXPECT_EQ(column("agent_id"), id("ann"));
  EXPECT_EQ(first_response(), "120");
  EXPECT_EQ(average(), "180");  // (120 + 240) / 2
  EXPECT_EQ(messages(), "6");
  EXPECT_EQ(column("resolution_time_seconds"), "5400");  // 09:00 → 10:30
  EXPECT_EQ(column("customer_satisfaction_score"), "4");
  EXPECT_EQ(column("handled_by_bot"), "false");
  EXPECT_EQ(column("escalated_to_human"), "false");
  EXPECT_EQ(column("created_at"), "2026-03-10 09:00:00");
  EXPECT_EQ(column("updated_at"), "2026-03-10 12:00:00");
}

TEST_F(ConversationMetrics, RoundingComesLast) {
  conversation();
  says("customer", "09:00:00");
  says("agent", "09:00:01.4");  // 1.4 s
  says("customer", "09:01:00");
  says("agent", "09:01:01.4");  // 1.4 s
  says("customer", "09:02:00");
  says("agent", "09:02:01.8");  // 1.8 s
  step();
  EXPECT_EQ(first_response(), "1");  // 1.4
  EXPECT_EQ(average(), "2");         // 4.6 / 3 = 1.53, and not (1 + 1 + 2) / 3
}

TEST_F(ConversationMetrics, AnAgentIsNotChargedForTheBotsTime) {
  conversation("", "09:20:00");
  says("customer", "09:00:00");
  says("bot", "09:00:02");
  says("agent", "09:22:00");
  step();
  EXPECT_EQ(first_response(), "120");  // from the hand-off at 09:20
  EXPECT_EQ(average(), "120");
  EXPECT_EQ(column("handled_by_bot"), "true");
  EXPECT_EQ(column("escalated_to_human"), "true");
}

TEST_F(ConversationMetrics, WhatNobodyAnsweredHasNoTimes) {
  conversation();
  says("agent", "09:00:00");  // opened by a human
  says("customer", "09:01:00");
  says("agent", "09:02:00", "spring");  // a campaign's message
  says("system", "09:03:00");
  step();
  EXPECT_EQ(first_response(), "none");
  EXPECT_EQ(average(), "none");
  EXPECT_EQ(messages(), "4");
  EXPECT_EQ(column("resolution_time_seconds"), "none");
  EXPECT_EQ(column("customer_satisfaction_score"), "none");
}

TEST_F(ConversationMetrics, AConversationWithoutMessagesHasARowAndAMessageWithoutConversationHasNone) {
  conversation();
  given(Message{.sender = "agent", .at = on_day("09:00:00"), .campaign = "spring"});
  step();
  EXPECT_EQ(rows(), "1");
  EXPECT_EQ(messages(), "0");
}

TEST_F(ConversationMetrics, ALateMessageChangesTheRow) {
  conversation();
  says("customer", "09:05:00");
  says("agent", "09:06:00");
  step("10:00:00");
  EXPECT_EQ(first_response(), "60");
  says("customer", "09:01:00");  // comes late
  step("10:01:00");
  EXPECT_EQ(first_response(), "300");  // 09:01 → 09:06
  EXPECT_EQ(messages(), "3");
}

TEST_F(ConversationMetrics, AMessageThatMovesChangesBothRows) {
  conversation();
  given(Conversation{.name = "d", .agent = "ben", .created = on_day("09:00")});
  says("customer", "09:01:00");
  says("agent", "09:03:00", "", "reply");
  says("customer", "09:00:30", "", "", "d");
  step("10:00:00");
  EXPECT_EQ(first_response(), "120");
  execute(url_, fmt::format("UPDATE messages SET conversation_id = '{}' WHERE id = '{}'", id("d"), id("reply")));
  step("10:01:00");
  EXPECT_EQ(first_response(), "none");
  EXPECT_EQ(column("first_response_time_seconds", "d"), "150");  // 09:00:30 → 09:03
  execute(url_, fmt::format("DELETE FROM messages WHERE id = '{}'", id("reply")));
  step("10:02:00");
  EXPECT_EQ(column("first_response_time_seconds", "d"), "none");
  EXPECT_EQ(column("total_messages", "d"), "1");
}

TEST_F(ConversationMetrics, IsReopenedReassignedRatedAndHandedOver) {
  conversation("09:40:00");
  says("customer", "09:01:00");
  says("agent", "09:03:00");
  step("10:00:00");
  EXPECT_EQ(column("resolution_time_seconds"), "2400");
  execute(url_, "UPDATE conversations SET resolved_at = NULL");
  step("10:01:00");
  EXPECT_EQ(column("resolution_time_seconds"), "none") << "a reopening erases the resolution";
  execute(url_, fmt::format("UPDATE conversations SET assigned_agent_id = '{}'", id("ben")));
  step("10:02:00");
  EXPECT_EQ(column("agent_id"), id("ben"));
  execute(url_, "UPDATE conversations SET csat_score = 5");
  step("10:03:00");
  EXPECT_EQ(column("customer_satisfaction_score"), "5");
  execute(url_, "UPDATE conversations SET escalated_at = '2026-03-10 09:02'");
  step("10:04:00");
  EXPECT_EQ(column("escalated_to_human"), "true");
  EXPECT_EQ(first_response(), "60");  // from the hand-off at 09:02
  execute(url_, "UPDATE conversations SET assigned_agent_id = NULL, resolved_at = '2026-03-10 10:00'");
  step("10:05:00");
  EXPECT_EQ(column("agent_id"), "none");
  EXPECT_EQ(column("resolution_time_seconds"), "3600");
}

TEST_F(ConversationMetrics, ADeliveryChangesNothing) {
  conversation();
  says("agent", "09:01:00");
  step("10:00:00");
  execute(url_, "UPDATE messages SET delivered_at = '2026-03-10 10:00', delivery_status = 'delivered'");
  step("10:01:00");
  EXPECT_EQ(column("updated_at"), "2026-03-10 10:00:00");
}

TEST_F(ConversationMetrics, ADeletedConversationLosesItsRowAPrunedOneKeepsIt) {
  settings_.rollup.horizon = hours(24);
  given(Conversation{.name = "old", .agent = "ann", .created = "2026-03-08 09:00"});
  given(Message{.conversation = "old", .sender = "customer", .at = "2026-03-08 09:00", .name = "pruned"});
  conversation();
  step();
  EXPECT_EQ(rows(), "2");
  execute(url_, "DELETE FROM messages; DELETE FROM conversations;");
  step("12:01:00");
  EXPECT_EQ(column("total_messages"), "");
  EXPECT_EQ(column("total_messages", "old"), "1") << "pruned: as it was";
}

TEST_F(ConversationMetrics, WhatIsDatedLaterComesWhenItsTimeHasCome) {
  conversation("11:00:00", "10:30:00");
  says("customer", "09:00:00");
  says("agent", "10:40:00");
  given(Conversation{.name = "later", .agent = "ann", .created = on_day("11:30:00")});
  step("10:00:00");
  EXPECT_EQ(column("escalated_to_human"), "false");
  EXPECT_EQ(column("resolution_time_seconds"), "none");
  EXPECT_EQ(messages(), "1");
  step("10:30:00");
  EXPECT_EQ(column("escalated_to_human"), "true");
  step("10:45:00");
  EXPECT_EQ(first_response(), "600");  // 10:30 → 10:40
  EXPECT_EQ(messages(), "2");
  EXPECT_EQ(column("resolution_time_seconds"), "none");
  step("11:00:00");
  EXPECT_EQ(column("resolution_time_seconds"), "7200");
  EXPECT_EQ(column("total_messages", "later"), "");
  step("11:30:00");
  EXPECT_EQ(column("total_messages", "later"), "0");
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.changes"), "0") << "nothing is noted for ever";
}

TEST_F(ConversationMetrics, AReplyAfterTheHorizonIsNoFirstResponse) {
  settings_.rollup.horizon = hours(2);
  conversation();
  says("customer", "09:00:00");
  says("agent", "11:00:01");
  step();
  EXPECT_EQ(first_response(), "none");
  EXPECT_EQ(average(), "7201") << "it answers a turn all the same";
}

TEST_F(ConversationMetrics, BotRepliesCountAsAHumansWhereTheSettingSaysSo) {
  settings_.sla.count_bot_replies = true;
  conversation();
  says("customer", "09:00:00");
  says("bot", "09:00:05");
  step();
  EXPECT_EQ(first_response(), "5");
  EXPECT_EQ(average(), "5");
}

// --- those that were there before the daemon, or that no trigger told of
// ----------------------------------------------

// 2,500 conversations, an hour's worth of 1,200 of them at one instant; none is noted as a change.
void many_before_triggers(const std::string& url) {
  execute(url,
          "INSERT INTO conversations (created_at) SELECT timestamp '2026-03-01' + least(i, 1300) * interval '1 minute' "
          "FROM generate_series(1, 2500) i; DELETE FROM crm_metrics.changes;");
}

TEST_F(ConversationMetrics, ConversationsThatWereThereBeforeAreDerivedTheNewestFirstAndWhereAStepWasCutOff) {
  many_before_triggers(url_);
  const std::string newest = "SELECT min(created_at) FROM crm_metrics.conversation_metrics";
  {
    const auto step = writing(at("12:00:00"));
    EXPECT_TRUE(rollup::ConversationMetrics(*step, settings_).derive_more());
    step->commit();
  }
  EXPECT_EQ(rows(), "1000");
  EXPECT_EQ(scalar(url_, newest), "2026-03-01 21:40:00") << "minute 1300, which has 1,201 conversations";
  {
    const auto cut_off = writing(at("12:00:00"));
    EXPECT_TRUE(rollup::ConversationMetrics(*cut_off, settings_).derive_more());
  }
  EXPECT_EQ(rows(), "1000");
  {
    const auto step = writing(at("12:00:00"));
    rollup::ConversationMetrics conversations(*step, settings_);
    EXPECT_TRUE(conversations.derive_more());
    EXPECT_FALSE(conversations.derive_more());
    EXPECT_FALSE(conversations.derive_more()) << "all of them have been";
    step->commit();
  }
  EXPECT_EQ(rows(), "2500");
}

TEST_F(ConversationMetrics, AStepDerivesThemAsFarAsItsTimeAllows) {
  many_before_triggers(url_);
  step();
  EXPECT_EQ(rows(), "2500");
}

TEST_F(ConversationMetrics, AfterAMissedChangeAllWithinTheHorizonAreDerivedAgain) {
  conversation();
  given(Conversation{.name = "gone", .agent = "ann", .created = on_day("08:00")});
  step("10:00:00");
  execute(url_,
          "ALTER TABLE conversations DISABLE TRIGGER USER; UPDATE conversations SET csat_score = 3; "
          "DELETE FROM conversations WHERE id = '" +
              id("gone") + "'; ALTER TABLE conversations ENABLE TRIGGER USER;");
  step("10:01:00");
  EXPECT_EQ(column("customer_satisfaction_score"), "none") << "no trigger told of it";
  EXPECT_EQ(rows(), "2");
  execute(url_, "INSERT INTO crm_metrics.rescans (reason) VALUES ('disk full')");
  step("10:02:00");
  EXPECT_EQ(column("customer_satisfaction_score"), "3");
  EXPECT_EQ(rows(), "1");
}

TEST_F(ConversationMetrics, OtherSettingsDeriveAllWithinTheHorizonAgain) {
  settings_.rollup.horizon = hours(24);
  given(Conversation{.name = "old", .agent = "ann", .created = "2026-03-08 09:00"});
  conversation();
  for (const char* in : {"c", "old"}) {
    const std::string day = in == std::string("c") ? "2026-03-10" : "2026-03-08";
    given(Message{.conversation = in, .sender = "customer", .at = day + " 09:00:00"},
          Message{.conversation = in, .sender = "bot", .at = day + " 09:00:05"});
  }
  step("10:00:00");
  EXPECT_EQ(first_response(), "none");
  EXPECT_EQ(column("first_response_time_seconds", "old"), "none");
  settings_.sla.count_bot_replies = true;
  start_anew();
  step("10:01:00");
  EXPECT_EQ(first_response(), "5");
  EXPECT_EQ(column("first_response_time_seconds", "old"), "none") << "its messages may have been pruned";
}

TEST_F(ConversationMetrics, WithoutTriggersRowsFollowNewMessagesAtOnceAndEverythingElseTheNextDay) {
  execute(url_, "ALTER TABLE conversations DISABLE TRIGGER USER; ALTER TABLE messages DISABLE TRIGGER USER");
  const auto unfed = [&](Instant now) { take_steps(now, {.fed = false}); };
  conversation();
  unfed(at("10:00:00"));
  EXPECT_EQ(messages(), "0");
  says("customer", "10:00:30");
  given(Conversation{.name = "d", .agent = "ann", .created = on_day("10:00:40")});
  unfed(at("10:01:00"));
  EXPECT_EQ(messages(), "1");
  EXPECT_EQ(rows(), "2");
  unfed(at("10:04:00"));
  execute(url_, "UPDATE conversations SET csat_score = 3");
  unfed(at("10:05:00"));
  EXPECT_EQ(column("customer_satisfaction_score"), "none") << "no time of the row's tells of it";
  unfed(at("10:01:00") + hours(24));
  EXPECT_EQ(column("customer_satisfaction_score"), "3");
}

TEST_F(ConversationMetrics, IdsOfAnotherTypeThanTheTablesAreALineInTheLogAndNoFailure) {
  execute(url_, "ALTER TABLE crm_metrics.conversation_metrics ALTER COLUMN conversation_id TYPE bigint USING NULL");
  conversation();
  EXPECT_THAT(take_steps(at("12:00:00")).notes, ::testing::Contains(::testing::HasSubstr("conversation_metrics")));
  EXPECT_THAT(take_steps(at("12:01:00")).notes, ::testing::IsEmpty()) << "said once";
  EXPECT_EQ(rows(), "0");
}

// Ids of its own types, times with a zone, a closing time that outlives a reopening.
TEST(ConversationMetricsOfTheOtherCrm, AreTheSame) {
  const std::string url = with_history(create_database(cluster(), Crm::other), Crm::other);
  execute(url, sql(Conversation{
                   .name = "c", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 10:00"}) +
                   sql(Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:01"}) +
                   sql(Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:03"}));
  const Settings settings;
  source::PostgresOptions options;
  options.url = daemon_url(url);
  source::Postgres postgres(options, settings);
  const rollup::FactRegistry registry;
  const auto zone = calendar::Zone::load("UTC");
  const rollup::StepRules rules{
      .fill = std::chrono::days(2), .fed = true, .as_of = parse_instant("2026-03-10T12:00:00Z").value()};
  while (rollup::take_step({&postgres, rollup::all_facts(registry), zone.get()}, rules).more) {
  }
  EXPECT_EQ(scalar(url,
                   "SELECT concat_ws(' ', conversation_id, agent_id, first_response_time_seconds, total_messages, "
                   "resolution_time_seconds, created_at) FROM crm_metrics.conversation_metrics"),
            "chat " + id(Crm::other, "c") + " " + id(Crm::other, "ann") + " 120 2 3600 2026-03-10 09:00:00");
}

// --- whatever happens ------------------------------------------------------------------------------------------------

class ConversationMetricsOfAWorld : public ConversationMetrics, public ::testing::WithParamInterface<unsigned> {};

TEST_P(ConversationMetricsOfAWorld, AreWhatAPlainRecomputationOfAllRowsSays) {
  LivingCrm crm(url_, GetParam());
  Instant now = at("08:00:00");
  for (int round = 0; round < 14; ++round) {
    crm.live(now, 50);
    if (crm.one_in(3)) take_steps(now, {.most_changes = 7});
    now += crm.one_in(3) ? hours(3) : crm.one_in(2) ? minutes(20) : minutes(1);
    crm.live(now, 10);
    take_steps(now);
    const ConversationRows derived = derived_rows(url_);
    ASSERT_EQ(derived, recomputed_rows(url_, now, settings_.rollup.horizon))
        << "round " << round << " at " << to_iso(now);
    ASSERT_GT(derived.size(), 3U);
  }
}

INSTANTIATE_TEST_SUITE_P(Worlds, ConversationMetricsOfAWorld, ::testing::Values(11U, 12U));

}  // namespace
}  // namespace crm::testing
