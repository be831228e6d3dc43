// business-impact over a real PostgreSQL: hand-counted for every window and role, then against an oracle on random
// rows. Unless a test says otherwise it is Tuesday, 10 March 2026, 12:00 UTC, and the window the last 30 days, from 9
// February.

#include <chrono>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "business_fixture.h"
#include "business_impact_oracle.h"
#include "calendar/zone.h"
#include "history.h"
#include "section_house.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::IsEmpty;

Json leads(int total, const char* trend, double change) {
  return {{"total", total}, {"trend", trend}, {"change", change}};
}
Json tickets(int today, int week, int month) {
  return {{"today", today}, {"week", week}, {"month", month}};
}
Json repeat(double rate, const char* trend) {
  return {{"rate", rate}, {"trend", trend}};
}
Json cost(double amount, double savings) {
  return {{"amount", amount}, {"savings", savings}};
}

CRM_ON_EVERY_CRM(BusinessImpact);

// --- leads, tickets --------------------------------------------------------------------------------------------------

TEST_P(BusinessImpact, CountsLeadsAgainstThePreviousPeriod) {
  lead("k1", "2026-03-10 00:00", "ann");
  lead("k2", "2026-03-10 11:59:59", "bob");
  lead("k3", "2026-03-10 09:00");
  lead("k4", "2026-03-10 12:00", "ann");  // this instant is not in any window yet
  lead("k5", "2026-03-09 11:00", "ann");
  lead("k6", "2026-03-09 11:30");
  lead("k7", "2026-03-09 13:00", "ann");  // after this time of yesterday
  lead("k8", "2026-02-09 00:00", "bob");
  lead("k9", "2026-02-08 11:59", "bob");  // before this time of the day, a month ago
  given(Contact{.name = "never"});
  // today k1 to k3, yesterday until noon k5 and k6: 100·(3 − 2)/2
  EXPECT_EQ(ask(Scope::everyone(), 1)["leadsGenerated"], leads(3, "up", 50.0));
  EXPECT_EQ(ask(agent("ann"), 1)["leadsGenerated"], leads(1, "stable", 0.0)) << "k1; k5";
  EXPECT_EQ(ask(supervisor("sue"), 1)["leadsGenerated"], leads(2, "up", 100.0)) << "k1, k2; k5";
  EXPECT_EQ(ask(agent("bob"), 1)["leadsGenerated"], leads(1, "up", 100.0)) << "1 after none";
  EXPECT_EQ(ask(supervisor("tom"), 1)["leadsGenerated"], leads(0, "stable", 0.0));
  // 30 days: k1 to k3, k5 to k8; before: k9. 100·(7 − 1)/1
  EXPECT_EQ(ask()["leadsGenerated"], leads(7, "up", 600.0));
  // yesterday: k5, k6, k7; the day before: none
  EXPECT_EQ(ask(from_to("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"))["leadsGenerated"], leads(3, "up", 100.0));
  settings_.trend.bands["leadsGenerated"] = 50.0;
  EXPECT_EQ(ask(Scope::everyone(), 1)["leadsGenerated"], leads(3, "stable", 50.0)) << "a dead band of its own";
}

TEST_P(BusinessImpact, CountsTicketsOfTodayOfTheWeekAndOfTheMonthWhateverTheWindow) {
  for (const char* when : {"2026-03-10 00:00", "2026-03-10 11:59", "2026-03-10 12:00", "2026-03-04 00:00",
                           "2026-03-03 23:59", "2026-02-09 00:00", "2026-02-08 23:59"}) {
    solved(when, "ann");
  }
  solved("2026-03-09 10:00", "bob");
  solved("2026-03-10 10:00");
  solved("");
  // today 00:00, 11:59 and nobody's; the week begins on the 4th, 00:00: that and bob's; the month on 9 February: that
  // and the one of 3 March
  EXPECT_EQ(ask()["ticketsResolved"], tickets(3, 5, 7));
  EXPECT_EQ(ask(Scope::everyone(), 1)["ticketsResolved"], tickets(3, 5, 7));
  EXPECT_EQ(ask(from_to("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"))["ticketsResolved"], tickets(3, 5, 7));
  EXPECT_EQ(ask(agent("ann"))["ticketsResolved"], tickets(2, 3, 5));
  EXPECT_EQ(ask(agent("bob"))["ticketsResolved"], tickets(0, 1, 1));
  EXPECT_EQ(ask(supervisor("sue"))["ticketsResolved"], tickets(2, 4, 6));
  EXPECT_EQ(ask(supervisor("tom"))["ticketsResolved"], tickets(0, 0, 0));
  execute(url_, "UPDATE tickets SET resolved_at = NULL WHERE assigned_agent_id = '" + id("bob") + "'");
  EXPECT_EQ(ask(agent("bob"))["ticketsResolved"], tickets(0, 0, 0)) << "reopened";
}

TEST_P(BusinessImpact, TodayBeginsAtMidnightInBerlinWhenTheClockWentForward) {
  const auto berlin = calendar::Zone::load("Europe/Berlin");
  const Instant monday = at("2026-03-30T10:00:00Z");
  solved("2026-03-29 22:00");  // 00:00 CEST
  solved("2026-03-29 21:59");  // of Sunday
  solved("2026-03-23 22:59");  // 23:59 CET, before the week began
  solved("2026-03-23 23:00");  // 00:00 CET of the 24th
  EXPECT_EQ(ask(berlin->last_days(monday, 30), Scope::everyone(), monday, *berlin)["ticketsResolved"],
            tickets(1, 3, 4));
}

// --- customers, cost -------------------------------------------------------------------------------------------------

TEST_P(BusinessImpact, CountsCustomersWhoCameAgain) {
  came("eva", "2025-01-01 09:00", "bob");
  came("eva", "2026-03-10 09:00", "ann");
  came("eva", "2026-03-10 10:00", "ann");  // once, though she came twice
  came("tim", "2026-03-10 09:00", "ann");
  came("tim", "2026-03-10 11:00", "bob");  // not before the window
  came("kim", "2026-03-09 11:00", "bob");  // before this time of yesterday
  came("kim", "2026-03-10 08:00", "bob");
  came("lea", "2026-03-10 08:00", "gone");
  came("", "2026-03-10 08:00", "ann");  // of no contact
  came("", "2026-03-01 08:00", "ann");
  came("eva", "2026-03-10 12:00", "gone");  // not yet
  // today eva, tim, kim and lea; eva and kim had come before: 2 ÷ 4. Yesterday kim, for the first time: 0 ÷ 1
  EXPECT_EQ(ask(Scope::everyone(), 1)["repeatCustomerRate"], repeat(50.0, "up"));
  EXPECT_EQ(ask(agent("ann"), 1)["repeatCustomerRate"], repeat(50.0, "stable")) << "eva had come to bob; none before";
  EXPECT_EQ(ask(agent("bob"), 1)["repeatCustomerRate"], repeat(50.0, "up")) << "kim; tim has come today only";
  EXPECT_EQ(ask(supervisor("sue"), 1)["repeatCustomerRate"], repeat(66.7, "up")) << "eva and kim of them and tim";
  EXPECT_EQ(ask(agent("gone"), 1)["repeatCustomerRate"], repeat(0.0, "stable"));
  EXPECT_EQ(ask(supervisor("tom"), 1)["repeatCustomerRate"], repeat(0.0, "stable")) << "of nobody";
  EXPECT_EQ(ask()["repeatCustomerRate"], repeat(25.0, "stable")) << "eva; the 30 days before had nobody";
}

TEST_P(BusinessImpact, TheRateOfThoseWhoCameAgainMayFall) {
  for (const char* contact : {"k1", "k2", "k3"}) came(contact, "2026-01-01 09:00");
  for (const char* contact : {"k1", "k2", "k3"}) came(contact, "2026-03-09 09:00");
  for (const char* contact : {"k1", "k4"}) came(contact, "2026-03-10 09:00");
  EXPECT_EQ(ask(Scope::everyone(), 1)["repeatCustomerRate"], repeat(50.0, "down")) << "1 ÷ 2 after 3 ÷ 3";
}

TEST_P(BusinessImpact, DividesWhatPresenceCostsByConversationsInWhichAHumanReplied) {
  given(Span{.agent = "ann", .status = "online", .from = "2026-03-10 08:00", .to = "2026-03-10 10:00"},
        Span{.agent = "ann", .status = "away", .from = "2026-03-10 10:00", .to = "2026-03-10 10:30"},
        Span{.agent = "ann", .status = "offline", .from = "2026-03-10 10:30"},
        Span{.agent = "bob", .status = "online", .from = "2026-03-10 11:30"},
        Span{.agent = "sue", .status = "online", .from = "2026-03-09 09:00", .to = "2026-03-09 10:00"},
        Span{.agent = "max", .status = "online", .from = "2026-03-10 06:00"},  // an admin costs nothing here
        Span{.agent = "gone", .status = "online", .from = "2026-03-10 09:00", .to = "2026-03-10 10:00"});
  replied("a1", "ann", "2026-03-10 08:00");
  replied("b1", "bob", "2026-03-10 11:40");
  replied("n1", "", "2026-03-10 11:40");
  replied("y1", "ann", "2026-03-09 09:00");
  solved_by_the_bot("bot 1", "bob", "2026-03-10 09:00");
  solved_by_the_bot("bot 2", "", "2026-03-10 09:00");
  solved_by_the_bot("bot 3", "", "2026-03-09 09:00");
  // (2.5 h + 0.5 h + 1 h of gone's) × 15 ÷ 3 (a1, b1, n1); 2 × 300 s × 15 ÷ 3600
  EXPECT_EQ(ask(Scope::everyone(), 1)["costPerConversation"], cost(20.0, 2.5));
  // and yesterday's: 5 h × 15 ÷ 4 = 18.75; 3 × 300 s
  EXPECT_EQ(ask()["costPerConversation"], cost(18.75, 3.75));
  EXPECT_EQ(ask(agent("ann"), 1)["costPerConversation"], cost(37.5, 0.0)) << "2.5 h ÷ 1";
  EXPECT_EQ(ask(supervisor("sue"), 30)["costPerConversation"], cost(20.0, 1.25)) << "4 h ÷ 3: a1, b1, y1";
  EXPECT_EQ(ask(agent("gone"), 1)["costPerConversation"], cost(0.0, 0.0)) << "1 h, and no conversation";
  EXPECT_EQ(ask(supervisor("tom"), 1)["costPerConversation"], cost(0.0, 0.0));
  settings_.cost.agent_hour = 10.0;
  settings_.automation.handling_seconds = 600;
  EXPECT_EQ(ask(Scope::everyone(), 1)["costPerConversation"], cost(13.33, 3.33)) << "4 h × 10 ÷ 3; 1200 s × 10 ÷ 3600";
}

// --- Prometheus ------------------------------------------------------------------------------------------------------

TEST_P(BusinessImpact, CountsEventsOfPrometheusFromItsFirstRunOn) {
  lead("k1", "2026-03-10 09:00");
  solved("2026-03-10 09:00");
  given(Campaign{.name = "spring", .created = "2026-03-10 08:00"},
        Span{.agent = "ann", .status = "online", .from = "2026-03-10 08:00", .to = "2026-03-10 10:00"});
  came("eva", "2026-01-01 09:00");
  came("eva", "2026-03-10 09:00");
  came("tim", "2026-03-10 09:00");
  SectionHouse house(url_);
  const auto before = house.sample(month()).samples;
  EXPECT_EQ(before.at("crm_leads_total"), 0);
  EXPECT_EQ(before.at("crm_tickets_resolved_total"), 0);
  for (const char* stage : {"sent", "responded", "converted"}) {
    EXPECT_EQ(before.at(std::string("crm_campaign_recipients_total ") + stage), 0) << stage;
  }
  EXPECT_EQ(before.at("crm_repeat_customer_ratio"), 0.5);
  EXPECT_FALSE(before.contains("crm_cost_per_conversation USD")) << "a ratio of nothing is not exported";
  lead("k2", "2026-03-10 12:05");
  solved("2026-03-10 12:05");
  sent("spring", "k3", "2026-03-10 12:01");
  lead("k3", "2026-03-10 12:06");
  wrote("k3", "2026-03-10 12:07");
  replied("a1", "ann", "2026-03-10 12:10");
  const Instant later = at("2026-03-10T12:20:00Z");
  const auto after = house.sample({later, utc_calendar().last_days(later, 30)}).samples;
  EXPECT_EQ(after.at("crm_leads_total"), 2) << "k2 and k3";
  EXPECT_EQ(after.at("crm_tickets_resolved_total"), 1);
  EXPECT_EQ(after.at("crm_campaign_recipients_total sent"), 1);
  EXPECT_EQ(after.at("crm_campaign_recipients_total responded"), 1);
  EXPECT_EQ(after.at("crm_campaign_recipients_total converted"), 1);
  EXPECT_DOUBLE_EQ(after.at("crm_repeat_customer_ratio"), 1.0 / 3.0) << "eva of eva, tim and k3";
  EXPECT_DOUBLE_EQ(after.at("crm_cost_per_conversation USD"), 30.0) << "2 h × 15 ÷ 1";
}

TEST_P(BusinessImpact, ShowsNothingOfTheRatiosOfAnEmptyCrm) {
  const SectionAnswer answer = SectionHouse(url_).sample(month());
  EXPECT_EQ(answer.document.dump(), R"({"leadsGenerated":{"total":0,"trend":"stable","change":0.0},)"
                                    R"("ticketsResolved":{"today":0,"week":0,"month":0},"campaignConversion":[],)"
                                    R"("repeatCustomerRate":{"rate":0.0,"trend":"stable"},)"
                                    R"("costPerConversation":{"amount":0.0,"savings":0.0}})");
  EXPECT_EQ(answer.samples.size(), 5U) << "leads, tickets, three stages";
}

TEST_P(BusinessImpact, ViewsThatTheCrmLacksAreZeroInJsonAndAbsentFromPrometheus) {
  lead("k1", "2026-03-10 09:00");
  solved("2026-03-10 09:00");
  given(Campaign{.name = "spring", .created = "2026-03-01 08:00"});
  sent("spring", "k1", "2026-03-01 09:00");
  for (const char* view : {"campaigns", "campaign_recipients", "contacts", "tickets"}) {
    execute(url_, std::string("DROP VIEW crm_source.") + view);
    EXPECT_NO_THROW(ask()) << "without " << view;
  }
  const SectionAnswer answer = SectionHouse(url_).sample(month());
  EXPECT_EQ(answer["leadsGenerated"], leads(0, "stable", 0.0));
  EXPECT_EQ(answer["ticketsResolved"], tickets(0, 0, 0));
  EXPECT_EQ(answer["campaignConversion"], Json::array());
  EXPECT_THAT(answer.samples, IsEmpty());
}

TEST_P(BusinessImpact, WithoutPresenceNobodyKnowsWhatAConversationCosts) {
  replied("a1", "ann", "2026-03-10 08:00");
  solved_by_the_bot("bot 1", "bob", "2026-03-10 09:00");
  execute(url_, "DROP VIEW crm_source.agent_status");
  const SectionAnswer answer = SectionHouse(url_).sample(month());
  EXPECT_EQ(answer["costPerConversation"], cost(0.0, 1.25)) << "what the bot saved is known still";
  EXPECT_FALSE(answer.samples.contains("crm_cost_per_conversation USD")) << "zero would be a claim";
}

// What the CRM prunes stays counted as new, and its contacts are not looked up any more.
TEST_P(BusinessImpact, NobodyComesAgainLessThanNeverWhenTheCrmPrunes) {
  const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
  std::string rows;
  for (const char* name : {"k1", "k2", "k3"}) {
    rows += sql(Conversation{.name = name, .agent = "ann", .created = "2026-01-20 09:00", .contact = name});
  }
  execute(url, rows + sql(Conversation{.name = "k4", .agent = "ann", .created = "2026-03-01 09:00", .contact = "k4"}));
  SectionHouse house(url);
  house.store(noon, *calendar::Zone::load("UTC"), std::chrono::days(60));
  const SectionQuestion months{noon, utc_calendar().last_days(noon, 60)};
  EXPECT_EQ(house.ask(months)["repeatCustomerRate"], repeat(0.0, "stable"));
  execute(url, "DELETE FROM conversations WHERE created_at < '2026-02-01'");
  house.store(noon, *calendar::Zone::load("UTC"), std::chrono::days(60));
  EXPECT_EQ(house.ask(months)["repeatCustomerRate"], repeat(0.0, "stable"));
}

// Every number against a brute-force oracle that reads the same random rows one by one, in C++.
TEST_P(BusinessImpact, AgreesWithTheOracleOnRandomRowsForEveryScopeAndWindow) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
    RandomBusiness random(GetParam(), seed, noon);
    execute(url, random.sql());
    SectionHouse house(url);
    for (const bool stored : {false, true}) {
      if (stored) house.store(noon, *calendar::Zone::load("UTC"));
      for (const Scope& scope : random.scopes()) {
        for (const Period& period : random.periods(6)) {
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
