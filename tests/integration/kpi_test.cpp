// The kpi section through the real collector, the real SQL, a real PostgreSQL (in Asia/Tokyo) and two CRMs: every field
// counted by hand, then held against a brute-force computation on random rows. Unless a test says otherwise it is 10
// March 2026, 15:00 UTC, and "before" is 9 March, 15:00.

#include <algorithm>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "calendar/zone.h"
#include "crm_fixture.h"
#include "history.h"
#include "kpi_fixture.h"
#include "kpi_oracle.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;

Instant at(const std::string& iso) {
  return parse_instant(iso).value();
}

const Scope owner = Scope::everyone();

Json metric(const Json& value, double change, const char* trend) {
  return {{"value", value}, {"trend", trend}, {"change", change}};
}
Json tickets(int value, double change, const char* trend, int high, int medium, int low) {
  Json json = metric(value, change, trend);
  json["byPriority"] = {{"high", high}, {"medium", medium}, {"low", low}};
  return json;
}
Json response(int value, double change, const char* trend, const char* sla) {
  Json json = metric(value, change, trend);
  json["slaStatus"] = sla;
  return json;
}

class Kpi : public OnEveryCrm {
 protected:
  KpiAnswer ask(const Scope& scope, const std::string& as_of = "2026-03-10T15:00:00Z",
                const std::string& zone = "UTC") {
    KpiHouse house(url_, settings_);
    return house.ask(at(as_of), scope, *calendar::Zone::load(zone));
  }

  Settings settings_;
};

CRM_ON_EVERY_CRM(Kpi);

// --- conversations ---------------------------------------------------------------------------------------------------

class KpiConversations : public Kpi {
 protected:
  KpiConversations() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob"}, Agent{.name = "sue", .role = "supervisor"},
          //                                                                                                now before
          Conversation{.name = "old", .agent = "ann", .created = "2026-03-01 09:00"},    // 1 1
          Conversation{.name = "new", .agent = "bob", .created = "2026-03-09 16:00"},    // 1 0
          Conversation{.name = "newer", .agent = "bob", .created = "2026-03-10 08:00"},  // 1 0
          Conversation{
              .name = "done", .agent = "ann", .created = "2026-03-09 10:00", .resolved = "2026-03-10 09:00"},  // 0 1
          Conversation{.name = "done before",
                       .agent = "ann",
                       .created = "2026-03-09 10:00",
                       .resolved = "2026-03-09 14:59"},                                            // 0 0
          Conversation{.name = "reopened", .agent = "sue", .created = "2026-03-09 09:00"},         // 1 1
          Conversation{.name = "from the future", .agent = "ann", .created = "2026-03-10 15:30"},  // 0 0
          Conversation{.name = "to be resolved",
                       .agent = "ann",
                       .created = "2026-03-05 10:00",
                       .resolved = "2026-03-10 15:30"},                        // 1 1
          Conversation{.name = "nobody's", .created = "2026-03-10 15:00:00"},  // 1 0
          Conversation{.name = "both edges",
                       .agent = "ann",
                       .created = "2026-03-09 15:00",
                       .resolved = "2026-03-10 15:00"},  // 0 1
          Conversation{
              .name = "edge", .agent = "ann", .created = "2026-03-08 15:00", .resolved = "2026-03-09 15:00"});  // 0 0
    // Reopened: it had been resolved at noon yesterday, and nothing of that is left.
    execute(url_, "UPDATE conversations SET resolved_at = '2026-03-09 12:00', status = 'resolved' WHERE id = '" +
                      id("reopened") + "'");
    execute(url_, "UPDATE conversations SET resolved_at = NULL, status = 'open' WHERE id = '" + id("reopened") + "'");
  }
};

CRM_ON_EVERY_CRM(KpiConversations);

TEST_P(KpiConversations, OpenNowAndAtThisTimeYesterday) {
  // old, new, newer, reopened, to be resolved, nobody's = 6; before: old, done, reopened, to be resolved, both edges =
  // 5
  const KpiAnswer answer = ask(owner);
  EXPECT_EQ(answer["activeConversations"], metric(6, 20.0, "up"));  // 100·(6 − 5)/5
  EXPECT_EQ(answer.samples.at("crm_conversations_active"), 6);
  EXPECT_EQ(ask({Role::admin, id("boss")})["activeConversations"], metric(6, 20.0, "up"));
}

TEST_P(KpiConversations, OpenOfAnAgentAndOfATeam) {
  // ann: old, to be resolved = 2; before: old, done, to be resolved, both edges = 4
  EXPECT_EQ(ask(agent("ann"))["activeConversations"], metric(2, -50.0, "down"));
  // and sue's own reopened one, both times: 3 and 5
  EXPECT_EQ(ask(supervisor("sue"))["activeConversations"], metric(3, -40.0, "down"));
  EXPECT_EQ(ask(agent("sue"))["activeConversations"], metric(1, 0.0, "stable"));
  EXPECT_EQ(ask(agent("bob"))["activeConversations"], metric(2, 100.0, "up")) << "2 after none";
  EXPECT_EQ(ask(agent("nobody we know"))["activeConversations"], metric(0, 0.0, "stable"));
}

TEST_P(KpiConversations, AMomentEarlierTheEdgesFallTheOtherWay) {
  // At 14:59:59.999999 nobody's has not begun and both edges is still open: old, new, newer, reopened, to be resolved,
  // both edges = 6. Before, a moment before yesterday's 15:00: old, done, reopened, to be resolved, edge = 5.
  EXPECT_EQ(ask(owner, "2026-03-10T14:59:59.999999Z")["activeConversations"], metric(6, 20.0, "up"));
  EXPECT_EQ(ask(agent("ann"), "2026-03-10T14:59:59.999999Z")["activeConversations"], metric(3, -25.0, "down"));  // 4
}

// --- tickets ---------------------------------------------------------------------------------------------------------

TEST_P(Kpi, TicketsByPriorityAndUnassignedOnes) {
  given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob"}, Agent{.name = "sue", .role = "supervisor"},
        Ticket{.agent = "ann", .priority = "high", .created = "2026-03-08 09:00"},
        Ticket{.agent = "ann", .priority = "urgent", .created = "2026-03-10 09:00"},
        Ticket{.agent = "ann", .priority = "low", .created = "2026-03-09 09:00", .resolved = "2026-03-10 10:00"},
        Ticket{.agent = "ann", .priority = "medium", .created = "2026-03-09 09:00", .resolved = "2026-03-09 12:00"},
        Ticket{.agent = "bob", .priority = "medium", .created = "2026-03-01 09:00"},
        Ticket{.agent = "bob", .priority = "low", .created = "2026-03-09 16:00"},
        Ticket{.agent = "bob", .priority = "high", .created = "2026-03-10 15:00:01"},  // the future
        Ticket{.priority = "urgent", .created = "2026-03-05 09:00", .resolved = "2026-03-11 09:00"},
        Ticket{.priority = "blocker", .created = "2026-03-09 12:00"});  // a word that nobody knows counts as medium
  // now: ann's high and urgent, bob's medium and low, urgent and blocker = 6
  // before: ann's high and low, bob's medium, urgent, blocker = 5
  const KpiAnswer answer = ask(owner);
  EXPECT_EQ(answer["openTickets"], tickets(6, 20.0, "up", 3, 2, 1));  // high + 2 urgent, medium + blocker, low
  EXPECT_EQ(answer.samples.at("crm_tickets_open urgent"), 2);
  EXPECT_EQ(answer.samples.at("crm_tickets_open high"), 1);
  EXPECT_EQ(answer.samples.at("crm_tickets_open medium"), 2);
  EXPECT_EQ(answer.samples.at("crm_tickets_open low"), 1);
  EXPECT_THAT(answer.unknown_words, ElementsAre(std::tuple("tickets", "priority", 1)));
  EXPECT_EQ(ask(agent("ann"))["openTickets"], tickets(2, 0.0, "stable", 2, 0, 0));
  EXPECT_EQ(ask(supervisor("sue"))["openTickets"], tickets(2, 0.0, "stable", 2, 0, 0));
  EXPECT_EQ(ask(agent("bob"))["openTickets"], tickets(2, 100.0, "up", 0, 1, 1));  // 2 after 1
}

// --- messages --------------------------------------------------------------------------------------------------------

TEST_P(Kpi, MessagesTodayAgainstYesterdayUntilThisTimeOfDay) {
  given(Agent{.name = "ann"}, Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"},
        Conversation{.name = "b", .agent = "bob", .created = "2026-03-01 09:00"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 00:00:00"},  // midnight sharp
        Message{.conversation = "a", .sender = "bot", .at = "2026-03-10 00:00:05"},
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-10 14:59:59.999999"},
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-10 15:00:00"},         // now: not yet
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-11 09:00:00"},         // the future
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-09 23:59:59.999999"},  // after this time
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-09 15:00:00"},         // of yesterday
        Message{.conversation = "a", .sender = "agent", .at = "2026-03-09 14:59:59.999999"},
        Message{.conversation = "b", .sender = "system", .at = "2026-03-09 00:00:00"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-08 23:59:59.999999"});
  const KpiAnswer answer = ask(owner);
  EXPECT_EQ(answer["messagesToday"], metric(3, 50.0, "up"));  // 3 after 2
  EXPECT_EQ(answer.samples.at("crm_messages_today inbound"), 2);
  EXPECT_EQ(answer.samples.at("crm_messages_today outbound"), 1);
  EXPECT_EQ(ask(agent("ann"))["messagesToday"], metric(2, 100.0, "up"));    // 2 after 1
  EXPECT_EQ(ask(agent("bob"))["messagesToday"], metric(1, 0.0, "stable"));  // 1 after 1
}

// An inbound message at every 15 and 45 minutes past the hour, from five days before to five days after.
void given_traffic_around(const std::string& url, const std::string& day) {
  execute(url, sql(Conversation{.name = "c", .agent = "ann", .created = "2026-01-01 09:00"}));
  execute(url, fmt::format("INSERT INTO messages (conversation_id, direction, sender_type, created_at) SELECT '{}', "
                           "'inbound', 'customer', t FROM generate_series('{}'::timestamp - interval '5 days', '{}'::"
                           "timestamp + interval '5 days', interval '30 min') t",
                           id("c"), day + " 00:15", day + " 00:15"));
}

TEST_P(Kpi, ThisTimeOfDayIsWallClockTimeInBerlinWhenTheClockGoesForward) {
  given_traffic_around(url_, "2026-03-29");
  // Noon CEST is 10:00 UTC. Today began at 23:00 UTC: 11 h, 22 messages. Yesterday until noon CET: 12 h, 24.
  EXPECT_EQ(ask(owner, "2026-03-29T10:00:00Z", "Europe/Berlin")["messagesToday"], metric(22, -8.3, "down"));
  EXPECT_EQ(ask(agent("ann"), "2026-03-29T10:00:00Z", "Europe/Berlin")["messagesToday"], metric(22, -8.3, "down"));
  // On Monday at 02:30 CEST, 2.5 h after midnight: 5. 02:30 of Sunday was skipped; its gap ended 2 h after midnight: 4.
  EXPECT_EQ(ask(owner, "2026-03-30T00:30:00Z", "Europe/Berlin")["messagesToday"], metric(5, 25.0, "up"));
  // On Monday at noon, 12 h: 24. On Sunday until noon, 11 h: 22. 100·2/22 = 9.09
  EXPECT_EQ(ask(owner, "2026-03-30T10:00:00Z", "Europe/Berlin")["messagesToday"], metric(24, 9.1, "up"));
  // The same instant in UTC knows of none of it.
  EXPECT_EQ(ask(owner, "2026-03-29T10:00:00Z", "UTC")["messagesToday"], metric(20, 0.0, "stable"));
}

TEST_P(Kpi, ThisTimeOfDayIsWallClockTimeInBerlinWhenTheClockGoesBack) {
  given_traffic_around(url_, "2026-10-25");
  // Noon CET is 11:00 UTC. Today began at 22:00 UTC: 13 h, 26 messages. Yesterday until noon CEST: 12 h, 24.
  EXPECT_EQ(ask(owner, "2026-10-25T11:00:00Z", "Europe/Berlin")["messagesToday"], metric(26, 8.3, "up"));
  // 02:30 comes twice on Sunday: the second is 3.5 h after midnight (7), Saturday's 2.5 h (5).
  EXPECT_EQ(ask(owner, "2026-10-25T00:30:00Z", "Europe/Berlin")["messagesToday"], metric(5, 0.0, "stable"));
  EXPECT_EQ(ask(owner, "2026-10-25T01:30:00Z", "Europe/Berlin")["messagesToday"], metric(7, 40.0, "up"));
  // On Monday 02:30, 2.5 h: 5; Sunday until the first 02:30: 5.
  EXPECT_EQ(ask(owner, "2026-10-26T01:30:00Z", "Europe/Berlin")["messagesToday"], metric(5, 0.0, "stable"));
}

TEST_P(Kpi, ADayInKolkataBeginsAtHalfPast) {
  given_traffic_around(url_, "2026-03-10");
  given(Message{.conversation = "c", .sender = "customer", .at = "2026-03-09 18:29:59.999999"},  // yesterday, later
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-09 18:30:00"});        // midnight
  // 08:30 in Kolkata is 03:00 UTC; today began at 18:30 UTC: 8.5 h, 17 and one at midnight, after 17.
  EXPECT_EQ(ask(owner, "2026-03-10T03:00:00Z", "Asia/Kolkata")["messagesToday"], metric(18, 5.9, "up"));  // 1/17
}

TEST_P(Kpi, LordHoweTurnsItsClockByHalfAnHour) {
  given_traffic_around(url_, "2026-04-05");
  // Noon (+10:30) is 01:30 UTC. Today began at 13:00 UTC (+11): 12.5 h, 25. Yesterday 12 h: 24. 100/24 = 4.17
  EXPECT_EQ(ask(owner, "2026-04-05T01:30:00Z", "Australia/Lord_Howe")["messagesToday"], metric(25, 4.2, "stable"));
}

TEST_P(Kpi, LordHoweTurnsItsClockByHalfAnHourInSpringToo) {
  given_traffic_around(url_, "2026-10-04");
  // Noon (+11) is 01:00 UTC. Today began at 13:30 UTC (+10:30): 11.5 h, 23. Yesterday 12 h: 24.
  EXPECT_EQ(ask(owner, "2026-10-04T01:00:00Z", "Australia/Lord_Howe")["messagesToday"], metric(23, -4.2, "stable"));
}

// --- delivery rate ---------------------------------------------------------------------------------------------------

TEST_P(Kpi, TheDeliveryRateIsOfWhatLeftTheQueueItsChangeOfWhatIsDecided) {
  const auto out = [](const std::string& at, const std::string& status, const std::string& conversation = "a") {
    return Message{.conversation = conversation, .sender = "agent", .at = at, .status = status};
  };
  given(Agent{.name = "ann"}, Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"},
        out("2026-03-10 09:00", "delivered"), out("2026-03-10 09:01", "delivered"), out("2026-03-10 09:02", "read"),
        out("2026-03-10 09:03", "sent"), out("2026-03-10 09:04", "failed"), out("2026-03-10 09:05", "pending"),
        // a broadcast without a conversation is the company's
        Message{.sender = "bot", .at = "2026-03-10 09:06", .status = "delivered", .campaign = "spring"},
        // an incoming row says delivered too, and is none of ours
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:07", .status = "delivered"},
        out("2026-03-09 09:00", "delivered"), out("2026-03-09 09:01", "failed"), out("2026-03-09 09:02", "sent"),
        out("2026-03-09 15:00", "delivered"));  // after this time of day
  const KpiAnswer answer = ask(owner);
  // 3 delivered + 1 read of 4 + sent + failed = 4/6. Decided: 4 of 5 after 1 of 2: 100·(0.8 − 0.5)/0.5
  EXPECT_EQ(answer["whatsappDeliveryRate"], metric(66.7, 60.0, "up"));
  EXPECT_EQ(answer.samples.at("crm_outbound_today sent"), 6);
  EXPECT_EQ(answer.samples.at("crm_outbound_today delivered"), 4);
  EXPECT_EQ(answer.samples.at("crm_outbound_today read"), 1);
  EXPECT_EQ(answer.samples.at("crm_outbound_today failed"), 1);
  EXPECT_DOUBLE_EQ(answer.samples.at("crm_delivery_ratio"), 4.0 / 6.0);
  // ann's, without the broadcast: 3 of 5; decided 3 of 4 after 1 of 2
  EXPECT_EQ(ask(agent("ann"))["whatsappDeliveryRate"], metric(60.0, 50.0, "up"));
}

TEST_P(Kpi, ADeliveryCountsFromItsInstantOn) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"},
        Message{.conversation = "a",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "read",
                .delivered = "2026-03-10 15:00:00",
                .read = "2026-03-10 15:00:01",
                .sent = "2026-03-10 09:00:01"});
  EXPECT_EQ(ask(owner, "2026-03-10T14:59:59Z")["whatsappDeliveryRate"]["value"], 0.0);
  // Where only the reading has an instant, the delivery is not known before it.
  EXPECT_EQ(ask(owner, "2026-03-10T15:00:00Z")["whatsappDeliveryRate"]["value"], knows_when_delivered() ? 100.0 : 0.0);
  EXPECT_EQ(ask(owner, "2026-03-10T15:00:01Z")["whatsappDeliveryRate"]["value"], 100.0);
  EXPECT_EQ(ask(owner, "2026-03-10T15:00:00Z").samples.at("crm_outbound_today read"), 0);
  EXPECT_EQ(ask(owner, "2026-03-10T15:00:01Z").samples.at("crm_outbound_today read"), 1);
}

TEST_P(Kpi, NothingSentIsNothingWrong) {
  const KpiAnswer answer = ask(owner);
  EXPECT_EQ(answer["whatsappDeliveryRate"], metric(100.0, 0.0, "stable"));
  EXPECT_EQ(answer["avgResponseTime"], response(0, 0.0, "stable", "good"));
  EXPECT_EQ(answer["activeConversations"], metric(0, 0.0, "stable"));
  EXPECT_EQ(answer["openTickets"], tickets(0, 0.0, "stable", 0, 0, 0));
  EXPECT_EQ(answer["messagesToday"], metric(0, 0.0, "stable"));
  EXPECT_FALSE(answer.samples.contains("crm_delivery_ratio")) << "a ratio of nothing is not exported";
  EXPECT_FALSE(answer.samples.contains("crm_response_today_mean_seconds"));
  EXPECT_EQ(answer.samples.at("crm_conversations_active"), 0);
}

// --- response time ---------------------------------------------------------------------------------------------------

TEST_P(Kpi, ResponseTimeIsTheMeanOverTurnsAnsweredToday) {
  given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "sue", .role = "supervisor"},
        Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"},
        Conversation{.name = "b", .agent = "bob", .created = "2026-03-01 09:00"},
        Conversation{.name = "u", .created = "2026-03-01 09:00"},
        // ann: 60 s, across midnight 200 s
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00:00"},
        Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:01:00"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-09 23:57:40"},
        Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 00:01:00"},
        // bob: 340 s; then one that nobody has answered by 15:00
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-10 10:00:00"},
        Message{.conversation = "b", .sender = "agent", .at = "2026-03-10 10:05:40"},
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-10 14:00:00"},
        Message{.conversation = "b", .sender = "agent", .at = "2026-03-10 15:00:00"},
        // nobody's: 1 s
        Message{.conversation = "u", .sender = "customer", .at = "2026-03-10 11:00:00"},
        Message{.conversation = "u", .sender = "agent", .at = "2026-03-10 11:00:01"},
        // yesterday: bob 400 s before this time of day, 1 s after it
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-09 09:00:00"},
        Message{.conversation = "b", .sender = "agent", .at = "2026-03-09 09:06:40"},
        Message{.conversation = "b", .sender = "customer", .at = "2026-03-09 15:30:00"},
        Message{.conversation = "b", .sender = "agent", .at = "2026-03-09 15:30:01"});
  const KpiAnswer answer = ask(owner);
  // (60 + 200 + 340 + 1) s / 4 = 150.25 s; 100·(150.25 − 400)/400 = −62.4375
  EXPECT_EQ(answer["avgResponseTime"], response(150, -62.4, "down", "good"));
  EXPECT_EQ(answer.samples.at("crm_answered_turns_today"), 4);
  EXPECT_EQ(answer.samples.at("crm_answered_turns_response_seconds"), 601);
  EXPECT_EQ(answer.samples.at("crm_response_today_mean_seconds"), 150.25);
  // ann: 260 s / 2, nothing yesterday; bob: 340 s after 400 s, above 300 and not above 450
  EXPECT_EQ(ask(agent("ann"))["avgResponseTime"], response(130, 0.0, "stable", "good"));
  EXPECT_EQ(ask(supervisor("sue"))["avgResponseTime"], response(130, 0.0, "stable", "good"));
  EXPECT_EQ(ask(agent("bob"))["avgResponseTime"], response(340, -15.0, "down", "warning"));
  settings_.sla.first_response_seconds = 200;  // 340 > 1.5 × 200
  EXPECT_EQ(ask(agent("bob"))["avgResponseTime"]["slaStatus"], "critical");
}

// --- what real CRMs do -----------------------------------------------------------------------------------------------

TEST_P(Kpi, OddRowsAreDataNotErrors) {
  given(Agent{.name = "ann"}, Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"},
        Conversation{.name = "g", .agent = "deleted long ago", .created = "2026-03-01 09:00"},
        Ticket{.agent = "deleted long ago", .priority = "URGENT", .created = "2026-03-01 09:00"},
        Message{.conversation = "g", .sender = "customer", .at = "2026-03-10 09:00", .status = "delivered"},
        Message{.conversation = "g", .sender = "agent", .at = "2026-03-10 09:00:30", .status = "READ"},
        Message{.conversation = "a", .sender = "alien", .at = "2026-03-10 09:00", .status = "?"},
        Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:00", .direction = "sideways"},
        Message{.conversation = "no such conversation", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.sender = "customer", .at = "2026-03-10 09:00"},  // of no conversation, and inbound
        // events out of order: read before delivered before created
        Message{.conversation = "a",
                .sender = "agent",
                .at = "2026-03-10 09:00",
                .status = "sent",
                .delivered = "2026-03-10 08:59",
                .read = "2026-03-10 08:58"});
  execute(url_, "UPDATE profiles SET is_active = NULL");
  const KpiAnswer answer = ask(owner);
  EXPECT_EQ(answer["activeConversations"]["value"], 2);
  EXPECT_EQ(answer["openTickets"], tickets(1, 0.0, "stable", 0, 1, 0)) << "a word that nobody knows";
  // inbound: g's, the lost one's and the one of none = 3; outbound: g's reply, the alien's, the odd one; not sideways
  EXPECT_EQ(answer.samples.at("crm_messages_today inbound"), 3);
  EXPECT_EQ(answer.samples.at("crm_messages_today outbound"), 3);
  EXPECT_EQ(answer["messagesToday"]["value"], 6);
  EXPECT_EQ(answer.samples.at("crm_outbound_today sent"), 1) << "READ and ? say nothing, the timestamps do";
  EXPECT_EQ(answer.samples.at("crm_outbound_today read"), 1);
  EXPECT_EQ(answer["avgResponseTime"], response(30, 0.0, "stable", "good"));
  const KpiAnswer ghost = ask(agent("deleted long ago"));
  EXPECT_EQ(ghost["messagesToday"]["value"], 2) << "his rows are his though his profile is gone";
  EXPECT_EQ(ghost["activeConversations"]["value"], 1);
  EXPECT_EQ(ask(agent("ann"))["messagesToday"]["value"], 2);  // the alien's and the odd one
}

TEST_P(Kpi, AViewThatTheCrmLacksIsZeroInJsonAndAbsentFromPrometheus) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-01 09:00"});
  execute(url_, "DROP VIEW crm_source.tickets; DROP VIEW crm_source.messages");
  const KpiAnswer answer = ask(owner);
  EXPECT_EQ(answer["activeConversations"]["value"], 1);
  EXPECT_EQ(answer["openTickets"], tickets(0, 0.0, "stable", 0, 0, 0));
  EXPECT_EQ(answer["messagesToday"], metric(0, 0.0, "stable"));
  EXPECT_THAT(answer.samples, ::testing::ElementsAre(std::pair("crm_conversations_active", 1.0)));
}

// --- properties on random rows ---------------------------------------------------------------------------------------

const std::vector<std::string> people{"ann", "bob", "cid", "dora", "gone"};  // gone has no profile

std::string profiles() {
  std::string rows;
  for (const char* name : {"ann", "bob", "cid", "dora"}) rows += sql(Agent{.name = name});
  for (const char* name : {"sue", "tom"}) rows += sql(Agent{.name = name, .role = "supervisor"});
  for (const auto& [head, member] : {std::pair("sue", "ann"), {"sue", "bob"}, {"tom", "bob"}, {"tom", "gone"}}) {
    rows += fmt::format("INSERT INTO team_members VALUES ('{}', '{}');\n", id(head), id(member));
  }
  return rows;
}

// Who asks, and whose rows count then; sue has rows of her own.
struct Asker {
  std::string name;
  Scope scope;
  Visible sees;
};

std::vector<Asker> askers(Crm crm) {
  const auto agent = [&](const std::string& name) { return Scope{Role::agent, id(crm, name)}; };
  const auto supervisor = [&](const std::string& name) { return Scope{Role::supervisor, id(crm, name)}; };
  std::vector<Asker> askers{{"owner", owner, {}},
                            {"sue", supervisor("sue"), std::set<std::string>{"sue", "ann", "bob"}},
                            {"tom", supervisor("tom"), std::set<std::string>{"tom", "bob", "gone"}},
                            {"stranger", agent("stranger"), std::set<std::string>{"stranger"}}};
  for (const std::string& name : people) askers.push_back({name, agent(name), std::set<std::string>{name}});
  return askers;
}

class KpiOfRandomRows : public ::testing::TestWithParam<std::tuple<Crm, unsigned>> {
 protected:
  const Crm kind_ = std::get<Crm>(GetParam());
  // Around the day on which Berlin's clock goes forward.
  const Instant middle_ = at("2026-03-29T12:00:00Z");
  std::mt19937 random_{std::get<unsigned>(GetParam())};
  const RandomCrm crm_ = random_crm(random_, middle_, {"ann", "bob", "cid", "dora", "gone", "sue", ""});
  const std::string rows_ = profiles() + sql(crm_);

  std::string filled() const {
    const std::string url = create_database(cluster(), kind_);
    execute(url, rows_);
    return url;
  }
  // Every number that this asker gets, and how many turns there were.
  static std::int64_t expect_equal(KpiHouse& house, const RandomCrm& crm, const Asker& asker, Instant as_of,
                                   const calendar::Zone& zone) {
    SCOPED_TRACE(fmt::format("{} in {} at {}", asker.name, zone.name(), to_iso(as_of)));
    const Counted counted = Oracle(crm, asker.sees).count(as_of, zone.last_days(as_of, 1));
    const KpiAnswer answer = house.ask(as_of, asker.scope, zone);
    const auto changed = [&](const char* field, const Change& change) {
      EXPECT_EQ(answer[field]["change"], change.percent) << field;
      EXPECT_EQ(answer[field]["trend"], to_string(change.trend)) << field;
    };
    EXPECT_EQ(answer["activeConversations"]["value"], counted.open);
    changed("activeConversations", change(counted.open, counted.open_before, 5.0));
    const auto& open = counted.tickets;
    const auto of = [&](const char* word) { return open.contains(word) ? open.at(word) : 0; };
    const std::int64_t all = of("low") + of("medium") + of("high") + of("urgent");
    EXPECT_EQ(answer["openTickets"]["value"], all);
    EXPECT_EQ(answer["openTickets"]["byPriority"],
              Json({{"high", of("high") + of("urgent")}, {"medium", of("medium")}, {"low", of("low")}}));
    changed("openTickets", change(all, counted.tickets_before, 5.0));
    const auto& [today, yesterday] = std::tie(counted.today, counted.yesterday);
    EXPECT_EQ(answer["messagesToday"]["value"], today.inbound + today.outbound);
    changed("messagesToday", change(today.inbound + today.outbound, yesterday.inbound + yesterday.outbound, 5.0));
    EXPECT_EQ(answer["whatsappDeliveryRate"]["value"], percentage({today.delivered, today.sent}, 100.0));
    changed("whatsappDeliveryRate", change(Ratio{today.delivered, today.delivered + today.failed},
                                           Ratio{yesterday.delivered, yesterday.delivered + yesterday.failed}, 5.0));
    const Mean mean{today.response_ms, today.turns};
    EXPECT_EQ(answer["avgResponseTime"]["value"], whole_seconds(mean));
    EXPECT_EQ(answer["avgResponseTime"]["slaStatus"], to_string(sla_status(mean, 300)));
    changed("avgResponseTime", change(mean, Mean{yesterday.response_ms, yesterday.turns}, 5.0));
    EXPECT_EQ(answer.samples.at("crm_messages_today inbound"), today.inbound);
    EXPECT_EQ(answer.samples.at("crm_messages_today outbound"), today.outbound);
    EXPECT_EQ(answer.samples.at("crm_outbound_today sent"), today.sent);
    EXPECT_EQ(answer.samples.at("crm_outbound_today delivered"), today.delivered);
    EXPECT_EQ(answer.samples.at("crm_outbound_today read"), today.read);
    EXPECT_EQ(answer.samples.at("crm_outbound_today failed"), today.failed);
    EXPECT_EQ(answer.samples.at("crm_answered_turns_today"), today.turns);
    EXPECT_DOUBLE_EQ(answer.samples.at("crm_answered_turns_response_seconds"),
                     static_cast<double>(today.response_ms) / 1000.0);
    return today.turns;
  }
  // What is left of the rows in this CRM.
  RandomCrm known() const { return kind_ == Crm::reference ? crm_ : without_delivery_instants(crm_); }
  Instant some_instant() {
    return middle_ - std::chrono::days(3) + std::chrono::milliseconds(random_() % (7 * 86'400'000U));
  }
};

TEST_P(KpiOfRandomRows, EqualsWhatBruteForceCounts) {
  KpiHouse house(filled());
  const RandomCrm crm = known();
  std::int64_t turns = 0;
  for (const char* name : {"UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"}) {
    const auto zone = calendar::Zone::load(name);
    for (int round = 0; round < 4; ++round) {
      // Some of the instants are a row's own, where every edge is at stake.
      const Instant as_of = round < 3 ? some_instant() : crm_.messages[random_() % crm_.messages.size()].created;
      for (const Asker& asker : askers(kind_)) turns += expect_equal(house, crm, asker, as_of, *zone);
    }
  }
  EXPECT_GT(turns, 100) << "the data say something";
}

TEST_P(KpiOfRandomRows, EqualsWhatBruteForceCountsFromStorageToo) {
  KpiHouse house(with_history(filled(), kind_));
  const RandomCrm crm = known();
  // Steps are taken in the order of time, each in another zone than the one before.
  std::vector<Instant> instants{some_instant(), some_instant(), some_instant()};
  std::sort(instants.begin(), instants.end());
  std::int64_t turns = 0;
  for (std::size_t i = 0; i < instants.size(); ++i) {
    const auto zone = calendar::Zone::load(i == 1 ? "Asia/Kolkata" : "Europe/Berlin");
    const std::size_t before = house.periods_read();
    house.store(instants[i], *zone);
    for (const Asker& asker : askers(kind_)) turns += expect_equal(house, crm, asker, instants[i], *zone);
    EXPECT_GT(house.periods_read(), before + 100);
  }
  EXPECT_GT(turns, 10) << "the data say something";
}

TEST_P(KpiOfRandomRows, NoAnswerDependsOnRowsThatTheAskerMayNotSee) {
  const auto berlin = calendar::Zone::load("Europe/Berlin");
  const std::vector<Instant> instants{some_instant(), some_instant(), middle_};
  for (const Asker& asker : askers(kind_)) {
    if (!asker.sees) continue;
    SCOPED_TRACE(asker.name);
    const std::string url = filled();
    KpiHouse house(url);
    const auto ask = [&] {
      std::vector<KpiAnswer> answers;
      for (const Instant as_of : instants) answers.push_back(house.ask(as_of, asker.scope, *berlin));
      return answers;
    };
    const std::vector<KpiAnswer> own = ask();
    const std::vector<KpiAnswer> everyones{house.ask(middle_, owner, *berlin)};
    std::string mine;
    for (const std::string& name : *asker.sees) mine += (mine.empty() ? "'" : ", '") + id(name) + "'";
    const std::string others = "coalesce(assigned_agent_id::text, '') NOT IN (" + mine + ")";
    const std::string messages_of_others =
        "conversation_id IS NULL OR conversation_id IN (SELECT id FROM conversations WHERE " + others + ")";
    execute(url, fmt::format("UPDATE messages SET created_at = created_at - interval '7 min', direction = 'outbound', "
                             "sender_type = 'agent', campaign_id = NULL, delivery_status = 'failed', delivered_at = "
                             "NULL, read_at = NULL WHERE {0};\n"
                             "UPDATE tickets SET priority = 'urgent', resolved_at = NULL WHERE {1};\n"
                             "UPDATE conversations SET resolved_at = NULL, escalated_at = created_at WHERE {1};\n",
                             messages_of_others, others));
    EXPECT_EQ(ask(), own) << "after all the others' rows changed";
    EXPECT_NE(house.ask(middle_, owner, *berlin), everyones.front()) << "the change is one that can be seen";
    execute(url, fmt::format("DELETE FROM messages WHERE {0}; DELETE FROM tickets WHERE {1}; DELETE FROM conversations "
                             "WHERE {1};",
                             messages_of_others, others));
    EXPECT_EQ(ask(), own) << "after all the others' rows were deleted";
  }
}

TEST_P(KpiOfRandomRows, AgentsAndUnassignedAddUpToTheWhole) {
  KpiHouse house(filled());
  const auto zone = calendar::Zone::load("UTC");
  const std::vector<std::string> additive{
      "crm_conversations_active",     "crm_tickets_open low",     "crm_tickets_open medium",
      "crm_tickets_open high",        "crm_tickets_open urgent",  "crm_messages_today inbound",
      "crm_messages_today outbound",  "crm_outbound_today sent",  "crm_outbound_today failed",
      "crm_outbound_today delivered", "crm_answered_turns_today", "crm_answered_turns_response_seconds"};
  RandomCrm unassigned = crm_;  // their rows, all in the hands of one who is asked for like any other
  for (auto& c : unassigned.conversations) c.agent = c.agent.empty() ? "nobody" : c.agent;
  for (auto& t : unassigned.tickets) t.agent = t.agent.empty() ? "nobody" : t.agent;
  for (auto& m : unassigned.messages) {
    if (m.conversation >= 0) continue;
    unassigned.conversations.push_back({.name = fmt::format("of message {}", m.number),
                                        .agent = "nobody",
                                        .created = middle_ + std::chrono::days(30),
                                        .resolved = {},
                                        .escalated = {}});
    m.conversation = static_cast<int>(unassigned.conversations.size()) - 1;
  }
  const std::string other = create_database(cluster(), kind_);
  execute(other, profiles() + sql(unassigned));
  KpiHouse with_nobody(other);
  for (int round = 0; round < 3; ++round) {
    const Instant as_of = some_instant();
    KpiAnswer total = house.ask(as_of, owner, *zone);
    std::map<std::string, double> sum = with_nobody.ask(as_of, {Role::agent, id(kind_, "nobody")}, *zone).samples;
    for (const char* name : {"ann", "bob", "cid", "dora", "gone", "sue"}) {
      const KpiAnswer one = house.ask(as_of, {Role::agent, id(kind_, name)}, *zone);
      for (const std::string& sample : additive) sum[sample] += one.samples.at(sample);
    }
    for (const std::string& sample : additive) {
      EXPECT_NEAR(sum[sample], total.samples.at(sample), 1e-6) << sample << " at " << to_iso(as_of);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, KpiOfRandomRows,
                         ::testing::Combine(::testing::Values(Crm::reference, Crm::other),
                                            ::testing::Values(1U, 20260329U)),
                         [](const auto& seed) {
                           return fmt::format("{}{}", to_string(std::get<Crm>(seed.param)),
                                              std::get<unsigned>(seed.param));
                         });

}  // namespace
