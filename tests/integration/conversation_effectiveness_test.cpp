// conversation-effectiveness over a real PostgreSQL: hand-counted for every window and role, then against an oracle on
// random rows.

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/zone.h"
#include "conversation_oracle.h"
#include "crm_fixture.h"
#include "history.h"
#include "section_house.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Tuesday 10 March 2026, 12:00 UTC.
const Instant noon = at("2026-03-10T12:00:00Z");

class ConversationEffectiveness : public OnEveryCrm {
 protected:
  // ann and bob are sue's, cid is nobody's.
  void given_a_day() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob", .supervisor = "sue"}, Agent{.name = "cid"},
          Agent{.name = "sue", .role = "supervisor"},
          // ann: 2 today; waits of 60 s and 30 s, then one of 600 s for which the customer waited too long
          Conversation{.name = "a1", .agent = "ann", .created = "2026-03-10 08:00", .resolved = "2026-03-10 09:00"},
          Message{.conversation = "a1", .sender = "customer", .at = "2026-03-10 08:00"},
          Message{.conversation = "a1", .sender = "agent", .at = "2026-03-10 08:01"},
          Message{.conversation = "a1", .sender = "customer", .at = "2026-03-10 08:30"},
          Message{.conversation = "a1", .sender = "agent", .at = "2026-03-10 08:30:30"},
          Conversation{.name = "a2", .agent = "ann", .created = "2026-03-10 09:00"},
          Message{.conversation = "a2", .sender = "customer", .at = "2026-03-10 09:00"},
          Message{.conversation = "a2", .sender = "agent", .at = "2026-03-10 09:10"},
          // bob: 1 today, not answered yet; 1 last week, answered in 10 s
          Conversation{.name = "b1", .agent = "bob", .created = "2026-03-10 11:59"},
          Message{.conversation = "b1", .sender = "customer", .at = "2026-03-10 11:59"},
          Conversation{.name = "b2", .agent = "bob", .created = "2026-03-05 10:00", .resolved = "2026-03-05 11:00"},
          Message{.conversation = "b2", .sender = "customer", .at = "2026-03-05 10:00"},
          Message{.conversation = "b2", .sender = "agent", .at = "2026-03-05 10:00:10"},
          // cid: one that was never answered
          Conversation{.name = "c1", .agent = "cid", .created = "2026-03-10 07:00"},
          Message{.conversation = "c1", .sender = "customer", .at = "2026-03-10 07:00"},
          // nobody's: the bot handles it
          Conversation{.name = "n1", .created = "2026-03-10 10:00"},
          Message{.conversation = "n1", .sender = "customer", .at = "2026-03-10 10:00"},
          Message{.conversation = "n1", .sender = "bot", .at = "2026-03-10 10:00:03"},
          // yesterday, late in the evening
          Conversation{.name = "y1", .agent = "ann", .created = "2026-03-09 23:00"},
          Message{.conversation = "y1", .sender = "customer", .at = "2026-03-09 23:00"},
          Message{.conversation = "y1", .sender = "agent", .at = "2026-03-10 00:00:20"});
  }

  SectionAnswer ask(const Scope& scope = Scope::everyone(), int days = 1) const {
    return SectionHouse(url_).ask({noon, utc_calendar().last_days(noon, days), scope});
  }
  Json agent_row(const std::string& name, int count, int seconds) {
    return {{"agentId", id_of(name)}, {"agentName", name}, {"count", count}, {"avgResponseTime", seconds}};
  }
};
CRM_ON_EVERY_CRM(ConversationEffectiveness);

TEST_P(ConversationEffectiveness, CountsTodayForTheOwner) {
  given_a_day();
  const SectionAnswer today = ask();
  // ann answered 60 s, 30 s, 600 s and, just after midnight, 3620 s of yesterday's: 4310 s ÷ 4 = 1077.5
  EXPECT_EQ(today["conversationsPerAgent"],
            Json::array({agent_row("ann", 2, 1'078), agent_row("bob", 1, 0), agent_row("cid", 1, 0)}));
  EXPECT_EQ(today["avgResponseTimeOverTime"].dump(), R"([{"timestamp":"2026-03-10T00:00:00+00:00","avgSeconds":3620},)"
                                                     R"({"timestamp":"2026-03-10T08:00:00+00:00","avgSeconds":45},)"
                                                     R"({"timestamp":"2026-03-10T09:00:00+00:00","avgSeconds":600}])");
  // a1 in time; a2 late, c1 never; b1 inside the target, n1 with the bot: neither. 1 ÷ 3
  EXPECT_EQ(today["slaCompliance"].dump(), R"({"percentage":33.3,"compliant":1,"nonCompliant":2})");
  // a1, a2, b1, c1, n1 created; a1 resolved
  EXPECT_EQ(today["resolvedVsOpen"].dump(), R"({"resolved":1,"open":4,"percentage":20.0})");
}

TEST_P(ConversationEffectiveness, CountsAWeekByDay) {
  given_a_day();
  const SectionAnswer week = ask(Scope::everyone(), 7);
  EXPECT_EQ(week["conversationsPerAgent"],
            Json::array({agent_row("ann", 3, 1'078), agent_row("bob", 2, 10), agent_row("cid", 1, 0)}));
  EXPECT_EQ(week["avgResponseTimeOverTime"].dump(), R"([{"timestamp":"2026-03-05T00:00:00+00:00","avgSeconds":10},)"
                                                    R"({"timestamp":"2026-03-10T00:00:00+00:00","avgSeconds":1078}])");
  EXPECT_EQ(week["slaCompliance"].dump(), R"({"percentage":40.0,"compliant":2,"nonCompliant":3})");
  EXPECT_EQ(week["resolvedVsOpen"].dump(), R"({"resolved":2,"open":5,"percentage":28.6})");
}

TEST_P(ConversationEffectiveness, ShowsEachRoleWhatIsItsOwn) {
  given_a_day();
  const SectionAnswer ann = ask(agent("ann"));
  EXPECT_EQ(ann["conversationsPerAgent"], Json::array({agent_row("ann", 2, 1'078)}));
  EXPECT_EQ(ann["slaCompliance"].dump(), R"({"percentage":50.0,"compliant":1,"nonCompliant":1})");
  const SectionAnswer sue = ask(supervisor("sue"));
  EXPECT_EQ(sue["conversationsPerAgent"], Json::array({agent_row("ann", 2, 1'078), agent_row("bob", 1, 0)}));
  EXPECT_EQ(sue["resolvedVsOpen"].dump(), R"({"resolved":1,"open":2,"percentage":33.3})");
  const SectionAnswer admin = ask({Role::admin, id("somebody")});
  EXPECT_EQ(admin.document, ask().document);
  EXPECT_EQ(ask(agent("nobody")).document.dump(),
            R"({"conversationsPerAgent":[],"avgResponseTimeOverTime":[],)"
            R"("slaCompliance":{"percentage":100.0,"compliant":0,"nonCompliant":0},)"
            R"("resolvedVsOpen":{"resolved":0,"open":0,"percentage":0.0}})");
}

TEST_P(ConversationEffectiveness, CountsEventsOfPrometheusFromItsFirstRunOn) {
  given_a_day();
  SectionHouse house(url_);
  const auto sample = [&](const char* time) {
    const Instant as_of = at(time);
    return house.sample({as_of, utc_calendar().last_days(as_of, 1)}).samples;
  };
  const auto before = sample("2026-03-10T12:00:00Z");
  EXPECT_EQ(before.at("crm_conversations_created_total"), 0);
  EXPECT_EQ(before.at("crm_sla_waiting in_time"), 1) << "b1";
  EXPECT_EQ(before.at("crm_sla_waiting overdue"), 1) << "c1; n1 is the bot's";
  given(Message{.conversation = "b1", .sender = "agent", .at = "2026-03-10 12:00:10"},
        Conversation{.name = "b3", .agent = "bob", .created = "2026-03-10 12:01"},
        Message{.conversation = "b3", .sender = "customer", .at = "2026-03-10 12:01"});
  execute(url_, "UPDATE conversations SET resolved_at = '2026-03-10 12:02' WHERE id = '" + id("a2") + "'");
  const auto after = sample("2026-03-10T12:03:00Z");
  EXPECT_EQ(after.at("crm_conversations_created_total"), 1);
  EXPECT_EQ(after.at("crm_conversations_resolved_total"), 1);
  EXPECT_EQ(after.at("crm_resolution_seconds"), 3 * 3'600 + 120) << "09:00 to 12:02";
  EXPECT_EQ(after.at("crm_first_response_seconds"), 70) << "11:59:00 to 12:00:10";
  EXPECT_EQ(after.at("crm_response_seconds"), 70);
  EXPECT_EQ(after.at("crm_sla_conversations_total compliant"), 1) << "b1";
  EXPECT_EQ(after.at("crm_sla_conversations_total breached"), 0);
  EXPECT_EQ(sample("2026-03-10T12:06:01Z").at("crm_sla_conversations_total breached"), 1) << "b3's 300 s have passed";
}

TEST_P(ConversationEffectiveness, BucketsAreThoseOfTheBusinessZone) {
  given_a_day();
  const auto zone = calendar::Zone::load("Asia/Kolkata");  // +05:30
  const auto answer = SectionHouse(url_).ask({noon, zone->last_days(noon, 1), Scope::everyone(), {}, zone.get()});
  // 12:00 UTC is 17:30; the day began on the 9th at 18:30 UTC. Replies at 00:00:20, 08:01, 08:30:30, 09:10 UTC.
  std::vector<std::string> hours;
  for (const Json& bucket : answer["avgResponseTimeOverTime"]) hours.push_back(bucket["timestamp"]);
  EXPECT_THAT(hours,
              ElementsAre("2026-03-10T05:00:00+05:30", "2026-03-10T13:00:00+05:30", "2026-03-10T14:00:00+05:30"));
}

// Every number against a brute-force oracle that reads the same random rows one by one, in C++.
TEST_P(ConversationEffectiveness, AgreesWithTheOracleOnRandomRowsForEveryScopeAndWindow) {
  for (unsigned seed = 1; seed <= 3; ++seed) {
    const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
    const RandomConversations random(GetParam(), seed, noon);
    execute(url, random.sql());
    SectionHouse house(url);
    for (const bool stored : {false, true}) {
      if (stored) house.store(noon, *calendar::Zone::load("UTC"));
      for (const Scope& scope : random.scopes()) {
        for (const Window& window : random.windows(8)) {
          const SectionQuestion question{noon, {window, window}, scope};
          EXPECT_EQ(house.ask(question).document, random.expected(question))
              << "seed " << seed << ", " << scope.key() << ", " << to_iso(window.from) << " to " << to_iso(window.to)
              << (stored ? ", from storage" : "");
        }
      }
      EXPECT_EQ(house.periods_read() > 100, stored);
    }
  }
}

// No answer for an agent depends on another's rows, or shows anything of him.
TEST_P(ConversationEffectiveness, AnAgentsAnswerDoesNotDependOnAnothersRows) {
  const RandomConversations random(GetParam(), 7, noon);
  execute(url_, random.sql());
  SectionHouse house(url_);
  const SectionQuestion ann{noon, utc_calendar().last_days(noon, 7), agent("ann")};
  const Json before = house.ask(ann).document;
  EXPECT_GT(before["resolvedVsOpen"]["open"], 0) << "the data say something";
  execute(url_,
          fmt::format("UPDATE messages SET created_at = created_at + interval '3 min', sender_type = 'agent' WHERE "
                      "conversation_id IN (SELECT id FROM conversations WHERE assigned_agent_id IS DISTINCT FROM "
                      "'{0}'); UPDATE conversations SET resolved_at = created_at, escalated_at = NULL WHERE "
                      "assigned_agent_id IS DISTINCT FROM '{0}'; UPDATE profiles SET full_name = 'changed' WHERE "
                      "id <> '{0}'",
                      id("ann")));
  EXPECT_EQ(house.ask(ann).document, before);
  for (const char* other : {"bob", "cid", "sue"}) {
    EXPECT_THAT(before.dump(), ::testing::Not(HasSubstr("\"" + id_of(other) + "\"")));
  }
}

}  // namespace
