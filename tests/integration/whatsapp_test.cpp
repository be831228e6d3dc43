// The whatsapp-performance section through the real collector, the real SQL and a real PostgreSQL (in Asia/Tokyo):
// every field counted by hand, then held against plain C++ on random rows. Unless a test says otherwise it is 10 March
// 2026, 15:00 UTC, and the window is today.

#include <algorithm>
#include <random>
#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "calendar/window_query.h"
#include "crm_fixture.h"
#include "history.h"
#include "kpi_oracle.h"
#include "whatsapp_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Instant at(const std::string& iso) {
  return parse_instant(iso).value();
}

const Instant now = at("2026-03-10T15:00:00Z");
const Scope owner = Scope::everyone();
Json funnel(int sent, int delivered, int read, int failed) {
  return {{"sent", sent}, {"delivered", delivered}, {"read", read}, {"failed", failed}};
}
Json success(int total, int successful, int failed, double percentage) {
  return {{"total", total}, {"successful", successful}, {"failed", failed}, {"percentage", percentage}};
}

class WhatsApp : public OnEveryCrm {
 protected:
  // Ann in sue's team, and bob; a conversation of each, "a", "s" and "b", and "u" that is nobody's.
  void given_people() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob"}, Agent{.name = "sue", .role = "supervisor"},
          Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"},
          Conversation{.name = "b", .agent = "bob", .created = "2026-03-01 09:00"},
          Conversation{.name = "s", .agent = "sue", .created = "2026-03-01 09:00"},
          Conversation{.name = "u", .created = "2026-03-01 09:00"});
  }

  WhatsAppAnswer ask(const Scope& scope = owner, int days = 1, Page page = {50}) {
    return house().ask({now, scope, *utc_, utc_->last_days(now, days), std::move(page)});
  }

  // Every failed message of the window, walked through page by page.
  std::vector<Json> all_pages(
      const Scope& scope, int days, std::int64_t limit, const std::function<void()>& between_pages = [] {}) {
    std::vector<Json> all;
    Page page{limit};
    for (;;) {
      const WhatsAppAnswer answer = ask(scope, days, page);
      for (const Json& message : answer["failedMessages"]) all.push_back(message);
      EXPECT_LE(answer["failedMessages"].size(), static_cast<std::size_t>(limit));
      if (answer.next.empty()) return all;
      EXPECT_EQ(answer["failedMessages"].size(), static_cast<std::size_t>(limit)) << "only the last page is short";
      page.after = answer.next;
      between_pages();
    }
  }

  WhatsAppHouse& house() {
    if (!house_) house_ = std::make_unique<WhatsAppHouse>(url_, settings_);
    return *house_;
  }

  const std::shared_ptr<const calendar::Zone> utc_ = calendar::Zone::load("UTC");
  Settings settings_;
  std::unique_ptr<WhatsAppHouse> house_;
};
CRM_ON_EVERY_CRM(WhatsApp);

// Tests that change the reference CRM's own tables.
class WhatsAppOfTheReference : public WhatsApp {};
INSTANTIATE_TEST_SUITE_P(Crms, WhatsAppOfTheReference, ::testing::Values(Crm::reference));

std::vector<std::string> ids(const Json& messages) {
  std::vector<std::string> ids;
  for (const Json& message : messages) ids.push_back(message["id"]);
  return ids;
}

// --- funnel and broadcasts -------------------------------------------------------------------------------------------

TEST_P(WhatsApp, FunnelOfTheWindowByScope) {
  given_people();
  const auto message = [&](const char* conversation, const char* at, const char* status) {
    given(Message{.conversation = conversation, .sender = "agent", .at = at, .status = status});
  };
  message("a", "2026-03-10 09:00", "sent");
  message("a", "2026-03-10 09:01", "pending");  // has not left the queue
  message("a", "2026-03-10 09:02", "failed");
  message("b", "2026-03-10 09:03", "read");
  message("b", "2026-03-10 14:59:59.999999", "delivered");
  message("b", "2026-03-10 15:00", "read");  // now is outside of the window
  message("s", "2026-03-10 09:04", "delivered");
  message("u", "2026-03-10 09:05", "failed");
  message("", "2026-03-10 09:06", "read");  // a broadcast without a conversation
  message("a", "2026-03-09 23:59:59.999999", "read");
  given(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 10:00", .status = "read"});
  // sent: a's two, b's two, s's, u's, the broadcast; delivered: b's two, s's, the broadcast; read: b's, the broadcast
  EXPECT_EQ(ask()["messageFunnel"], funnel(7, 4, 2, 2));
  EXPECT_EQ(ask({Role::admin, id("boss")})["messageFunnel"], funnel(7, 4, 2, 2));
  EXPECT_EQ(ask(agent("ann"))["messageFunnel"], funnel(2, 0, 0, 1));
  EXPECT_EQ(ask(agent("bob"))["messageFunnel"], funnel(2, 2, 1, 0));
  EXPECT_EQ(ask(supervisor("sue"))["messageFunnel"], funnel(3, 1, 0, 1)) << "ann's and her own";
  EXPECT_EQ(ask(agent("nobody"))["messageFunnel"], funnel(0, 0, 0, 0));
  EXPECT_EQ(ask(owner, 2)["messageFunnel"], funnel(8, 5, 3, 2)) << "and yesterday's";
  EXPECT_EQ(ask(agent("ann"), 30)["messageFunnel"], funnel(3, 1, 1, 1));
}

TEST_P(WhatsApp, EveryWindowHasItsOwnNumbers) {
  given_people();
  for (const char* day : {"2026-02-08 23:30", "2026-02-09 00:30", "2026-03-03 23:30", "2026-03-04 00:30",
                          "2026-03-09 00:30", "2026-03-09 22:30", "2026-03-09 23:30", "2026-03-10 00:30"}) {
    given(Message{.conversation = "a", .sender = "agent", .at = day, .status = "failed"});
  }
  const auto failed = [&](const char* zone_name, const calendar::WindowQuery& query) {
    const auto zone = calendar::Zone::load(zone_name);
    const Period period = calendar::resolve(query, {}, *zone, now);
    const WhatsAppAnswer answer = house().ask({now, owner, *zone, period});
    EXPECT_EQ(answer["failedMessages"].size(), answer["messageFunnel"]["failed"].get<std::size_t>());
    return answer["messageFunnel"]["failed"].get<int>();
  };
  EXPECT_EQ(failed("UTC", {}), 1);
  EXPECT_EQ(failed("UTC", {"yesterday", {}, {}}), 3);
  EXPECT_EQ(failed("UTC", {"week", {}, {}}), 5);   // since 4 March
  EXPECT_EQ(failed("UTC", {"month", {}, {}}), 7);  // since 9 February
  EXPECT_EQ(failed("UTC", {{}, "2026-02-08", "2026-02-08"}), 1);
  EXPECT_EQ(failed("UTC", {{}, "2026-03-09T22:30:00Z", "2026-03-10T00:30:00Z"}), 2);
  EXPECT_EQ(failed("Europe/Berlin", {}), 2) << "midnight in Berlin is 23:00 UTC";  // 23:30 and 00:30
  EXPECT_EQ(failed("Asia/Kolkata", {}), 3) << "and 18:30 UTC in Kolkata";          // and 22:30
}

TEST_P(WhatsApp, BroadcastsByTheFateOfTheirMessages) {
  given_people();
  const auto sent_to = [&](const char* contact, const char* at, const char* status, const char* conversation = "") {
    given(Message{.conversation = conversation,
                  .sender = "system",
                  .at = at,
                  .status = status,
                  .campaign = "spring",
                  .name = contact},
          Recipient{.campaign = "spring", .contact = contact, .message = contact, .agent = "ann"});
  };
  sent_to("c1", "2026-03-10 09:00", "read");
  sent_to("c2", "2026-03-10 09:00", "delivered");
  sent_to("c3", "2026-03-10 09:00", "sent");
  sent_to("c4", "2026-03-10 09:00", "pending");
  sent_to("c5", "2026-03-10 09:00", "failed");
  sent_to("c6", "2026-03-10 09:00", "delivered", "a");     // in ann's conversation: the company's all the same
  sent_to("c7", "2026-03-09 09:00", "failed");             // yesterday's
  given(Recipient{.campaign = "spring", .contact = "c8"},  // no message yet
        Recipient{.campaign = "spring", .contact = "c9", .message = "vanished"},  // nor a row of it
        Message{.sender = "system", .at = "2026-03-10 09:00", .status = "failed", .campaign = "spring"});  // nobody's
  EXPECT_EQ(ask()["broadcastSuccessRate"], success(6, 3, 1, 50.0));          // c1, c2, c6 of six; c5
  EXPECT_EQ(ask(owner, 2)["broadcastSuccessRate"], success(7, 3, 2, 42.9));  // 3 ÷ 7
  EXPECT_EQ(ask({Role::admin, id("boss")})["broadcastSuccessRate"], success(6, 3, 1, 50.0));
  EXPECT_EQ(ask(agent("ann"))["broadcastSuccessRate"], success(0, 0, 0, 100.0)) << "recipients are the company's";
  EXPECT_EQ(ask(supervisor("sue"))["broadcastSuccessRate"], success(0, 0, 0, 100.0));
  execute(url_, "DROP VIEW crm_source.campaign_recipients");
  house_.reset();
  EXPECT_EQ(ask()["broadcastSuccessRate"], success(0, 0, 0, 100.0)) << "this CRM has no campaigns";
  EXPECT_EQ(ask()["messageFunnel"]["failed"], 2) << "the rest goes on";  // c5 and nobody's
}

// --- failed messages -------------------------------------------------------------------------------------------------

TEST_P(WhatsApp, FailedMessagesNewestFirst) {
  given_people();
  given(Message{.conversation = "a",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "failed",
                .failed = "2026-03-10 14:00:00.5",
                .name = "late",
                .recipient = "+49 151 23456789",
                .reason = "(#131049) not delivered to maintain healthy ecosystem engagement"},
        Message{.conversation = "a",
                .sender = "agent",
                .at = "2026-03-10 13:00",
                .status = "failed",
                .name = "undated",
                .recipient = "4915123456789",
                .reason = "no such user +4915123456789\tsaid the carrier"},
        Message{.conversation = "a",
                .sender = "bot",
                .at = "2026-03-10 10:00",
                .status = "sent",
                .failed = "2026-03-10 10:01",
                .name = "word lags"},
        Message{.conversation = "a",  // one device failed, another got it
                .sender = "agent",
                .at = "2026-03-10 10:00",
                .status = "failed",
                .delivered = "2026-03-10 10:01",
                .failed = "2026-03-10 10:02",
                .name = "delivered"},
        Message{.conversation = "a",  // fails in ten minutes
                .sender = "agent",
                .at = "2026-03-10 14:00",
                .status = "sent",
                .failed = "2026-03-10 15:10",
                .name = "not yet"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 10:00", .status = "failed", .name = "in"});
  const auto zone = calendar::Zone::load("Asia/Kolkata");
  const Json messages = house().ask({now, owner, *zone, zone->last_days(now, 1)})["failedMessages"];
  EXPECT_EQ(messages.dump(),
            fmt::format(R"([{{"id":"{}","recipient":"+49 151 23456789",)"
                        R"("error":"131049: not delivered to maintain healthy ecosystem engagement",)"
                        R"("timestamp":"2026-03-10T19:30:00+05:30"}},)"
                        R"({{"id":"{}","recipient":"4915123456789",)"
                        R"("error":"no such user +4915123456789 said the carrier",)"
                        R"("timestamp":"2026-03-10T18:30:00+05:30"}},)"
                        R"({{"id":"{}","recipient":"","error":"unknown","timestamp":"2026-03-10T15:31:00+05:30"}}])",
                        id_of("late"), id_of("undated"), id_of("word lags")));
  const Json masked = ask(agent("ann"))["failedMessages"];
  EXPECT_EQ(masked[0]["recipient"], "…6789");
  EXPECT_EQ(masked[1]["error"], "no such user …6789 said the carrier");
  EXPECT_THAT(masked.dump(), ::testing::Not(HasSubstr("23456789")));
  EXPECT_EQ(ids(ask(supervisor("sue"))["failedMessages"]), ids(messages));
  EXPECT_THAT(ask(agent("bob"))["failedMessages"], IsEmpty());
}

TEST_P(WhatsApp, AFailureAfterTheHorizonIsNone) {
  settings_.rollup.horizon = std::chrono::hours(1);
  given_people();
  given(Message{.conversation = "a",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "failed",
                .failed = "2026-03-10 10:00:00.000001"},
        Message{.conversation = "a",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "failed",
                .failed = "2026-03-10 10:00",
                .name = "just in time"});
  EXPECT_THAT(ids(ask()["failedMessages"]), ElementsAre(id_of("just in time")));
  EXPECT_EQ(ask()["messageFunnel"]["failed"], 1);
}

TEST_P(WhatsApp, APageIsStableWhileFailuresArrive) {
  given_people();
  std::vector<std::pair<int, std::string>> failed;  // by minute
  for (int i = 0; i < 20; ++i) {
    const std::string name = fmt::format("m{}", i);
    given(Message{.conversation = "a",  // four instants, five failures each
                  .sender = "agent",
                  .at = "2026-03-10 09:00",
                  .status = "failed",
                  .failed = fmt::format("2026-03-10 10:0{}", i % 4),
                  .name = name});
    failed.emplace_back(i % 4, id_of(name));
  }
  // Newest first, then the greater id: as text, or as a number.
  std::sort(failed.begin(), failed.end(), [](const auto& a, const auto& b) {
    if (a.first != b.first) return a.first > b.first;
    return GetParam() == Crm::reference ? a.second > b.second : std::stoll(a.second) > std::stoll(b.second);
  });
  std::vector<std::string> expected;
  for (const auto& [minute, message] : failed) expected.push_back(message);
  int late = 0;
  const auto pages = all_pages(owner, 1, 3, [&] {
    given(Message{.conversation = "a",
                  .sender = "agent",
                  .at = "2026-03-10 09:30",
                  .status = "failed",
                  .failed = "2026-03-10 14:30",
                  .name = fmt::format("late {}", ++late)});
  });
  EXPECT_EQ(late, 6) << "20 failures are 6 full pages of 3, and one of 2";
  EXPECT_EQ(ids(Json(pages)), expected) << "each once, none of the newcomers";
  EXPECT_EQ(ask()["messageFunnel"]["failed"], 26);
}

TEST_P(WhatsAppOfTheReference, RefusesACursorWhoseIdIsNoneOfThisCrm) {
  given_people();
  for (const std::string& bad : {std::string("7"), std::string("'; DROP TABLE messages"), std::string(),
                                 std::string("\0", 1), std::string("caf\xE9"), std::string(100'000, 'f')}) {
    try {
      ask(owner, 1, {50, {"2026-03-10T09:00:00Z", bad}});
      ADD_FAILURE() << "it was taken: " << bad.substr(0, 50);
    } catch (const BadParameter& error) {
      EXPECT_EQ(error.parameter(), "cursor");
      EXPECT_STREQ(error.what(),
                   "cursor: what it holds is no message_id of this CRM's messages (expected uuid); give it as an "
                   "answer gave it");
    }
  }
  for (const char* instant : {"0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"}) {
    EXPECT_THAT(ask(owner, 1, {50, {instant, id_of("any")}})["failedMessages"], IsEmpty()) << "no rows, no error";
  }
}

// Another CRM: bigint ids, and a column with a zone beside one without.
TEST_P(WhatsAppOfTheReference, PagesThroughBigintIdsAndBothKindsOfTimestamps) {
  execute(
      url_,
      "DROP VIEW crm_source.messages, crm_source.campaign_recipients; ALTER TABLE messages ADD number bigint;"
      "DROP INDEX idx_messages_failure;"  // of an expression over one kind of times
      "ALTER TABLE messages ALTER failed_at TYPE timestamptz USING failed_at AT TIME ZONE 'UTC';"
      "CREATE VIEW crm_source.messages AS SELECT number AS message_id, conversation_id, direction::text AS direction, "
      "sender_type::text AS sender_type, sender_id AS sender_agent_id, recipient, delivery_status::text AS "
      "delivery_status, created_at, sent_at, delivered_at, read_at, failed_at, failed_reason, campaign_id FROM "
      "messages;"
      "INSERT INTO messages (number, direction, sender_type, delivery_status, created_at, failed_at) "
      "SELECT n, 'outbound', 'system', 'failed', '2026-03-10 09:00', CASE WHEN n % 2 = 0 THEN '2026-03-10 "
      "09:00+00'::timestamptz END FROM generate_series(8, 12) n");
  EXPECT_EQ(ids(Json(all_pages(owner, 1, 2))), (std::vector<std::string>{"12", "11", "10", "9", "8"}))
      << "of one instant by id, as numbers";
  EXPECT_THROW(ask(owner, 1, {50, {"2026-03-10T09:00:00Z", "9.5"}}), BadParameter);
}

// --- codes -----------------------------------------------------------------------------------------------------------

// The codes that the fact finds in reasons as gateways write them.
TEST_P(WhatsApp, FailuresByTheCodeInTheirReason) {
  given_people();
  const std::vector<std::pair<const char*, const char*>> reasons{
      {"131026: Message undeliverable", "131026"},
      {"(#131049) This message was not delivered", "131049"},
      {"131050", "131050"},
      {" 131050 ", "131050"},
      {"470: Message failed to send because more than 24 hours have passed", "470"},
      {"[131026] Message undeliverable", "131026"},
      {"#131026, undeliverable", "131026"},
      {"131026 - Message undeliverable", "131026"},
      {"Error code 131047 (re-engagement)", "131047"},
      {"OAuthException: (#190) token expired", "190"},
      {"{\"errors\": [{\"code\": 131026, \"title\": \"x\"}]}", "131026"},
      {"(131026) Message undeliverable", "131026"},
      {"errorCode=131053", "131053"},
      {"63016: a code of Twilio", "other"},
      {"139999: one that Meta may add", "other"},
      {"connection reset by gateway", "none"},
      {"+49 151 23456789 is not on WhatsApp", "none"},
      {"invalid number +4915199999999\tcarrier said: no such user", "none"},
      {"4915123456789", "none"},
      {"(33) 6 12 34 56 78 is not on WhatsApp", "none"},
      {"1) no such user", "none"},
      {"barcode 131026", "none"},
      {"error +1 415 555 2671", "none"},
      {"24 hours have passed", "none"},
      {"131026 undeliverable", "none"},
      {"", "none"}};
  std::map<std::string, int> expected;
  int number = 0;
  for (const auto& [reason, code] : reasons) {
    given(Message{.conversation = "a",
                  .sender = "agent",
                  .at = fmt::format("2026-03-10 09:{:02}", number++),
                  .status = "failed",
                  .reason = reason});
    ++expected[code];
  }
  rollup::LiveCounters counters;
  const Period before = utc_->last_days(at("2026-03-10T08:00:00Z"), 1);
  house().ask({before.window.to, owner, *utc_, before, {50}, &counters});  // counting begins before the first failure
  const WhatsAppAnswer answer = house().ask({now, owner, *utc_, utc_->last_days(now, 1), {50}, &counters});
  double all = 0;
  for (const auto& [name, value] : answer.samples) {
    if (name.find("crm_message_failures_total ") != 0) continue;
    const std::string code = name.substr(27, name.rfind(' ') - 27);
    EXPECT_EQ(value, expected[code]) << code;
    all += value;
  }
  EXPECT_EQ(all, static_cast<double>(reasons.size())) << "every failure is counted, once";
  EXPECT_EQ(answer["messageFunnel"]["failed"], reasons.size());
  // The list names the codes too, those without a label of their own as well.
  EXPECT_EQ(answer["failedMessages"][0]["error"], "unknown");  // the last reason is the newest failure
  EXPECT_EQ(answer["failedMessages"][12]["error"], "63016: a code of Twilio");
}

TEST_P(WhatsApp, CountersGrowWithWhatHappensAndAreThereAtZero) {
  given_people();
  given(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 14:00", .status = "read"});
  rollup::LiveCounters counters;
  const auto sample = [&](const std::string& as_of) {
    const Instant t = at("2026-03-10T" + as_of + "Z");
    return house().ask({t, owner, *utc_, utc_->last_days(t, 1), {50}, &counters}).samples;
  };
  auto samples = sample("15:00:00");
  EXPECT_EQ(samples.at("crm_messages_total outbound read"), 0) << "that was before counting began";
  EXPECT_EQ(samples.at("crm_message_failures_total 131026 recipient"), 0);
  EXPECT_EQ(samples.at("crm_campaign_messages_total created"), 0);
  given(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 15:00:01", .status = "delivered"},
        Message{.sender = "agent", .at = "2026-03-10 15:00:02", .status = "sent", .campaign = "x", .name = "m"},
        Recipient{.campaign = "x", .contact = "c", .message = "m"});
  samples = sample("15:00:15");
  EXPECT_EQ(samples.at("crm_messages_total inbound received"), 1);
  EXPECT_EQ(samples.at("crm_messages_total outbound sent"), 1);
  EXPECT_EQ(samples.at("crm_messages_total outbound failed"), 0);
  EXPECT_EQ(samples.at("crm_campaign_messages_total created"), 1);
  execute(url_,
          "UPDATE messages SET delivery_status = 'failed', failed_reason = '131042' WHERE id = '" + id("m") + "'");
  samples = sample("15:00:30");
  EXPECT_EQ(samples.at("crm_messages_total outbound sent"), 1) << "it had left the queue already";
  EXPECT_EQ(samples.at("crm_messages_total outbound failed"), 1);
  EXPECT_EQ(samples.at("crm_message_failures_total 131042 system"), 1);
  EXPECT_EQ(samples.at("crm_campaign_messages_total failed"), 1);
  EXPECT_EQ(sample("15:00:45"), samples) << "nothing happened, nothing grew";
}

// Deliveries of the last hour, at 15:00.
TEST_P(WhatsApp, SaysHowManyMessagesWaitSinceTheNewestThatWasDelivered) {
  given_people();
  rollup::LiveCounters counters;
  const auto waiting = [&] {
    const auto samples = house().ask({now, owner, *utc_, utc_->last_days(now, 1), {50}, &counters}).samples;
    EXPECT_EQ(samples.count("crm_session_undelivered_messages"), 0U) << "no message says which session sent it";
    return std::pair(samples.at("crm_undelivered_messages"), samples.at("crm_undelivered_seconds"));
  };
  EXPECT_EQ(waiting(), std::pair(0.0, 0.0));
  const auto sent = [&](const std::string& time, const std::string& status) {
    given(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 " + time, .status = status});
  };
  sent("13:59", "sent");  // more than an hour old
  sent("14:10", "sent");
  sent("14:20", "sent");
  EXPECT_EQ(waiting(), std::pair(2.0, 3000.0)) << "14:10 and 14:20, and nothing was delivered; 50 minutes";
  sent("14:15", "delivered");
  EXPECT_EQ(waiting(), std::pair(1.0, 2400.0)) << "14:20; that of 14:10 is its customer's own affair";
  sent("14:30", "failed");
  sent("14:40", "pending");
  given(Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 14:50", .status = "delivered"});
  EXPECT_EQ(waiting(), std::pair(1.0, 2400.0)) << "neither failed nor queued nor incoming messages wait for a delivery";
  sent("14:45", "read");
  EXPECT_EQ(waiting(), std::pair(0.0, 0.0));
  sent("14:59", "sent");
  sent("14:59:30", "sent");
  EXPECT_EQ(waiting(), std::pair(2.0, 60.0));
}

TEST_P(WhatsAppOfTheReference, SaysWhichConnectedSessionHasStoppedDelivering) {
  given_people();
  execute(url_, R"sql(
    ALTER TABLE messages ADD session_id text;
    CREATE OR REPLACE VIEW crm_source.messages AS
    SELECT
      id AS message_id, conversation_id, direction::text AS direction, sender_type::text AS sender_type,
      sender_id AS sender_agent_id, recipient, delivery_status::text AS delivery_status,
      created_at, sent_at, delivered_at, read_at, failed_at, failed_reason, campaign_id, session_id
    FROM messages;
    INSERT INTO whatsapp_sessions (session_id, phone_number, status) VALUES
      ('one', '1', 'connected'), ('two', '2', 'connected'), ('quiet', '3', 'connected'), ('down', '4', 'disconnected');
    INSERT INTO messages (direction, sender_type, delivery_status, created_at, session_id) VALUES
      ('outbound', 'agent', 'delivered', '2026-03-10 14:05', 'one'),
      ('outbound', 'agent', 'sent', '2026-03-10 14:10', 'one'),
      ('outbound', 'bot', 'sent', '2026-03-10 14:20', 'one'),
      ('outbound', 'agent', 'sent', '2026-03-10 14:30', 'two'),
      ('outbound', 'agent', 'delivered', '2026-03-10 14:40', 'two'),
      ('outbound', 'agent', 'sent', '2026-03-10 14:41', 'down'),
      ('outbound', 'agent', 'sent', '2026-03-10 14:42', NULL);
  )sql");
  house().have_infrastructure();
  rollup::LiveCounters counters;
  const auto samples = house().ask({now, owner, *utc_, utc_->last_days(now, 1), {50}, &counters}).samples;
  std::map<std::string, double> said;
  for (const auto& [name, value] : samples) {
    if (name.starts_with("crm_session_undelivered_")) said[name.substr(0, name.rfind('-'))] = value;
  }
  const std::map<std::string, double> expected{
      {"crm_session_undelivered_messages one", 2},   {"crm_session_undelivered_seconds one", 3000},  // since 14:10
      {"crm_session_undelivered_messages two", 0},   {"crm_session_undelivered_seconds two", 0},
      {"crm_session_undelivered_messages quiet", 0}, {"crm_session_undelivered_seconds quiet", 0}};
  EXPECT_EQ(said, expected);
  EXPECT_EQ(samples.at("crm_undelivered_messages"), 2) << "of all, those of 14:41 and 14:42 came after a delivery";
}

TEST_P(WhatsAppOfTheReference, UnknownWordsAreCountedForTheScheduler) {
  given_people();
  for (const char* word : {"pending", "sent", "delivered", "read", "failed", "queued", ""}) {
    given(Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00", .status = word},
          Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00", .status = word});
  }
  given(Message{.conversation = "a", .sender = "robot", .at = "2026-03-10 09:00"},
        Message{.conversation = "a", .sender = "robot", .at = "2026-03-09 09:00"});  // yesterday's
  execute(url_,
          "ALTER TABLE messages ALTER delivery_status DROP NOT NULL, ALTER sender_type DROP NOT NULL;"
          "INSERT INTO messages (direction, sender_type, delivery_status, created_at) VALUES "
          "('outbound', NULL, NULL, '2026-03-10 09:00'), ('inbound', NULL, 'x', '2026-03-10 09:00')");
  rollup::LiveCounters counters;
  const auto answer = house().ask({now, owner, *utc_, utc_->last_days(now, 1), {50}, &counters});
  EXPECT_THAT(answer.unknown_words, ElementsAre(std::tuple("messages", "sender_type", 3),  // a robot and two of nobody
                                                std::tuple("messages", "delivery_status", 2)));  // queued and ''
  EXPECT_THAT(ask().unknown_words, IsEmpty()) << "a person's question";
}

// --- what is not there -----------------------------------------------------------------------------------------------

TEST_P(WhatsApp, WithoutAQueueOrSessionsIsPartialNotZero) {
  const WhatsAppAnswer answer = ask();
  EXPECT_EQ(answer["messageFunnel"], funnel(0, 0, 0, 0));
  EXPECT_TRUE(answer["queueMetrics"]["depth"].is_null());
  EXPECT_TRUE(answer["activeSessions"].is_null());
  EXPECT_THAT(answer.partial, ElementsAre("sessions: no WhatsApp session source is configured",
                                          "queue: no WhatsApp queue is configured"));
}

// --- properties ------------------------------------------------------------------------------------------------------

// The definitions once more, over plain rows: what failed, newest first.
std::vector<int> failed_numbers(const RandomCrm& crm, const Window& window, const Visible& visible) {
  std::vector<std::pair<Instant, int>> failed;
  for (const RandomMessage& m : crm.messages) {
    const std::string agent =
        m.conversation < 0 ? "" : crm.conversations[static_cast<std::size_t>(m.conversation)].agent;
    if (m.direction != "outbound" || !window.contains(m.created)) continue;
    if (visible && (agent.empty() || !visible->contains(agent))) continue;
    const Instant horizon = std::min(now, m.created + std::chrono::days(35));
    const auto is = [&](const MaybeInstant& t) { return t && *t <= horizon; };
    const bool read = m.read ? is(m.read) : m.status == "read";
    const bool delivered =
        read || (m.delivered ? is(m.delivered) : !m.read && (m.status == "delivered" || m.status == "read"));
    if (!delivered && (m.failed ? is(m.failed) : m.status == "failed")) {
      failed.emplace_back(m.failed.value_or(m.created), m.number);
    }
  }
  std::sort(failed.rbegin(), failed.rend());
  std::vector<int> numbers;
  for (const auto& [at, number] : failed) numbers.push_back(number);
  return numbers;
}

class RandomWhatsApp : public WhatsApp {
 protected:
  RandomWhatsApp() {
    execute(url_, sql(Agent{.name = "ann", .supervisor = "sue"}) + sql(Agent{.name = "bob"}) +
                      sql(Agent{.name = "sue", .role = "supervisor"}) + sql(crm_));
  }

  // What is left of the rows in this CRM.
  RandomCrm known() const { return knows_when_delivered() ? crm_ : without_delivery_instants(crm_); }

  // The ids of messages that failed, as this CRM has them: the number's digits in a uuid, or read as a bigint's.
  std::vector<std::string> failed_ids(const Window& window, const Visible& visible) const {
    std::vector<std::string> ids;
    for (const int number : failed_numbers(known(), window, visible)) {
      const std::string digits = std::to_string(number);
      ids.push_back(GetParam() == Crm::reference ? fmt::format("00000000-0000-4000-8000-{:0>12}", digits)
                                                 : std::to_string(std::stoull(digits, nullptr, 16)));
    }
    return ids;
  }

  std::mt19937 random_{20260310};
  const RandomCrm crm_ = random_crm(random_, now, {"ann", "bob", "sue", ""});
  const std::vector<std::pair<Scope, Visible>> scopes_{{owner, std::nullopt},
                                                       {agent("ann"), {{"ann"}}},
                                                       {agent("bob"), {{"bob"}}},
                                                       {supervisor("sue"), {{"sue", "ann"}}}};
};
CRM_ON_EVERY_CRM(RandomWhatsApp);

TEST_P(RandomWhatsApp, AllPagesAreTheWholeListAndAsManyAsTheFunnelSays) {
  for (const int days : {1, 7, 30}) {
    for (const auto& [scope, visible] : scopes_) {
      const auto expected = failed_ids(utc_->last_days(now, days).window, visible);
      EXPECT_EQ(ask(scope, days)["messageFunnel"]["failed"], expected.size()) << scope.key() << ", " << days;
      for (const std::int64_t limit : {1, 7, 500}) {
        if (limit == 1 && days > 1) continue;
        EXPECT_EQ(ids(Json(all_pages(scope, days, limit))), expected) << scope.key() << ", " << days << ", " << limit;
      }
      EXPECT_GE(expected.size(), days == 1 ? 1U : 10U) << "the data say something";
    }
  }
}

// Of the raw rows, then of what is stored: the same answers, and those of plain C++.
TEST_P(RandomWhatsApp, TheFunnelIsWhatPlainCppCountsAndStorageChangesNothing) {
  with_history(url_, GetParam());
  const std::vector<int> windows{1, 7, 30};
  std::vector<Json> of_raw_rows;
  for (const bool stored : {false, true}) {
    if (stored) house().store(now, *utc_);
    std::size_t i = 0;
    for (const int days : windows) {
      for (const auto& [scope, visible] : scopes_) {
        SCOPED_TRACE(fmt::format("{}, {} days{}", scope.key(), days, stored ? ", from storage" : ""));
        const WhatsAppAnswer answer = ask(scope, days);
        const auto counted = Oracle(known(), visible).count(now, utc_->last_days(now, days)).today;
        EXPECT_EQ(answer["messageFunnel"], (Json{{"sent", counted.sent},
                                                 {"delivered", counted.delivered},
                                                 {"read", counted.read},
                                                 {"failed", counted.failed}}));
        EXPECT_GT(counted.read, 0) << "the data say something";
        if (!stored) of_raw_rows.push_back(answer.document);
        EXPECT_EQ(answer.document, of_raw_rows[i++]);
      }
    }
  }
  EXPECT_GT(house().periods_read(), 100U);
}

TEST_P(RandomWhatsApp, TheFunnelNarrows) {
  for (const auto& [scope, visible] : scopes_) {
    const Json f = ask(scope, 7)["messageFunnel"];
    EXPECT_GE(f["sent"].get<int>(), f["delivered"].get<int>() + f["failed"].get<int>());
    EXPECT_GE(f["delivered"].get<int>(), f["read"].get<int>());
  }
}

TEST_P(RandomWhatsApp, NoAnswerDependsOnRowsOfAnotherOrShowsThem) {
  const auto answer = [&](const Scope& scope) { return ask(scope, 30, {500}).document; };
  const Json ann = answer(agent("ann"));
  const Json team = answer(supervisor("sue"));
  std::set<std::string> of_bob;
  for (const std::string& id : failed_ids(utc_->last_days(now, 30).window, Visible{{"bob"}})) of_bob.insert(id);
  for (const Json& shown : {ann, team}) {
    for (const std::string& id : ids(shown["failedMessages"])) EXPECT_FALSE(of_bob.contains(id)) << id;
  }
  execute(url_,
          fmt::format("UPDATE messages SET delivery_status = 'failed', failed_at = created_at, delivered_at = NULL, "
                      "read_at = NULL WHERE conversation_id IS NULL OR conversation_id IN "
                      "(SELECT id FROM conversations WHERE assigned_agent_id = '{}' OR assigned_agent_id IS NULL)",
                      id("bob")));
  EXPECT_EQ(answer(agent("ann")), ann);
  EXPECT_EQ(answer(supervisor("sue")), team);
  EXPECT_NE(answer(agent("bob")).at("messageFunnel")["failed"], of_bob.size()) << "his own did change";
}

}  // namespace
