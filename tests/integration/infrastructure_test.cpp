// The queue that is the CRM's own table, and sessions from the view: hand-counted, on a real PostgreSQL and two CRMs.
// It is 12:01:20 UTC on 10 March 2026 unless a test says else; the server itself runs in Asia/Tokyo.

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_calendar.h>

#include "crm_fixture.h"
#include "rollup/run_sources.h"

namespace {

using namespace crm;
using namespace crm::testing;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;
using State = Session::State;

Instant today(const std::string& time) {
  return parse_instant("2026-03-10T" + time + "Z").value();
}

class NoLog final : public Log {
 public:
  void debug(std::string_view) override {}
  void info(std::string_view) override {}
  void warn(std::string_view) override {}
};

class InfrastructureTest : public OnEveryCrm {
 protected:
  InfrastructureTest() {
    infrastructure_.sessions = {{.connected = {"connected", "WORKING"},
                                 .reconnecting = {"reconnecting", "STARTING"},
                                 .disconnected = {"disconnected", "STOPPED"}},
                                "a key of the test's own"};
    options_.url = daemon_url(url_);
  }

  void given(const std::string& rows) { execute(url_, rows); }
  template <typename... Rows>
  void given_rows(const Rows&... rows) {
    std::string all;
    ((all += sql(rows)), ...);
    execute(url_, all);
  }
  void session(const std::string& id, const std::string& phone, const std::string& status, const std::string& seen) {
    const auto text = [](const std::string& value) { return value.empty() ? "NULL" : "'" + value + "'"; };
    given(
        fmt::format("INSERT INTO whatsapp_sessions VALUES ('{}', {}, '{}', {})", id, text(phone), status, text(seen)));
  }

  // Runs something over the sources of one run, in the role that is given.
  template <typename Work>
  auto with_sources(Work work, const Scope& scope = Scope::everyone()) {
    source::Postgres postgres(options_, {});
    const auto snapshot = postgres.open(
        {.scope = scope, .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30), .as_of = now_});
    const rollup::RunObserver observer{[this](std::string_view reason) { skipped_.emplace_back(reason); },
                                       [this](std::string_view view, std::string_view column, std::int64_t rows) {
                                         unknown_.push_back(fmt::format("{}.{}: {}", view, column, rows));
                                       }};
    const Description description{.name = "test", .title = {}, .help = {}};
    rollup::RunSources sources(*snapshot, facts_, description, {}, log_, observer, nullptr, &infrastructure_);
    return work(sources);
  }
  std::vector<QueueState> queues(const Scope& scope = Scope::everyone()) {
    return with_sources([](Sources& sources) { return sources.queues(); }, scope);
  }
  QueueState queue() { return queues().at(0); }
  std::vector<Session> sessions(const Scope& scope = Scope::everyone()) {
    return with_sources([](Sources& sources) { return sources.sessions(); }, scope);
  }
  std::vector<std::string> ids() {
    std::vector<std::string> ids;
    for (const Session& session : sessions()) ids.push_back(session.id);
    return ids;
  }

  source::PostgresOptions options_;
  rollup::Infrastructure infrastructure_;
  rollup::FactRegistry facts_;
  NoLog log_;
  Instant now_ = today("12:01:20");
  std::vector<std::string> skipped_;
  std::vector<std::string> unknown_;
};

class TableQueue : public InfrastructureTest {};
class Sessions : public InfrastructureTest {};

CRM_ON_EVERY_CRM(InfrastructureTest);
CRM_ON_EVERY_CRM(TableQueue);
CRM_ON_EVERY_CRM(Sessions);

Message pending(const std::string& at) {
  return {.sender = "agent", .at = at, .status = "pending"};
}
Message sent(const std::string& at, const std::string& sent) {
  return {.sender = "agent", .at = at, .status = "sent", .sent = sent};
}
Message failed(const std::string& at, const std::string& failed) {
  return {.sender = "agent", .at = at, .status = "failed", .failed = failed};
}

// --- the table queue -------------------------------------------------------------------------------------------------

TEST_P(TableQueue, IsTheOutboundMessagesThatArePending) {
  given_rows(pending("2026-03-10 11:59:20"), pending("2026-03-10 12:01:00"),
             Message{.sender = "customer", .at = "2026-03-10 11:00", .status = "pending"},      // inbound
             sent("2026-03-10 11:00", "2026-03-10 11:00:05"), pending("2026-03-10 12:02:00"));  // after now
  const QueueState state = queue();
  EXPECT_EQ(state.queue, "messages");
  EXPECT_EQ(state.depth, 2);
  EXPECT_EQ(state.jobs.at("waiting"), 2);
  EXPECT_EQ(state.jobs.size(), queue_states.size());
  EXPECT_EQ(state.oldest_waiting, 120s);
  EXPECT_FALSE(state.paused);
}

TEST_P(TableQueue, BelievesATimestampMoreThanTheWord) {
  Message message = pending("2026-03-10 12:00:00");
  message.sent = "2026-03-10 12:00:05";
  given_rows(message, pending("2026-03-10 12:00:50"));
  EXPECT_EQ(queue().depth, 1);
  EXPECT_EQ(queue().completed_last_minute, 1);
}

TEST_P(TableQueue, ForgetsWhatIsPendingForLongerThanConfigured) {
  given_rows(pending("2026-03-09 12:01:00"), pending("2026-03-10 12:00:50"));
  EXPECT_EQ(queue().depth, 1) << "the other is 20 seconds older than a day";
  infrastructure_.table_max_age = 48h;
  EXPECT_EQ(queue().depth, 2);
  EXPECT_EQ(queue().oldest_waiting, 24h + 20s);
}

TEST_P(TableQueue, WhereNothingWaitsHasNoAge) {
  const QueueState state = queue();
  EXPECT_EQ(state.depth, 0);
  EXPECT_EQ(state.oldest_waiting, std::nullopt);
  EXPECT_EQ(state.completed_last_minute, 0);
}

TEST_P(TableQueue, CountsTheLastFullMinuteByWhenItHappened) {
  given_rows(sent("2026-03-10 11:40", "2026-03-10 11:59:59.999"),  // a minute too early
             sent("2026-03-10 11:40", "2026-03-10 12:00:00"), sent("2026-03-10 12:00", "2026-03-10 12:00:59.999"),
             sent("2026-03-10 12:00", "2026-03-10 12:01:00"),  // in the minute that runs on
             failed("2026-03-10 12:00", "2026-03-10 12:00:30"), failed("2026-03-10 12:00", "2026-03-10 12:01:10"));
  const QueueState state = queue();
  EXPECT_EQ(state.completed_last_minute, 2);
  EXPECT_EQ(state.failed_last_minute, 1);
}

TEST_P(TableQueue, TakesTheCreationWhereTheWordAloneTells) {
  given_rows(Message{.sender = "bot", .at = "2026-03-10 12:00:10", .status = "sent"},
             Message{.sender = "bot", .at = "2026-03-10 12:00:20", .status = "read"},
             Message{.sender = "bot", .at = "2026-03-10 12:00:30", .status = "failed"});
  const QueueState state = queue();
  EXPECT_EQ(state.completed_last_minute, 2);
  EXPECT_EQ(state.failed_last_minute, 1);
}

TEST_P(TableQueue, WhatWasDeliveredDidNotFail) {
  Message message = failed("2026-03-10 12:00:00", "2026-03-10 12:00:30");
  message.sent = "2026-03-10 12:00:05";
  message.delivered = "2026-03-10 12:00:06";
  given_rows(message);
  const QueueState state = queue();
  EXPECT_EQ(state.completed_last_minute, 1);
  EXPECT_EQ(state.failed_last_minute, 0);
}

TEST_P(TableQueue, SeesWhatWaitedAsLongAsTheOldestThatStillWaits) {
  given_rows(pending("2026-03-10 06:00"), sent("2026-03-10 04:30", "2026-03-10 12:00:30"));
  EXPECT_EQ(queue().completed_last_minute, 1) << "an hour and a half longer than the one that waits";
}

TEST_P(TableQueue, TotalsBeginAtTheFirstLookAndNeverFall) {
  given_rows(sent("2026-03-10 12:00", "2026-03-10 12:00:30"), failed("2026-03-10 12:00", "2026-03-10 12:00:40"));
  EXPECT_EQ(queue().completed_total, 0);
  EXPECT_EQ(queue().failed_total, 0);
  given_rows(sent("2026-03-10 12:00", "2026-03-10 12:01:10"), sent("2026-03-10 12:00", "2026-03-10 12:01:11"),
             failed("2026-03-10 12:00", "2026-03-10 12:01:12"),
             sent("2026-03-10 11:50", "2026-03-10 11:51"));  // committed ten minutes late
  EXPECT_EQ(queue().completed_total, 2) << "what was committed late is looked for once in a minute";
  EXPECT_EQ(queue().failed_total, 1);
  EXPECT_EQ(queue().completed_total, 2) << "another look adds nothing";
  now_ = today("12:02:00");
  EXPECT_EQ(queue().completed_total, 3);
  given("DELETE FROM messages");
  EXPECT_EQ(queue().completed_total, 3);
  given_rows(sent("2026-03-10 12:01", "2026-03-10 12:01:50"));
  EXPECT_EQ(queue().completed_total, 3) << "of 12:01 two had been seen, and one is there";
  given_rows(sent("2026-03-10 12:02", "2026-03-10 12:02:00"));
  EXPECT_EQ(queue().completed_total, 4);
}

TEST_P(TableQueue, TotalsDoNotGrowWhenTheLookGoesFurtherBack) {
  const Message long_ago = sent("2026-03-10 08:00", "2026-03-10 12:01:00");
  given_rows(long_ago, pending("2026-03-10 08:30"));
  EXPECT_EQ(queue().completed_total, 0);
  given("DELETE FROM messages WHERE delivery_status = 'pending'");  // the look goes back two hours only
  EXPECT_EQ(queue().completed_total, 0);
  given_rows(pending("2026-03-10 08:30"));
  EXPECT_EQ(queue().completed_total, 0) << "seen again, not sent again";
}

TEST_P(TableQueue, OfAnotherDatabaseIsNoGrowth) {
  queue();
  given_rows(sent("2026-03-10 12:01", "2026-03-10 12:01:10"));
  infrastructure_.table_queue->begin_again();
  EXPECT_EQ(queue().completed_total, 0);
  given_rows(sent("2026-03-10 12:01", "2026-03-10 12:01:11"));
  EXPECT_EQ(queue().completed_total, 1);
}

TEST_P(TableQueue, BelongsToNoAgent) {
  given_rows(Agent{.name = "ann"}, Conversation{.name = "c", .agent = "ben", .created = "2026-03-10 09:00"},
             Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 12:00", .status = "pending"});
  EXPECT_EQ(queues(agent("ann")).at(0).depth, 1);
}

TEST_P(TableQueue, OfACrmWithoutMessagesIsNone) {
  given("DROP VIEW crm_source.messages");
  EXPECT_THAT(queues(), IsEmpty());
}

// --- sessions --------------------------------------------------------------------------------------------------------

TEST_P(Sessions, AreReadByTheGatewaysWordsWithoutCase) {
  session("a", "", "Connected", "");
  session("b", "", "working", "");
  session("c", "", "Starting", "");
  session("d", "", "STOPPED", "");
  std::map<std::string, State> states;
  for (const Session& session : sessions()) states[session.id] = session.state;
  EXPECT_EQ(
      states,
      (std::map<std::string, State>{
          {"a", State::connected}, {"b", State::connected}, {"c", State::reconnecting}, {"d", State::disconnected}}));
  EXPECT_THAT(unknown_, IsEmpty());
}

TEST_P(Sessions, WithAnUnknownWordOrNoneAreDisconnectedAndCounted) {
  given(GetParam() == Crm::reference ? "ALTER TABLE whatsapp_sessions ALTER COLUMN status DROP NOT NULL"
                                     : "ALTER TABLE desk.phones ALTER COLUMN state DROP NOT NULL");
  given("INSERT INTO whatsapp_sessions VALUES ('a', NULL, NULL, NULL), ('b', NULL, 'banned', NULL)");
  session("c", "", "connected", "");
  const auto all = sessions();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].state, State::disconnected);
  EXPECT_EQ(all[2].state, State::disconnected);
  EXPECT_THAT(unknown_, ElementsAre("whatsapp_sessions.status: 2"));
}

TEST_P(Sessions, StandConnectedFirstThenByTheNewestThenById) {
  session("old", "", "connected", "2026-03-10 08:00");
  session("new", "", "connected", "2026-03-10 12:00");
  session("never-b", "", "connected", "");
  session("never-a", "", "connected", "");
  session("starting", "", "STARTING", "2026-03-10 12:01");
  session("down", "", "STOPPED", "2026-03-10 11:00");
  EXPECT_THAT(ids(), ElementsAre("new", "old", "never-a", "never-b", "starting", "down"));
}

TEST_P(Sessions, AreToldOnceThoughTheViewTellsThemTwice) {
  given(
      "DROP VIEW crm_source.whatsapp_sessions; CREATE VIEW crm_source.whatsapp_sessions AS SELECT * FROM (VALUES ('a', "
      "'49', 'STOPPED', "
      "'2026-03-10 12:00'::timestamp), ('a', '49', 'connected', NULL)) v (session_id, phone_number, status, "
      "last_seen)");
  const auto all = sessions();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].state, State::connected);
}

TEST_P(Sessions, WithoutAnIdAreSkippedAndCounted) {
  given(
      "DROP VIEW crm_source.whatsapp_sessions; CREATE VIEW crm_source.whatsapp_sessions AS SELECT * FROM (VALUES "
      "(NULL, '49', 'connected', "
      "'2026-03-10 12:00'::timestamp), ('a', NULL, 'connected', NULL)) v (session_id, phone_number, status, "
      "last_seen)");
  EXPECT_THAT(ids(), ElementsAre("a"));
  EXPECT_THAT(skipped_, ElementsAre("column 'session_id' is NULL"));
}

TEST_P(Sessions, KeepTheirInstantWhateverTheColumnsType) {
  session("a", "", "connected", "2026-03-10 12:00:00.25");
  EXPECT_EQ(sessions().at(0).last_seen, today("12:00:00.25"));
  given(
      "DROP VIEW crm_source.whatsapp_sessions; CREATE VIEW crm_source.whatsapp_sessions AS SELECT 7::bigint AS "
      "session_id, '49'::text AS phone_number, 'connected'::text AS status, '2026-03-10 13:00+01'::timestamptz AS "
      "last_seen");
  const Session session = sessions().at(0);
  EXPECT_EQ(session.id, "7");
  EXPECT_EQ(session.phone_number, "49");
  EXPECT_EQ(session.last_seen, today("12:00:00"));
}

TEST_P(Sessions, HaveALabelThatShowsNoNumber) {
  session("4915123456789", "+4915123456789", "connected", "");
  const Session session = sessions().at(0);
  EXPECT_EQ(session.id, "4915123456789") << "masking it in documents is the plugin's, by the caller's role";
  EXPECT_THAT(session.label, StartsWith("…6789-"));
}

TEST_P(Sessions, AreSeenByEveryRole) {
  given_rows(Agent{.name = "ann"});
  session("a", "", "connected", "");
  EXPECT_EQ(sessions(agent("ann")).size(), 1U);
}

TEST_P(Sessions, OfACrmWithoutTheViewAreNone) {
  given("DROP VIEW crm_source.whatsapp_sessions");
  EXPECT_THAT(sessions(), IsEmpty());
}

TEST_P(Sessions, OfAViewWithoutAColumnAreAnError) {
  given(
      "DROP VIEW crm_source.whatsapp_sessions; CREATE VIEW crm_source.whatsapp_sessions AS SELECT 'a'::text AS "
      "session_id, 'connected'::text AS status");
  EXPECT_THAT([&] { sessions(); }, ThrowsMessage<ContractError>(HasSubstr("whatsapp_sessions")));
}

TEST_P(InfrastructureTest, RedisIsUnavailableWhereNoneIsConfigured) {
  const RedisCommand ping{{"PING"}};
  EXPECT_THAT([&] { with_sources([&](Sources& sources) {
                      return sources.redis({&ping, 1});
                    }); },
              ThrowsMessage<SourceUnavailable>(HasSubstr("no Redis is configured")));
}

}  // namespace
