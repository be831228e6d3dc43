// agent-productivity over a real PostgreSQL: hand-counted for every window and role, then against an oracle on random
// rows. Unless a test says otherwise it is Tuesday, 10 March 2026, 12:00 UTC.

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent_productivity_oracle.h"
#include "calendar/zone.h"
#include "crm_fixture.h"
#include "history.h"
#include "section_house.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const Instant noon = at("2026-03-10T12:00:00Z");

Json workload(int balanced, int overloaded, int underutilized) {
  return {{"balanced", balanced}, {"overloaded", overloaded}, {"underutilized", underutilized}};
}

class AgentProductivity : public OnEveryCrm {
 protected:
  // ann and bob are sue's, cid is nobody's, tom leads nobody; ina is not active any more, max is the owner.
  void given_a_team() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob", .supervisor = "sue"}, Agent{.name = "cid"},
          Agent{.name = "sue", .role = "supervisor"}, Agent{.name = "tom", .role = "supervisor"}, Agent{.name = "ina"},
          Agent{.name = "max", .role = "owner"});
    execute(url_, "UPDATE profiles SET is_active = false WHERE id = '" + id("ina") + "'");
  }
  void given_a_day() {
    given_a_team();
    given(Conversation{.name = "a1", .agent = "ann", .created = "2026-03-10 08:00", .resolved = "2026-03-10 09:00"},
          Conversation{.name = "a2", .agent = "ann", .created = "2026-03-10 09:00"},
          Conversation{.name = "a3", .agent = "ann", .created = "2026-03-09 10:00", .resolved = "2026-03-10 10:00"},
          Conversation{.name = "b1", .agent = "bob", .created = "2026-03-10 10:00", .resolved = "2026-03-10 10:10"},
          Conversation{.name = "n1", .created = "2026-03-10 10:00", .resolved = "2026-03-10 11:00"},
          // of those who are not listed: a profile that is gone, one that is not active, an owner's
          Conversation{.name = "g1", .agent = "gone", .created = "2026-03-10 10:00"},
          Conversation{.name = "i1", .agent = "ina", .created = "2026-03-10 10:00"},
          Conversation{.name = "m1", .agent = "max", .created = "2026-03-10 10:00"},
          Span{.agent = "ann", .status = "online", .from = "2026-03-10 08:00", .to = "2026-03-10 10:00"},
          Span{.agent = "ann", .status = "away", .from = "2026-03-10 10:00", .to = "2026-03-10 10:15"},
          Span{.agent = "ann", .status = "online", .from = "2026-03-10 10:15"},
          Span{.agent = "bob", .status = "away", .from = "2026-03-10 11:30"},
          Span{.agent = "cid", .status = "online", .from = "2026-03-10 07:00", .to = "2026-03-10 09:00"},
          Span{.agent = "tom", .status = "offline", .from = "2026-03-10 08:00"},
          Span{.agent = "gone", .status = "online", .from = "2026-03-10 08:00"});
  }
  void span(const std::string& status, const std::string& from, const std::string& to = "",
            const std::string& who = "ann") {
    given(Span{.agent = who, .status = status, .from = from, .to = to});
  }
  void open_conversations(const std::string& who, int count) {
    std::string all;
    for (int i = 0; i < count; ++i) {
      all += sql(Conversation{.name = fmt::format("{} {}", who, i), .agent = who, .created = "2026-03-01 09:00"});
    }
    execute(url_, all);
  }

  SectionAnswer ask(const Scope& scope = Scope::everyone()) const {
    return ask(utc_calendar().last_days(noon, 1), scope);
  }
  SectionAnswer ask(const Period& period, const Scope& scope = Scope::everyone(), Instant as_of = noon) const {
    return SectionHouse(url_, settings_).ask({as_of, period, scope});
  }
  static Period from_to(const std::string& from, const std::string& to) {
    const Window window{at(from), at(to)};
    return {window, {window.from - window.length(), window.from}};
  }
  static std::vector<std::string> names(const SectionAnswer& answer) {
    std::vector<std::string> all;
    for (const Json& row : answer["agentMetrics"]) all.push_back(row.at("agentName").get<std::string>());
    return all;
  }
  static Json row(const SectionAnswer& answer, const std::string& name) {
    for (const Json& found : answer["agentMetrics"]) {
      if (found.at("agentName").get<std::string>() == name) return found;
    }
    ADD_FAILURE() << name << " is not listed";
    return {};
  }
  // Seconds online and away.
  static std::pair<int, int> times(const SectionAnswer& answer, const std::string& name = "ann") {
    const Json found = row(answer, name);
    return {found.at("activeTime").get<int>(), found.at("idleTime").get<int>()};
  }

  Settings settings_;
};
CRM_ON_EVERY_CRM(AgentProductivity);

TEST_P(AgentProductivity, ListsEveryActiveAgentAndSupervisorByChatsThenByName) {
  given_a_day();
  const SectionAnswer answer = ask();
  EXPECT_THAT(names(answer), ElementsAre("ann", "bob", "cid", "sue", "tom"));
  // a1 and a2 created today, a1 resolved; online 2 h + 1 h 45 min; (1 h of a1 + 24 h of a3) ÷ 2; online since 10:15
  EXPECT_EQ(answer["agentMetrics"][0], Json({{"agentId", id_of("ann")},
                                             {"agentName", "ann"},
                                             {"chatsHandled", 2},
                                             {"resolutionRate", 50.0},
                                             {"idleTime", 900},
                                             {"activeTime", 13'500},
                                             {"avgHandlingTime", 45'000},
                                             {"status", "online"},
                                             {"statusDuration", 6'300}}));
  EXPECT_EQ(answer["agentMetrics"][1].dump(),
            R"({"agentId":")" + id_of("bob") +
                R"(","agentName":"bob","chatsHandled":1,"resolutionRate":100.0,"idleTime":1800,)"
                R"("activeTime":0,"avgHandlingTime":600,"status":"away","statusDuration":1800})");
  EXPECT_EQ(answer["agentMetrics"][2].dump(),
            R"({"agentId":")" + id_of("cid") +
                R"(","agentName":"cid","chatsHandled":0,"resolutionRate":0.0,"idleTime":0,)"
                R"("activeTime":7200,"avgHandlingTime":0,"status":"offline","statusDuration":10800})")
      << "since 09:00, when the last span ended";
  EXPECT_EQ(row(answer, "sue").at("status"), "offline");
  EXPECT_EQ(row(answer, "sue").at("statusDuration"), 0) << "there never was a span";
  EXPECT_EQ(row(answer, "tom").at("status"), "offline");
  EXPECT_EQ(row(answer, "tom").at("statusDuration"), 14'400) << "said so at 08:00";
}

TEST_P(AgentProductivity, ShowsEachRoleWhatIsItsOwn) {
  given_a_day();
  EXPECT_THAT(names(ask(supervisor("sue"))), ElementsAre("ann", "bob", "sue"));
  EXPECT_EQ(row(ask(supervisor("sue")), "ann"), row(ask(), "ann"));
  EXPECT_THAT(names(ask(agent("bob"))), ElementsAre("bob"));
  EXPECT_THAT(names(ask(supervisor("tom"))), ElementsAre("tom")) << "a team of nobody";
  EXPECT_EQ(ask(Scope{Role::admin, id_of("somebody")}).document, ask().document);
  for (const char* who : {"gone", "ina", "max", "nobody"}) {
    EXPECT_EQ(ask(agent(who)).document.dump(),
              R"({"agentMetrics":[],"workloadDistribution":{"balanced":0,"overloaded":0,"underutilized":0}})")
        << who;
  }
}

TEST_P(AgentProductivity, CountsWhatLiesInTheWindow) {
  given_a_day();
  const Json yesterday = row(ask(from_to("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z")), "ann");
  EXPECT_EQ(yesterday.at("chatsHandled"), 1) << "a3";
  EXPECT_EQ(yesterday.at("resolutionRate"), 100.0) << "resolved by now";
  EXPECT_EQ(yesterday.at("avgHandlingTime"), 0) << "nothing was resolved yesterday";
  EXPECT_EQ(yesterday.at("activeTime"), 0);
  EXPECT_EQ(yesterday.at("status"), "online") << "that is always now";
  const Json week = row(ask(utc_calendar().last_days(noon, 7)), "ann");
  EXPECT_EQ(week.at("chatsHandled"), 3);
  EXPECT_EQ(week.at("resolutionRate"), 66.7);
  EXPECT_EQ(week.at("avgHandlingTime"), 45'000);
  const SectionAnswer instants = ask(from_to("2026-03-10T09:30:00Z", "2026-03-10T10:05:00Z"));
  EXPECT_EQ(times(instants), std::pair(1'800, 300)) << "clipped on both sides";
  EXPECT_EQ(row(instants, "ann").at("avgHandlingTime"), 86'400) << "a3 alone";
  EXPECT_EQ(row(instants, "bob").at("chatsHandled"), 1);
  EXPECT_EQ(names(instants).front(), "bob") << "by the chats of the window";
}

TEST_P(AgentProductivity, ReopenedAndReassignedConversationsCountAsTheyAreNow) {
  given_a_day();
  execute(url_, "UPDATE conversations SET resolved_at = NULL, status = 'open' WHERE id = '" + id("a1") + "'");
  execute(url_, "UPDATE conversations SET assigned_agent_id = '" + id("cid") + "' WHERE id = '" + id("b1") + "'");
  const SectionAnswer answer = ask();
  EXPECT_EQ(row(answer, "ann").at("resolutionRate"), 0.0);
  EXPECT_EQ(row(answer, "ann").at("avgHandlingTime"), 86'400) << "a3 alone";
  EXPECT_EQ(row(answer, "bob").at("chatsHandled"), 0);
  EXPECT_EQ(row(answer, "cid").at("avgHandlingTime"), 600);
}

TEST_P(AgentProductivity, OfSpansThatOverlapTheOneThatBeganLastTells) {
  given_a_team();
  span("online", "2026-03-10 08:00");
  span("away", "2026-03-10 09:00", "2026-03-10 10:00");
  span("online", "2026-03-10 09:30", "2026-03-10 09:40");
  span("offline", "2026-03-10 11:00", "2026-03-10 11:15");
  // online 8:00-9:00, 9:30-9:40, 10:00-11:00 and 11:15-12:00 = 175 min; away 9:00-9:30 and 9:40-10:00 = 50 min
  const SectionAnswer answer = ask();
  EXPECT_EQ(times(answer), std::pair(175 * 60, 50 * 60));
  EXPECT_EQ(row(answer, "ann").at("status"), "online") << "the only one that is open";
  EXPECT_EQ(row(answer, "ann").at("statusDuration"), 4 * 3'600);
  span("away", "2026-03-10 11:50");
  EXPECT_EQ(row(ask(), "ann").at("status"), "away") << "the latest of two that are open";
  EXPECT_EQ(row(ask(), "ann").at("statusDuration"), 600);
  EXPECT_EQ(times(ask()), std::pair(165 * 60, 60 * 60));
}

// Whatever tells of two that begin at once, it tells the same of now and of the time.
TEST_P(AgentProductivity, OfSpansThatBeginAtOnceStatusAndTimesSayTheSame) {
  given_a_team();
  span("away", "2026-03-10 09:00");
  span("online", "2026-03-10 09:00");
  const SectionAnswer answer = ask();
  const bool online = row(answer, "ann").at("status").get<std::string>() == "online";
  EXPECT_EQ(times(answer), online ? std::pair(10'800, 0) : std::pair(0, 10'800)) << row(answer, "ann").dump();
}

TEST_P(AgentProductivity, AForgottenSpanIsADaysWorkAtMost) {
  given_a_team();
  span("online", "2026-03-08 06:00");
  EXPECT_EQ(times(ask()), std::pair(0, 0)) << "it told until 06:00 of yesterday";
  EXPECT_EQ(times(ask(from_to("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"))), std::pair(6 * 3'600, 0));
  EXPECT_EQ(times(ask(utc_calendar().last_days(noon, 7))), std::pair(24 * 3'600, 0));
  EXPECT_EQ(row(ask(), "ann").at("status"), "online") << "it is open still";
  EXPECT_EQ(row(ask(), "ann").at("statusDuration"), 54 * 3'600);
  settings_.agents.max_span = std::chrono::hours(8);
  EXPECT_EQ(times(ask(utc_calendar().last_days(noon, 7))), std::pair(8 * 3'600, 0));
}

TEST_P(AgentProductivity, ADayInBerlinHasTwentyThreeHoursOrTwentyFive) {
  given_a_team();
  const auto berlin = calendar::Zone::load("Europe/Berlin");
  for (const auto& [from, to] : {std::pair("2026-03-28 20:00", "2026-03-29 10:00"),
                                 {"2026-03-29 10:00", "2026-03-30 03:00"},
                                 {"2026-10-24 20:00", "2026-10-25 10:00"},
                                 {"2026-10-25 10:00", "2026-10-26 03:00"}}) {
    span("online", from, to);
  }
  const auto until_midnight = [&](const char* midnight) {
    const Instant end = at(midnight);
    const Window window{berlin->shift_days(end, -1), end};
    return ask({window, {berlin->shift_days(end, -2), window.from}}, Scope::everyone(), end + std::chrono::hours(9));
  };
  EXPECT_EQ(times(until_midnight("2026-03-29T22:00:00Z")), std::pair(23 * 3'600, 0));
  EXPECT_EQ(times(until_midnight("2026-10-25T23:00:00Z")), std::pair(25 * 3'600, 0));
}

TEST_P(AgentProductivity, HoldsOpenConversationsAgainstTheMeanOfThoseWhoAreThere) {
  given_a_team();
  for (const char* who : {"ann", "bob", "cid"}) span("online", "2026-03-10 08:00", "", who);
  span("away", "2026-03-10 08:00", "", "sue");
  open_conversations("ann", 13);
  open_conversations("bob", 7);
  open_conversations("cid", 10);
  open_conversations("sue", 10);
  open_conversations("tom", 99);  // is not there
  // mean 40 ÷ 4 = 10, band 7 to 13
  EXPECT_EQ(ask()["workloadDistribution"], workload(4, 0, 0)) << "at 30 % still balanced";
  settings_.agents.workload_band = 29.9;
  EXPECT_EQ(ask()["workloadDistribution"], workload(2, 1, 1));
  // sue's team: 13, 7 and 10, mean 10; bob's own mean is 7
  EXPECT_EQ(ask(supervisor("sue"))["workloadDistribution"], workload(1, 1, 1));
  EXPECT_EQ(ask(agent("bob"))["workloadDistribution"], workload(1, 0, 0));
  EXPECT_EQ(ask(supervisor("tom"))["workloadDistribution"], workload(0, 0, 0));
}

TEST_P(AgentProductivity, IsBalancedWhereNobodyHasAnything) {
  given_a_team();
  span("online", "2026-03-10 08:00");
  span("away", "2026-03-10 08:00", "", "bob");
  EXPECT_EQ(ask()["workloadDistribution"], workload(2, 0, 0));
}

TEST_P(AgentProductivity, CountsEventsOfPrometheusFromItsFirstRunOn) {
  given_a_day();
  SectionHouse house(url_);
  const auto sample = [&](const char* time) {
    const Instant as_of = at(time);
    return house.sample({as_of, utc_calendar().last_days(as_of, 1)}).samples;
  };
  const auto of = [](const char* family, const std::string& who) { return fmt::format("{} {}", family, id_of(who)); };
  const auto before = sample("2026-03-10T12:00:00Z");
  for (const char* who : {"ann", "bob", "cid", "sue", "tom"}) {
    EXPECT_EQ(before.at(of("crm_agent_chats_total", who)), 0) << who;
    EXPECT_EQ(before.at(of("crm_agent_online_seconds_total", who)), 0) << who;
    EXPECT_EQ(before.at(of("crm_agent_away_seconds_total", who)), 0) << who;
    EXPECT_EQ(before.at(of("crm_agent_handling_seconds", who)), 0) << who;
    EXPECT_TRUE(before.contains(of("crm_agent_info", who) + " " + who));
    EXPECT_TRUE(before.contains(of("crm_agent_status", who)));
  }
  EXPECT_EQ(before.at(of("crm_agent_open_conversations", "ann")), 1) << "a2";
  EXPECT_EQ(before.at(of("crm_agent_open_conversations", "sue")), 0);
  EXPECT_EQ(before.at(of("crm_agent_open_conversations", "gone")), 1) << "nobody else sees them";
  EXPECT_FALSE(before.contains(of("crm_agent_status", "gone")));
  // ann has 1, bob none: the mean is a half
  EXPECT_EQ(before.at("crm_workload_agents balanced"), 0);
  EXPECT_EQ(before.at("crm_workload_agents overloaded"), 1);
  EXPECT_EQ(before.at("crm_workload_agents underutilized"), 1);
  given(Conversation{.name = "a4", .agent = "ann", .created = "2026-03-10 12:05", .resolved = "2026-03-10 12:06"});
  const auto after = sample("2026-03-10T12:30:00Z");
  EXPECT_EQ(after.at(of("crm_agent_chats_total", "ann")), 1);
  EXPECT_EQ(after.at(of("crm_agent_handling_seconds", "ann")), 60);
  EXPECT_EQ(after.at(of("crm_agent_online_seconds_total", "ann")), 1'800) << "12:00 to 12:30";
  EXPECT_EQ(after.at(of("crm_agent_away_seconds_total", "bob")), 1'800);
  EXPECT_EQ(after.at(of("crm_agent_online_seconds_total", "gone")), 1'800);
  EXPECT_EQ(after.at(of("crm_agent_chats_total", "bob")), 0);
}

TEST_P(AgentProductivity, WithoutPresenceKnowsChatsStill) {
  given_a_day();
  execute(url_, "DROP VIEW crm_source.agent_status");
  const SectionAnswer answer = SectionHouse(url_).sample({noon, utc_calendar().last_days(noon, 1)});
  EXPECT_EQ(row(answer, "ann").at("chatsHandled"), 2);
  EXPECT_EQ(times(answer), std::pair(0, 0));
  EXPECT_EQ(row(answer, "ann").at("status"), "offline");
  EXPECT_EQ(row(answer, "ann").at("statusDuration"), 0);
  EXPECT_EQ(answer["workloadDistribution"], workload(0, 0, 0));
  for (const auto& [name, value] : answer.samples) {
    EXPECT_FALSE(name.starts_with("crm_agent_online") || name.starts_with("crm_agent_away") ||
                 name.starts_with("crm_agent_status") || name.starts_with("crm_workload"))
        << name << " " << value;
  }
  EXPECT_TRUE(answer.samples.contains("crm_agent_chats_total " + id_of("ann")));
}

TEST_P(AgentProductivity, WithoutConversationsKnowsPresenceStill) {
  given_a_day();
  execute(url_, "DROP VIEW crm_source.conversations");
  const SectionAnswer answer = SectionHouse(url_).sample({noon, utc_calendar().last_days(noon, 1)});
  EXPECT_THAT(names(answer), ElementsAre("ann", "bob", "cid", "sue", "tom")) << "by name";
  EXPECT_EQ(times(answer), std::pair(13'500, 900));
  EXPECT_EQ(row(answer, "ann").at("chatsHandled"), 0);
  for (const auto& [name, value] : answer.samples) {
    EXPECT_FALSE(name.starts_with("crm_agent_chats") || name.starts_with("crm_agent_open") ||
                 name.starts_with("crm_agent_handling") || name.starts_with("crm_workload"))
        << name << " " << value;
  }
  EXPECT_TRUE(answer.samples.contains("crm_agent_online_seconds_total " + id_of("ann")));
}

TEST_P(AgentProductivity, WithoutProfilesListsNobody) {
  given_a_day();
  execute(url_, "DROP VIEW crm_source.agents");
  const SectionAnswer answer = ask();
  EXPECT_THAT(names(answer), IsEmpty());
  EXPECT_EQ(answer["workloadDistribution"], workload(0, 0, 0));
}

// Every number against a brute-force oracle that reads the same random rows one by one, in C++.
TEST_P(AgentProductivity, AgreesWithTheOracleOnRandomRowsForEveryScopeAndWindow) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
    RandomWork random(GetParam(), seed, noon);
    execute(url, random.sql());
    SectionHouse house(url);
    for (const bool stored : {false, true}) {
      if (stored) house.store(noon, *calendar::Zone::load("UTC"));
      for (const Scope& scope : random.scopes()) {
        for (const Period& period : random.periods(8)) {
          const SectionQuestion question{noon, period, scope};
          EXPECT_EQ(house.ask(question).document, random.expected(question))
              << "seed " << seed << ", " << scope.key() << ", " << to_iso(period.window.from) << " to "
              << to_iso(period.window.to) << (stored ? ", from storage" : "");
        }
      }
      EXPECT_EQ(house.periods_read() > 100, stored);
    }
  }
}

}  // namespace
