// automation-impact over a real PostgreSQL: hand-counted for every window and role, then against an oracle on random
// rows. Unless a test says otherwise it is Tuesday, 10 March 2026, 12:00 UTC, and the window the last 30 days.

#include <string>

#include <gtest/gtest.h>

#include "automation_impact_oracle.h"
#include "calendar/zone.h"
#include "crm_fixture.h"
#include "history.h"
#include "section_house.h"

namespace {

using namespace crm;
using namespace crm::testing;

const Instant noon = at("2026-03-10T12:00:00Z");

Json of_bot(const char* what, int total, int part, double percent) {
  return {{"total", total}, {what, part}, {"percentage", percent}};
}
Json by_whom(int chatbot, int human, double percent) {
  return {{"chatbot", chatbot}, {"human", human}, {"percentage", percent}};
}
Json saved(double hours, double cost) {
  return {{"hours", hours}, {"estimatedCost", cost}};
}
Json intent(const std::string& name, int count, double rate) {
  return {{"intent", name}, {"count", count}, {"successRate", rate}};
}

class AutomationImpact : public OnEveryCrm {
 protected:
  // ann and bob are sue's, tom leads nobody; gone has no profile any more.
  void given_a_month() {
    given(Agent{.name = "ann", .supervisor = "sue"}, Agent{.name = "bob", .supervisor = "sue"},
          Agent{.name = "sue", .role = "supervisor"}, Agent{.name = "tom", .role = "supervisor"},
          // the bot alone, resolved: chatbot, successful
          Conversation{.name = "c1", .agent = "ann", .created = "2026-03-09 08:00", .resolved = "2026-03-09 09:00"},
          // handed over, and a human replied: human, escalated
          Conversation{.name = "c2",
                       .agent = "ann",
                       .created = "2026-03-09 10:00",
                       .resolved = "2026-03-09 11:00",
                       .escalated = "2026-03-09 10:05"},
          // nobody said anything for 50 h: chatbot, dropped
          Conversation{.name = "c3", .agent = "bob", .created = "2026-03-08 10:00"},
          // the same since three hours: chatbot
          Conversation{.name = "c4", .created = "2026-03-10 09:00"},
          // of an agent who is gone, without a bot: human
          Conversation{.name = "c5", .agent = "gone", .created = "2026-03-10 09:00"},
          // nobody answered: neither
          Conversation{.name = "c6", .agent = "ann", .created = "2026-03-10 10:00", .resolved = "2026-03-10 11:00"},
          // handed over, and no human has replied: neither, escalated
          Conversation{.name = "c7", .agent = "bob", .created = "2026-03-10 08:00", .escalated = "2026-03-10 08:05"},
          // 18 days ago, like c1
          Conversation{.name = "c8", .created = "2026-02-20 08:00", .resolved = "2026-02-20 08:10"},
          // on the last day before the 30
          Conversation{.name = "c9", .agent = "ann", .created = "2026-02-08 23:59", .resolved = "2026-02-10 08:00"});
    for (const char* name : {"c1", "c2", "c3", "c4", "c7", "c8", "c9"}) asked_the_bot(name);
    given(Message{.conversation = "c2", .sender = "agent", .at = "2026-03-09 10:10"},
          Message{.conversation = "c5", .sender = "customer", .at = "2026-03-10 09:00"},
          Message{.conversation = "c5", .sender = "agent", .at = "2026-03-10 09:10"},
          Message{.conversation = "c6", .sender = "customer", .at = "2026-03-10 10:00"});
  }
  // The customer wrote when the conversation began, and the bot replied five seconds later.
  void asked_the_bot(const std::string& name) {
    const std::string created = scalar(url_, "SELECT created_at FROM conversations WHERE id = '" + id(name) + "'");
    given(Message{.conversation = name, .sender = "customer", .at = created},
          Message{.conversation = name, .sender = "bot", .at = created.substr(0, 17) + "05"});
  }
  void understood(const std::string& name, int succeeded, int unsuccessful, int undecided,
                  const std::string& conversation = "c1") {
    for (int i = 0; i < succeeded + unsuccessful + undecided; ++i) {
      given(Intent{.conversation = conversation,
                   .intent = name,
                   .at = "2026-03-09 09:00",
                   .succeeded = i < succeeded                  ? "true"
                                : i < succeeded + unsuccessful ? "false"
                                                               : ""});
    }
  }

  SectionAnswer ask(const Scope& scope = Scope::everyone(), int days = 30) const {
    return ask(utc_calendar().last_days(noon, days), scope);
  }
  SectionAnswer ask(const Period& period, const Scope& scope = Scope::everyone(), Instant as_of = noon) const {
    return SectionHouse(url_, settings_).ask({as_of, period, scope});
  }
  static Period from_to(const std::string& from, const std::string& to) {
    const Window window{at(from), at(to)};
    return {window, {window.from - window.length(), window.from}};
  }

  Settings settings_;
};
CRM_ON_EVERY_CRM(AutomationImpact);

TEST_P(AutomationImpact, CountsTheLastThirtyDaysForTheOwner) {
  given_a_month();
  const SectionAnswer answer = ask();
  // chatbot: c1, c3, c4, c8; human: c2, c5. 4 ÷ 6
  EXPECT_EQ(answer["chatbotVsHuman"], by_whom(4, 2, 66.7));
  // the bot replied in c1, c2, c3, c4, c7, c8; c1 and c8 were resolved without a human. 2 ÷ 6
  EXPECT_EQ(answer["autoReplySuccess"], of_bot("successful", 6, 2, 33.3));
  EXPECT_EQ(answer["dropOffRate"], of_bot("dropped", 6, 1, 16.7)) << "c3";
  EXPECT_EQ(answer["escalationRate"], of_bot("escalated", 6, 2, 33.3)) << "c2 and c7";
  // 2 × 300 s = 600 s = 0.1666… h; × 15
  EXPECT_EQ(answer["timeSaved"], saved(0.17, 2.5));
  EXPECT_EQ(answer["topIntents"], Json::array());
}

TEST_P(AutomationImpact, ShowsEachRoleWhatIsItsOwn) {
  given_a_month();
  const SectionAnswer ann = ask(agent("ann"));  // c1, c2, c6
  EXPECT_EQ(ann["chatbotVsHuman"], by_whom(1, 1, 50.0));
  EXPECT_EQ(ann["autoReplySuccess"], of_bot("successful", 2, 1, 50.0));
  EXPECT_EQ(ann["dropOffRate"], of_bot("dropped", 2, 0, 0.0));
  EXPECT_EQ(ann["timeSaved"], saved(0.08, 1.25)) << "300 s";
  const SectionAnswer sue = ask(supervisor("sue"));  // c3 and c7 of bob's, too
  EXPECT_EQ(sue["chatbotVsHuman"], by_whom(2, 1, 66.7));
  EXPECT_EQ(sue["dropOffRate"], of_bot("dropped", 4, 1, 25.0));
  EXPECT_EQ(sue["escalationRate"], of_bot("escalated", 4, 2, 50.0));
  EXPECT_EQ(ask(agent("gone"))["chatbotVsHuman"], by_whom(0, 1, 0.0)) << "his rows are his though he is gone";
  EXPECT_EQ(ask(Scope{Role::admin, id_of("somebody")}).document, ask().document);
  EXPECT_EQ(ask(supervisor("tom")).document.dump(),
            R"({"chatbotVsHuman":{"chatbot":0,"human":0,"percentage":0.0},)"
            R"("autoReplySuccess":{"total":0,"successful":0,"percentage":100.0},)"
            R"("dropOffRate":{"total":0,"dropped":0,"percentage":0.0},"topIntents":[],)"
            R"("timeSaved":{"hours":0.0,"estimatedCost":0.0},)"
            R"("escalationRate":{"total":0,"escalated":0,"percentage":0.0}})")
      << "a team of nobody; nothing went wrong";
}

TEST_P(AutomationImpact, CountsConversationsThatWereCreatedInTheWindow) {
  given_a_month();
  const SectionAnswer today = ask(Scope::everyone(), 1);
  EXPECT_EQ(today["chatbotVsHuman"], by_whom(1, 1, 50.0)) << "c4; c5";
  EXPECT_EQ(today["autoReplySuccess"], of_bot("successful", 2, 0, 0.0)) << "c4 and c7";
  EXPECT_EQ(today["escalationRate"], of_bot("escalated", 2, 1, 50.0)) << "c7";
  const SectionAnswer yesterday = ask(from_to("2026-03-09T00:00:00Z", "2026-03-10T00:00:00Z"));
  EXPECT_EQ(yesterday["chatbotVsHuman"], by_whom(1, 1, 50.0)) << "c1; c2";
  EXPECT_EQ(yesterday["autoReplySuccess"], of_bot("successful", 2, 1, 50.0));
  EXPECT_EQ(ask(Scope::everyone(), 7)["autoReplySuccess"]["total"], 5) << "not c8";
  EXPECT_EQ(ask(Scope::everyone(), 31)["autoReplySuccess"]["total"], 7) << "c9, too";
  const SectionAnswer instants = ask(from_to("2026-03-09T08:00:00Z", "2026-03-09T10:00:00Z"));
  EXPECT_EQ(instants["autoReplySuccess"], of_bot("successful", 1, 1, 100.0)) << "the end is none of it";
}

TEST_P(AutomationImpact, DaysAreThoseOfTheBusinessZone) {
  given(Conversation{.name = "late", .created = "2026-03-09 23:30"},     // 00:30 in Berlin
        Conversation{.name = "before", .created = "2026-03-09 22:30"});  // 23:30
  asked_the_bot("late");
  asked_the_bot("before");
  const auto berlin = calendar::Zone::load("Europe/Berlin");
  EXPECT_EQ(ask(berlin->last_days(noon, 1))["autoReplySuccess"]["total"], 1);
  EXPECT_EQ(ask(Scope::everyone(), 1)["autoReplySuccess"]["total"], 0);
}

TEST_P(AutomationImpact, CustomersDropOffADayAfterTheBotsLastWord) {
  given_a_month();
  const auto dropped = [&](const char* time) {
    return ask(from_to("2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"), Scope::everyone(), at(time))["dropOffRate"]
        .at("dropped")
        .get<int>();
  };
  EXPECT_EQ(dropped("2026-03-09T10:00:04Z"), 0) << "c3's bot replied on the 8th, 10:00:05";
  EXPECT_EQ(dropped("2026-03-09T10:00:05Z"), 1);
  given(Message{.conversation = "c3", .sender = "customer", .at = "2026-03-09 12:00"});
  EXPECT_EQ(dropped("2026-03-10T12:00:00Z"), 1) << "a later return does not undo it";
  given(Message{.conversation = "c3", .sender = "customer", .at = "2026-03-09 09:00"});
  EXPECT_EQ(dropped("2026-03-10T12:00:00Z"), 0) << "one in time does";
  execute(url_, "DELETE FROM messages WHERE conversation_id = '" + id("c3") + "' AND created_at > '2026-03-09'");
  execute(url_, "UPDATE conversations SET escalated_at = '2026-03-09 09:59' WHERE id = '" + id("c3") + "'");
  EXPECT_EQ(dropped("2026-03-10T12:00:00Z"), 0) << "handed over in time";
  execute(url_, "UPDATE conversations SET escalated_at = NULL, resolved_at = '2026-03-09 09:59' WHERE id = '" +
                    id("c3") + "'");
  EXPECT_EQ(dropped("2026-03-10T12:00:00Z"), 0) << "resolved in time";
}

TEST_P(AutomationImpact, NeitherSystemNorCampaignMessagesAreReplies) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 10:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:00"},
        Message{.conversation = "c", .sender = "bot", .at = "2026-03-10 09:01", .campaign = "spring"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:02", .campaign = "spring"},
        Message{.conversation = "c", .sender = "system", .at = "2026-03-10 09:03"});
  EXPECT_EQ(ask()["chatbotVsHuman"], by_whom(0, 0, 0.0));
  EXPECT_EQ(ask()["autoReplySuccess"], of_bot("successful", 0, 0, 100.0));
  given(Message{.conversation = "c", .sender = "bot", .at = "2026-03-10 09:04"});
  EXPECT_EQ(ask()["autoReplySuccess"], of_bot("successful", 1, 1, 100.0));
}

TEST_P(AutomationImpact, ListsTheTenMostFrequentIntents) {
  given_a_month();
  understood("price", 2, 1, 3);
  for (const char* name : {"b", "a", "Z", "ä", "c", "d", "e", "f", "g", "h"}) understood(name, 1, 1, 0);
  understood("lost", 0, 0, 1);
  understood("undecided", 0, 0, 3);
  Json list = Json::array({intent("price", 6, 66.7), intent("undecided", 3, 0.0)});
  for (const char* name : {"Z", "a", "b", "c", "d", "e", "f", "g"}) list.push_back(intent(name, 2, 50.0));
  EXPECT_EQ(ask()["topIntents"], list) << "by name in code point order where equal; h and ä are the next";
}

TEST_P(AutomationImpact, IntentsAreTheirConversationsAgents) {
  given_a_month();
  understood("price", 1, 0, 0, "c1");       // ann's
  understood("price", 0, 1, 0, "c3");       // bob's
  understood("price", 1, 0, 0, "c4");       // nobody's
  understood("price", 1, 0, 0, "deleted");  // of a conversation that is gone
  understood("hours", 1, 0, 0, "c5");       // gone's
  EXPECT_EQ(ask()["topIntents"], Json::array({intent("price", 4, 75.0), intent("hours", 1, 100.0)}));
  EXPECT_EQ(ask(agent("ann"))["topIntents"], Json::array({intent("price", 1, 100.0)}));
  EXPECT_EQ(ask(supervisor("sue"))["topIntents"], Json::array({intent("price", 2, 50.0)}));
  EXPECT_EQ(ask(supervisor("tom"))["topIntents"], Json::array());
  EXPECT_EQ(ask(agent("gone"))["topIntents"], Json::array({intent("hours", 1, 100.0)}));
  EXPECT_EQ(ask(Scope::everyone(), 1)["topIntents"], Json::array()) << "all of them are yesterday's";
  EXPECT_EQ(ask(from_to("2026-03-09T09:00:00Z", "2026-03-09T09:00:01Z"))["topIntents"].size(), 2U);
  EXPECT_EQ(ask(from_to("2026-03-09T08:00:00Z", "2026-03-09T09:00:00Z"))["topIntents"].size(), 0U);
}

TEST_P(AutomationImpact, CountsWhatIsSavedByConfiguredFigures) {
  given_a_month();
  settings_.automation.handling_seconds = 1'000;
  settings_.cost.agent_hour = 20.0;
  EXPECT_EQ(ask()["timeSaved"], saved(0.56, 11.11)) << "2 × 1000 s = 0.5555… h; × 20 = 11.111…";
}

TEST_P(AutomationImpact, CountsEventsOfPrometheusFromItsFirstRunOn) {
  given_a_month();
  understood("price", 1, 0, 0);
  SectionHouse house(url_);
  const auto sample = [&](const char* time) {
    const Instant as_of = at(time);
    return house.sample({as_of, utc_calendar().last_days(as_of, 30)}).samples;
  };
  const auto before = sample("2026-03-10T12:00:00Z");
  EXPECT_EQ(before.at("crm_bot_conversations_total resolved"), 0);
  EXPECT_EQ(before.at("crm_bot_conversations_total escalated"), 0);
  EXPECT_EQ(before.at("crm_bot_conversations_dropped"), 1) << "c3";
  EXPECT_EQ(before.at("crm_time_saved_seconds"), 600) << "c1 and c8";
  given(Intent{.conversation = "c4", .intent = "order", .at = "2026-03-10 12:10", .succeeded = "false"},
        Intent{.conversation = "c4", .intent = "order", .at = "2026-03-10 12:11"});
  execute(url_, "UPDATE conversations SET resolved_at = '2026-03-10 12:15' WHERE id = '" + id("c4") + "'");
  const auto after = sample("2026-03-10T12:20:00Z");
  EXPECT_EQ(after.at("crm_bot_conversations_total resolved"), 1) << "c4";
  EXPECT_EQ(after.at("crm_bot_conversations_total escalated"), 0);
  EXPECT_EQ(after.at("crm_time_saved_seconds"), 900);
  EXPECT_EQ(after.at("crm_intents_total order detected"), 2);
  EXPECT_EQ(after.at("crm_intents_total order succeeded"), 0);
  EXPECT_EQ(after.at("crm_intents_total order unsuccessful"), 1) << "one is not decided";
}

TEST_P(AutomationImpact, AViewThatTheCrmLacksIsZeroInJsonAndAbsentFromPrometheus) {
  given_a_month();
  understood("price", 1, 0, 0);
  const SectionQuestion month{noon, utc_calendar().last_days(noon, 30)};
  execute(url_, "DROP VIEW crm_source.bot_intents");
  const SectionAnswer without_intents = SectionHouse(url_).sample(month);
  EXPECT_EQ(without_intents["topIntents"], Json::array());
  EXPECT_EQ(without_intents["autoReplySuccess"]["total"], 6);
  EXPECT_EQ(without_intents.samples.size(), 4U) << "resolved, escalated, dropped, saved";
  execute(url_, "DROP VIEW crm_source.messages");
  const SectionAnswer without_messages = SectionHouse(url_).sample(month);
  EXPECT_EQ(without_messages["chatbotVsHuman"], by_whom(0, 0, 0.0));
  EXPECT_EQ(without_messages["autoReplySuccess"], of_bot("successful", 0, 0, 100.0));
  EXPECT_EQ(without_messages["timeSaved"], saved(0.0, 0.0));
  EXPECT_TRUE(without_messages.samples.empty());
}

// Every number against a brute-force oracle that reads the same random rows one by one, in C++.
TEST_P(AutomationImpact, AgreesWithTheOracleOnRandomRowsForEveryScopeAndWindow) {
  for (unsigned seed = 1; seed <= 2; ++seed) {
    const std::string url = with_history(create_database(cluster(), GetParam()), GetParam());
    RandomAutomation random(GetParam(), seed, noon);
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
