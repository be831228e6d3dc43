// customer-load over a real PostgreSQL: hand-counted for every window and role, then against an oracle on random rows.
// Unless a test says otherwise it is Tuesday, 10 March 2026, 12:30 UTC.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "calendar/zone.h"
#include "crm_fixture.h"
#include "customer_load_oracle.h"
#include "history.h"
#include "section_house.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const Instant now = at("2026-03-10T12:30:00Z");

// Those hours of a list that have some, by the beginning of their name.
std::map<std::string, int> busy_hours(const Json& list) {
  std::map<std::string, int> busy;
  for (const Json& hour : list) {
    const int count = hour.at("count").get<int>();
    if (count > 0) busy[hour.at("hour").get<std::string>()] = count;
  }
  return busy;
}
// Those cells of the heatmap that have some, by day and hour.
std::map<std::pair<int, int>, int> busy_cells(const Json& heatmap) {
  std::map<std::pair<int, int>, int> busy;
  EXPECT_EQ(heatmap.size(), 168U);
  for (const Json& cell : heatmap) {
    const int count = cell.at("count").get<int>();
    if (count > 0) busy[{cell.at("dayOfWeek").get<int>(), cell.at("hour").get<int>()}] = count;
  }
  return busy;
}
Json customers(int first, int returning) {
  return {{"new", first}, {"returning", returning}};
}
Json waits(int peak, int off_peak) {
  return {{"peak", peak}, {"offPeak", off_peak}};
}

class CustomerLoad : public OnEveryCrm {
 protected:
  // ann and bob are sue's, cid is nobody's, tom leads nobody; gone has no profile any more.
  void given_a_day() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob", .supervisor = "sue"}, Agent{.name = "cid"},
          Agent{.name = "sue", .role = "supervisor"}, Agent{.name = "tom", .role = "supervisor"});
    chat("b0", "bob", "kim", "2026-03-01 10:00");  // a Sunday
    chat("y1", "cid", "max", "2026-03-09 13:15");
    chat("a1", "ann", "eva", "2026-03-10 08:05");
    chat("a2", "ann", "tim", "2026-03-10 08:40");
    chat("b1", "bob", "eva", "2026-03-10 09:10");  // she comes again, to another
    chat("n1", "", "", "2026-03-10 10:00");        // of no contact, and nobody's
    chat("b2", "bob", "kim", "2026-03-10 11:20");
    chat("g1", "gone", "lea", "2026-03-10 11:30");
    chat("late", "ann", "zoe", "2026-03-10 12:30");  // this instant is not in any window yet
  }
  void chat(const std::string& name, const std::string& agent, const std::string& contact, const std::string& time) {
    given(Conversation{.name = name, .agent = agent, .created = time, .contact = contact});
  }
  void answered(const std::string& name, const std::string& asked, const std::string& reply) {
    given(Message{.conversation = name, .sender = "customer", .at = asked},
          Message{.conversation = name, .sender = "agent", .at = reply});
  }

  // No window named.
  SectionAnswer ask(const Scope& scope = Scope::everyone()) const {
    return SectionHouse(url_, settings_).ask(by_default(scope));
  }
  static SectionQuestion by_default(const Scope& scope = Scope::everyone(), Instant as_of = now) {
    return {as_of, utc_calendar().last_days(as_of, 1), scope, {}, &utc_calendar(), true};
  }
  SectionAnswer ask(const Period& period, const Scope& scope = Scope::everyone(), Instant as_of = now,
                    const Calendar& calendar = utc_calendar()) const {
    return SectionHouse(url_, settings_).ask({as_of, period, scope, {}, &calendar});
  }
  static Period from_to(const std::string& from, const std::string& to) {
    const Window window{at(from), at(to)};
    return {window, {window.from - window.length(), window.from}};
  }

  Settings settings_;
};
CRM_ON_EVERY_CRM(CustomerLoad);

TEST_P(CustomerLoad, ListsTheLastTwentyFourHoursUnlessAWindowIsNamed) {
  given_a_day();
  const SectionAnswer answer = ask();
  const Json hours = answer["incomingChatsPerHour"];
  ASSERT_EQ(hours.size(), 24U) << "the current one included";
  EXPECT_EQ(hours.front().dump(), R"({"hour":"2026-03-09T13:00:00+00:00","count":1})");
  EXPECT_EQ(hours.back().dump(), R"({"hour":"2026-03-10T12:00:00+00:00","count":0})");
  EXPECT_THAT(busy_hours(hours), ElementsAre(Pair("2026-03-09T13:00:00+00:00", 1), Pair("2026-03-10T08:00:00+00:00", 2),
                                             Pair("2026-03-10T09:00:00+00:00", 1), Pair("2026-03-10T10:00:00+00:00", 1),
                                             Pair("2026-03-10T11:00:00+00:00", 2)));
  EXPECT_EQ(answer["peakHour"].dump(), R"({"hour":"2026-03-10T08:00:00+00:00","count":2})") << "11:00 has as many";
}

TEST_P(CustomerLoad, ListsEveryHourOfTheWindowThatIsNamed) {
  given_a_day();
  EXPECT_EQ(ask(utc_calendar().last_days(now, 1))["incomingChatsPerHour"].size(), 13U) << "00:00 to 12:00";
  const SectionAnswer week = ask(utc_calendar().last_days(now, 7));
  EXPECT_EQ(week["incomingChatsPerHour"].size(), 6U * 24U + 13U);
  EXPECT_EQ(week["peakHour"]["hour"], "2026-03-10T08:00:00+00:00");
  const Json yesterday = ask(from_to("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"))["incomingChatsPerHour"];
  EXPECT_EQ(yesterday.size(), 24U);
  EXPECT_THAT(busy_hours(yesterday), ElementsAre(Pair("2026-03-09T13:00:00+00:00", 1)));
}

TEST_P(CustomerLoad, ClipsTheHoursOfExplicitInstants) {
  given_a_day();
  const SectionAnswer answer = ask(from_to("2026-03-10T08:30:00Z", "2026-03-10T11:30:00Z"));
  // a2 of a1 and a2, b1, n1, b2 of b2 and g1: the end is none of it
  EXPECT_THAT(busy_hours(answer["incomingChatsPerHour"]),
              ElementsAre(Pair("2026-03-10T08:00:00+00:00", 1), Pair("2026-03-10T09:00:00+00:00", 1),
                          Pair("2026-03-10T10:00:00+00:00", 1), Pair("2026-03-10T11:00:00+00:00", 1)));
  EXPECT_EQ(answer["peakHour"]["hour"], "2026-03-10T08:00:00+00:00");
  EXPECT_EQ(answer["newVsReturning"], customers(1, 2)) << "tim; eva, whose first was at 08:05, and kim";
  EXPECT_EQ(busy_cells(answer["heatmap"]).size(), 4U) << "the window that was named is the heatmap's, too";
}

TEST_P(CustomerLoad, CountsACustomerOnceAndAsNewIfItIsTheFirstTimeEver) {
  given_a_day();
  EXPECT_EQ(ask()["newVsReturning"], customers(3, 1)) << "eva, tim, lea; kim. Today, though no window was named";
  EXPECT_EQ(ask(utc_calendar().last_days(now, 7))["newVsReturning"], customers(4, 1)) << "max of yesterday, too";
  EXPECT_EQ(ask(utc_calendar().last_days(now, 30))["newVsReturning"], customers(5, 0)) << "kim's first was on the 1st";
}

TEST_P(CustomerLoad, ShowsEachRoleWhatIsItsOwn) {
  given_a_day();
  const SectionAnswer ann = ask(agent("ann"));
  EXPECT_THAT(busy_hours(ann["incomingChatsPerHour"]), ElementsAre(Pair("2026-03-10T08:00:00+00:00", 2)));
  EXPECT_EQ(ann["newVsReturning"], customers(2, 0));
  EXPECT_EQ(ask(agent("bob"))["newVsReturning"], customers(0, 2)) << "eva came to ann first";
  EXPECT_THAT(busy_cells(ask(agent("bob"))["heatmap"]),
              ElementsAre(Pair(std::pair(0, 10), 1), Pair(std::pair(2, 9), 1), Pair(std::pair(2, 11), 1)));
  const SectionAnswer sue = ask(supervisor("sue"));
  EXPECT_EQ(sue["newVsReturning"], customers(2, 1)) << "eva and tim; kim";
  EXPECT_THAT(busy_hours(sue["incomingChatsPerHour"]),
              ElementsAre(Pair("2026-03-10T08:00:00+00:00", 2), Pair("2026-03-10T09:00:00+00:00", 1),
                          Pair("2026-03-10T11:00:00+00:00", 1)));
  EXPECT_EQ(ask(agent("gone"))["newVsReturning"], customers(1, 0)) << "his rows are his though his profile is gone";
  EXPECT_EQ(ask(Scope{Role::admin, id_of("somebody")}).document, ask().document);
  const SectionAnswer tom = ask(supervisor("tom"));
  EXPECT_EQ(tom["incomingChatsPerHour"].size(), 24U) << "a team of nobody has hours, too";
  EXPECT_EQ(tom["peakHour"].dump(), R"({"hour":"2026-03-09T13:00:00+00:00","count":0})") << "the earliest of all";
  EXPECT_EQ(tom["newVsReturning"], customers(0, 0));
  EXPECT_THAT(busy_cells(tom["heatmap"]), IsEmpty());
}

TEST_P(CustomerLoad, MeansWaitsOverConversationsOfPeakHoursAndOfTheOthers) {
  settings_.load.auto_peak_hours = false;
  settings_.load.peak_hours = {8, 9};
  given_a_day();
  answered("a1", "2026-03-10 08:05", "2026-03-10 08:06");  // 60 s
  answered("a2", "2026-03-10 08:40", "2026-03-10 10:40");  // 7200 s: it began at a peak
  answered("b2", "2026-03-10 11:20", "2026-03-10 11:20:31");
  answered("g1", "2026-03-10 11:30", "2026-03-10 11:31:30");
  answered("n1", "2026-03-10 10:00", "2026-03-10 10:00");
  answered("y1", "2026-03-09 13:15", "2026-03-10 09:00");  // of yesterday
  given(Message{.conversation = "b1", .sender = "customer", .at = "2026-03-10 09:10"});
  // (60 + 7200) ÷ 2; (31 + 90 + 0) ÷ 3 = 40.3. b1 got no answer.
  EXPECT_EQ(ask()["avgWaitTime"], waits(3'630, 40));
  EXPECT_EQ(ask(agent("ann"))["avgWaitTime"], waits(3'630, 0));
  EXPECT_EQ(ask(supervisor("sue"))["avgWaitTime"], waits(3'630, 31));
  // y1: 19 h 45 min = 71,100 s, and the 121 s of today, ÷ 4 = 17,805.25
  EXPECT_EQ(ask(utc_calendar().last_days(now, 7))["avgWaitTime"], waits(3'630, 17'805));
}

TEST_P(CustomerLoad, FindsPeakHoursInWhatTheWholeCompanyHadInFourWeeks) {
  // Volumes: 9, 16 and 17 o'clock 1, 15 o'clock 2, 12 to 14 3, 11 o'clock 4, 10 o'clock 5; 15 hours none. In ascending
  // order the 18th is 1 and the 19th is 2: the 75th percentile is 1.25.
  for (const auto& [hour, volume] :
       std::map<int, int>{{9, 1}, {10, 5}, {11, 4}, {12, 3}, {13, 3}, {14, 3}, {15, 2}, {16, 1}, {17, 1}}) {
    for (int i = 0; i < volume; ++i) {
      chat(fmt::format("{} {}", hour, i), "ann", "", fmt::format("2026-02-{} {:02}:10", i == 0 ? 10 : 12 + i, hour));
    }
  }
  // Before those four weeks, and today: 9 o'clock gets no peak by them.
  for (int i = 0; i < 9; ++i) chat(fmt::format("before {}", i), "ann", "", "2026-02-09 09:30");
  for (int i = 0; i < 9; ++i) chat(fmt::format("today {}", i), "ann", "", "2026-03-10 09:30");
  chat("b9", "bob", "", "2026-03-10 09:59:59");
  answered("b9", "2026-03-10 10:00", "2026-03-10 10:00:50");
  chat("b10", "bob", "", "2026-03-10 10:00");
  answered("b10", "2026-03-10 10:00", "2026-03-10 10:00:20");
  EXPECT_EQ(ask(agent("bob"))["avgWaitTime"], waits(20, 50)) << "he has no volumes of his own";
  EXPECT_EQ(ask()["avgWaitTime"], waits(20, 50));
}

TEST_P(CustomerLoad, AnHourInWhichNobodyWroteIsNoPeak) {
  chat("a", "ann", "eva", "2026-03-10 09:00");
  answered("a", "2026-03-10 09:00", "2026-03-10 09:00:40");
  EXPECT_EQ(ask()["avgWaitTime"], waits(0, 40)) << "the 75th percentile of nothing is 0";
}

TEST_P(CustomerLoad, PaintsTheLastTwentyEightDaysUnlessAWindowIsNamed) {
  given_a_day();
  chat("first", "ann", "", "2026-02-11 00:00");   // a Wednesday, 27 days before
  chat("before", "ann", "", "2026-02-10 23:59");  // a day too early
  chat("again", "ann", "", "2026-03-03 08:30");   // a Tuesday like today
  EXPECT_THAT(busy_cells(ask()["heatmap"]),
              ElementsAre(Pair(std::pair(0, 10), 1), Pair(std::pair(1, 13), 1), Pair(std::pair(2, 8), 3),
                          Pair(std::pair(2, 9), 1), Pair(std::pair(2, 10), 1), Pair(std::pair(2, 11), 2),
                          Pair(std::pair(3, 0), 1)));
  EXPECT_EQ(ask()["heatmap"].front().dump(), R"({"dayOfWeek":0,"hour":0,"count":0})");
  EXPECT_EQ(ask()["heatmap"].back().dump(), R"({"dayOfWeek":6,"hour":23,"count":0})");
  EXPECT_EQ(busy_cells(ask(utc_calendar().last_days(now, 1))["heatmap"]).size(), 4U) << "8 to 11 o'clock of today";
}

TEST_P(CustomerLoad, ADayInBerlinHasTwentyThreeHoursWhenTheClockGoesForward) {
  const auto berlin = calendar::Zone::load("Europe/Berlin");
  chat("a", "ann", "", "2026-03-29 00:30");  // 01:30 CET
  chat("b", "ann", "", "2026-03-29 01:30");  // 03:30 CEST
  chat("c", "ann", "", "2026-03-28 22:59");  // the day before
  const Period sunday = from_to("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z");
  const SectionAnswer answer = ask(sunday, Scope::everyone(), at("2026-03-30T10:00:00Z"), *berlin);
  EXPECT_EQ(answer["incomingChatsPerHour"].size(), 23U);
  EXPECT_THAT(busy_hours(answer["incomingChatsPerHour"]),
              ElementsAre(Pair("2026-03-29T01:00:00+01:00", 1), Pair("2026-03-29T03:00:00+02:00", 1)));
  EXPECT_THAT(busy_cells(answer["heatmap"]), ElementsAre(Pair(std::pair(0, 1), 1), Pair(std::pair(0, 3), 1)));
}

TEST_P(CustomerLoad, ADayInBerlinHasTwentyFiveHoursWhenTheClockGoesBack) {
  const auto berlin = calendar::Zone::load("Europe/Berlin");
  chat("a", "ann", "", "2026-10-25 00:30");  // 02:30 CEST
  chat("b", "ann", "", "2026-10-25 01:30");  // 02:30 CET
  chat("c", "ann", "", "2026-10-25 01:40");
  const Period sunday = from_to("2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
  const SectionAnswer answer = ask(sunday, Scope::everyone(), at("2026-10-26T10:00:00Z"), *berlin);
  EXPECT_EQ(answer["incomingChatsPerHour"].size(), 25U);
  EXPECT_THAT(busy_hours(answer["incomingChatsPerHour"]),
              ElementsAre(Pair("2026-10-25T02:00:00+01:00", 2), Pair("2026-10-25T02:00:00+02:00", 1)));
  EXPECT_EQ(answer["peakHour"]["hour"], "2026-10-25T02:00:00+01:00") << "the second of two";
  EXPECT_THAT(busy_cells(answer["heatmap"]), ElementsAre(Pair(std::pair(0, 2), 3))) << "one cell of both";
}

TEST_P(CustomerLoad, CountsCustomersOfPrometheusFromItsFirstRunOn) {
  given_a_day();
  SectionHouse house(url_);
  const auto before = house.sample(by_default()).samples;
  EXPECT_EQ(before.at("crm_customers_total new"), 0);
  EXPECT_EQ(before.at("crm_customers_total returning"), 0);
  EXPECT_EQ(before.size(), 2U + 168U) << "zero included";
  EXPECT_EQ(before.at("crm_chats_hour_of_week 2 8"), 2);
  EXPECT_EQ(before.at("crm_chats_hour_of_week 0 10"), 1) << "b0, of the last 28 days";
  EXPECT_EQ(before.at("crm_chats_hour_of_week 6 23"), 0);
  chat("d1", "ann", "ida", "2026-03-10 12:31");
  chat("d2", "bob", "ida", "2026-03-10 12:32");
  chat("d3", "bob", "", "2026-03-10 12:33");
  const auto after = house.sample(by_default(Scope::everyone(), at("2026-03-10T12:40:00Z"))).samples;
  EXPECT_EQ(after.at("crm_customers_total new"), 2) << "ida, and zoe of 12:30";
  EXPECT_EQ(after.at("crm_customers_total returning"), 1) << "conversations, not customers: ida's second";
  EXPECT_EQ(after.at("crm_chats_hour_of_week 2 12"), 4);
}

TEST_P(CustomerLoad, WithoutConversationsIsZeroInJsonAndAbsentFromPrometheus) {
  given_a_day();
  execute(url_, "DROP VIEW crm_source.conversations");
  const SectionAnswer answer = SectionHouse(url_).sample(by_default());
  EXPECT_EQ(answer["incomingChatsPerHour"].size(), 24U);
  EXPECT_EQ(answer["peakHour"].dump(), R"({"hour":"2026-03-09T13:00:00+00:00","count":0})");
  EXPECT_EQ(answer["newVsReturning"], customers(0, 0));
  EXPECT_EQ(answer["avgWaitTime"], waits(0, 0));
  EXPECT_THAT(busy_cells(answer["heatmap"]), IsEmpty());
  EXPECT_THAT(answer.samples, IsEmpty());
}

TEST_P(CustomerLoad, WithoutMessagesNobodyWaits) {
  given_a_day();
  answered("a1", "2026-03-10 08:05", "2026-03-10 08:06");
  execute(url_, "DROP VIEW crm_source.messages");
  EXPECT_EQ(ask()["avgWaitTime"], waits(0, 0));
  EXPECT_EQ(ask()["newVsReturning"], customers(3, 1));
}

// What the CRM prunes stays counted.
TEST_P(CustomerLoad, NobodyReturnsLessThanNeverWhenTheCrmPrunes) {
  const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
  std::string rows;
  for (const char* name : {"eva", "tim", "kim"}) {
    rows += sql(Conversation{.name = name, .agent = "ann", .created = "2026-01-20 09:00", .contact = name});
  }
  execute(url, rows);
  SectionHouse house(url);
  house.store(now, *calendar::Zone::load("UTC"), std::chrono::days(60));
  const SectionQuestion months{now, utc_calendar().last_days(now, 60), Scope::everyone()};
  EXPECT_EQ(house.ask(months)["newVsReturning"], customers(3, 0));
  execute(url, "DELETE FROM conversations");
  house.store(now, *calendar::Zone::load("UTC"), std::chrono::days(60));
  EXPECT_EQ(house.ask(months)["newVsReturning"], customers(3, 0));
}

// Every number against a brute-force oracle that reads the same random rows one by one, in C++.
TEST_P(CustomerLoad, AgreesWithTheOracleOnRandomRowsForEveryScopeAndWindow) {
  const Instant april = at("2026-04-08T09:30:00Z");  // Berlin's clock went forward on 29 March
  for (const char* name : {"UTC", "Europe/Berlin"}) {
    const auto zone = calendar::Zone::load(name);
    settings_.timezone = name;
    const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
    RandomLoad random(GetParam(), zone->name() == "UTC" ? 1U : 2U, april);
    execute(url, random.sql());
    SectionHouse house(url, settings_);
    for (const bool stored : {false, true}) {
      if (stored) house.store(april, *zone);
      std::vector<SectionQuestion> questions;
      for (const Scope& scope : random.scopes()) {
        questions.push_back({april, zone->last_days(april, 1), scope, {}, zone.get(), true});
        for (const Period& period : random.periods(5)) questions.push_back({april, period, scope, {}, zone.get()});
      }
      for (const SectionQuestion& question : questions) {
        EXPECT_EQ(house.ask(question).document, random.expected(question))
            << name << ", " << question.scope.key() << ", " << to_iso(question.period.window.from) << " to "
            << to_iso(question.period.window.to) << (stored ? ", from storage" : "");
      }
      EXPECT_EQ(house.periods_read() > 100, stored);
    }
  }
}

}  // namespace
