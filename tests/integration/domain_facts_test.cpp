// Facts of customers, presence, the bot, and business: hand-counted, on a real PostgreSQL and two CRMs. All times are
// on 10 March 2026 unless they say else.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "facts_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;

std::string day_at(const std::string& time) {
  return "2026-03-10 " + time;
}

// --- customers -------------------------------------------------------------------------------------------------------

class Customers : public FactsTest {
 protected:
  void conversation(const std::string& name, const std::string& contact, const std::string& at,
                    const std::string& agent = "ann") {
    given(Conversation{.name = name, .agent = agent, .created = at, .contact = contact});
  }
};
CRM_ON_EVERY_CRM(Customers);

TEST_P(Customers, AreNewWithTheirFirstConversationEver) {
  conversation("a", "eva", "2025-01-01 09:00");
  conversation("b", "eva", day_at("09:00"));
  conversation("c", "tom", day_at("10:00"));
  conversation("d", "tom", day_at("11:00"));
  conversation("e", "", day_at("12:00"));
  EXPECT_EQ(day("customers").sum("first_ever"), 1) << "tom's at 10:00; eva came a year before";
  EXPECT_EQ(day("customers").sum("again"), 2) << "eva's, tom's second; nobody's counts nowhere";
}

TEST_P(Customers, AreTheCompanysWhoeverSpokeWithThemFirst) {
  conversation("a", "eva", day_at("09:00"), "ann");
  conversation("b", "eva", day_at("10:00"), "ben");
  EXPECT_EQ(day("customers", agent("ann")).sum("first_ever"), 1);
  EXPECT_EQ(day("customers", agent("ben")).sum("first_ever"), 0) << "she had spoken with ann";
  EXPECT_EQ(day("customers", agent("ben")).sum("again"), 1);
}

TEST_P(Customers, OfOneInstantHaveOneFirstConversation) {
  conversation("a", "eva", day_at("09:00"));
  conversation("b", "eva", day_at("09:00"));
  EXPECT_EQ(day("customers").sum("first_ever"), 1);
  EXPECT_EQ(day("customers").sum("again"), 1);
}

TEST_P(Customers, VisitTheDayAfterTheOneBeforeIt) {
  conversation("a", "eva", "2026-03-07 23:59", "ben");
  conversation("b", "eva", day_at("09:00"));
  conversation("c", "eva", day_at("10:00"), "");
  conversation("d", "eva", day_at("10:00"), "");
  conversation("e", "tom", day_at("11:00"));
  conversation("f", "", day_at("12:00"));
  std::map<std::string, std::int64_t> came;
  const FactTable visits = ask({"visits", between("00:00:00", "23:00:00"), {Axis::key}});
  for (const FactRow& row : visits.rows()) came[row.key.value_or("none")] = visits.value(row, "came");
  EXPECT_EQ(came, (std::map<std::string, std::int64_t>{{"20519", 1}, {"20522", 2}, {"none", 1}}))
      << "b after the 7th; c and d, of one instant, after b and each other; tom's";
  EXPECT_EQ(day("visits", agent("ann")).sum("came"), 0) << "they are the company's";
}

// --- presence --------------------------------------------------------------------------------------------------------

class PresenceFact : public FactsTest {
 protected:
  void span(const std::string& status, const std::string& from, const std::string& to = "",
            const std::string& agent = "ann") {
    given(Span{.agent = agent, .status = status, .from = day_at(from), .to = to.empty() ? to : day_at(to)});
  }
  std::pair<std::int64_t, std::int64_t> online_and_away(const Window& window = between("00:00:00", "23:00:00")) {
    const FactTable table = ask({"presence", window});
    return {table.sum("online_ms"), table.sum("away_ms")};
  }
  static std::pair<std::int64_t, std::int64_t> minutes(std::int64_t online, std::int64_t away) {
    return {online * 60'000, away * 60'000};
  }
};
CRM_ON_EVERY_CRM(PresenceFact);

TEST_P(PresenceFact, IsWhatSpansLieInTheWindow) {
  span("online", "08:30:00", "10:00:00");
  span("away", "10:00:00", "10:15:00");
  span("offline", "10:15:00", "11:00:00");
  EXPECT_EQ(online_and_away(), minutes(90, 15));
  EXPECT_EQ(online_and_away(between("09:00:00", "10:05:00")), minutes(60, 5)) << "clipped on both sides";
}

TEST_P(PresenceFact, OfAnOpenSpanLastsUntilNow) {
  span("online", "22:00:00");
  EXPECT_EQ(online_and_away(), minutes(60, 0)) << "it is 23:00";
  EXPECT_EQ(online_and_away(between("22:00:00", "23:59:00")), minutes(60, 0)) << "what is to come is not counted";
}

TEST_P(PresenceFact, OfSpansThatOverlapTheLatestToBeginTells) {
  span("online", "09:00:00", "12:00:00");
  span("away", "10:00:00", "10:30:00");
  span("online", "10:20:00", "10:25:00");
  // online 9:00-10:00, away -10:20, online -10:25, away -10:30, online -12:00.
  EXPECT_EQ(online_and_away(), minutes(60 + 5 + 90, 20 + 5));
  EXPECT_EQ(online_and_away(between("10:22:00", "10:40:00")), minutes(3 + 10, 5));
}

TEST_P(PresenceFact, IsNeverCountedTwice) {
  span("online", "09:00:00", "10:00:00");
  span("online", "09:00:00", "10:00:00");
  span("online", "09:30:00", "09:40:00");
  span("away", "09:50:00", "09:50:00");
  span("away", "09:55:00", "09:45:00");
  EXPECT_EQ(online_and_away(), minutes(60, 0)) << "spans that end before they begin are none";
}

TEST_P(PresenceFact, OfAForgottenSpanIsADayAtMost) {
  given(Span{.agent = "ann", .status = "online", .from = "2026-03-09 06:00"});
  EXPECT_EQ(online_and_away(), minutes(6 * 60, 0)) << "24 h from 06:00 of the day before";
  settings_.agents.max_span = std::chrono::hours(8);
  EXPECT_EQ(online_and_away(), minutes(0, 0));
  span("away", "00:30:00");
  EXPECT_EQ(online_and_away(), minutes(0, 8 * 60));
}

TEST_P(PresenceFact, IsCutWhereThePeriodsBegin) {
  span("online", "09:59:59.999", "11:00:00.5");
  const FactTable table = ask({.fact = "presence",
                               .window = between("09:30:00", "12:00:00"),
                               .by = {Axis::bucket, Axis::agent},
                               .buckets = {on_the_day("09:00:00"), on_the_day("10:00:00"), on_the_day("11:00:00")}});
  ASSERT_EQ(table.rows().size(), 3U);
  EXPECT_EQ(table.value(table.rows()[0], "online_ms"), 1);
  EXPECT_EQ(table.value(table.rows()[1], "online_ms"), 3'600'000);
  EXPECT_EQ(table.value(table.rows()[2], "online_ms"), 500);
  EXPECT_EQ(table.rows()[0].agent, id_of("ann"));
}

TEST_P(PresenceFact, IsEachAgentsOwn) {
  span("online", "09:00:00", "10:00:00");
  span("away", "09:30:00", "10:30:00", "ben");
  EXPECT_EQ(online_and_away(), minutes(60, 60)) << "ben's span is none of ann's";
  EXPECT_EQ(day("presence", agent("ben")).sum("away_ms"), 3'600'000);
  EXPECT_EQ(day("presence", agent("ben")).sum("online_ms"), 0);
}

// --- the bot ---------------------------------------------------------------------------------------------------------

class BotConversations : public FactsTest {
 protected:
  void say(const std::string& sender, const std::string& at, const std::string& campaign = "") {
    given(Message{.conversation = "c", .sender = sender, .at = at.size() > 8 ? at : day_at(at), .campaign = campaign});
  }
  void conversation(const std::string& resolved = "", const std::string& escalated = "") {
    given(Conversation{.name = "c",
                       .agent = "ann",
                       .created = day_at("09:00"),
                       .resolved = resolved.empty() ? resolved : day_at(resolved),
                       .escalated = escalated.empty() ? escalated : day_at(escalated)});
  }
  // The names of the columns that count the conversation, as known at an instant.
  std::string counted(const std::string& as_of = "23:00:00") {
    const FactTable table = ask({"bot_conversations", between("00:00:00", "23:00:00")}, Scope::everyone(), as_of);
    std::string names;
    for (const std::string& column : table.columns()) {
      if (table.sum(column) > 0) names += (names.empty() ? "" : " ") + column;
    }
    return names;
  }
};
CRM_ON_EVERY_CRM(BotConversations);

TEST_P(BotConversations, AreTheBotsAloneUntilAHumanReplies) {
  conversation();
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  EXPECT_EQ(counted(), "bot chatbot");
  say("agent", "09:10:00");
  EXPECT_EQ(counted(), "bot human");
}

TEST_P(BotConversations, AreTheHumansWithoutABot) {
  conversation();
  say("customer", "09:00:00");
  EXPECT_EQ(counted(), "") << "nobody answered";
  say("system", "09:00:01");
  say("bot", "09:00:02", "spring");
  EXPECT_EQ(counted(), "") << "neither a system nor a campaign answers";
  say("agent", "09:01:00");
  EXPECT_EQ(counted(), "human");
}

TEST_P(BotConversations, SucceedWhenResolvedWithoutAHumanReply) {
  conversation("12:00:00");
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  EXPECT_EQ(counted(), "bot chatbot successful");
  EXPECT_EQ(counted("11:59:59"), "bot chatbot") << "not resolved by then";
  say("agent", "11:00:00");
  EXPECT_EQ(counted(), "bot human");
}

TEST_P(BotConversations, AreEscalatedWhenHandedToAHuman) {
  conversation("", "09:30:00");
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  EXPECT_EQ(counted("09:29:59"), "bot chatbot");
  EXPECT_EQ(counted(), "bot escalated") << "handed over, and no human has replied: neither's";
  say("agent", "09:31:00");
  EXPECT_EQ(counted(), "bot human escalated");
}

TEST_P(BotConversations, DropWhenTheCustomerIsSilentForTooLong) {
  settings_.automation.drop_off_after = std::chrono::hours(2);
  conversation();
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  say("bot", "09:30:00");
  EXPECT_EQ(counted("11:00:01"), "bot chatbot");
  EXPECT_EQ(counted("11:00:02"), "bot chatbot dropped") << "two hours after the bot's first, whatever it said since";
  say("customer", "11:00:03");
  EXPECT_EQ(counted(), "bot chatbot dropped") << "a later return does not undo it";
}

TEST_P(BotConversations, DoNotDropWhenSomethingFollowed) {
  settings_.automation.drop_off_after = std::chrono::hours(2);
  conversation("", "13:00:00");
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  say("customer", "11:00:02");
  say("bot", "11:00:03");
  EXPECT_EQ(counted(), "bot escalated") << "answered after exactly two hours, then handed over";
}

TEST_P(BotConversations, DoNotDropWhenResolved) {
  settings_.automation.drop_off_after = std::chrono::hours(2);
  conversation("10:00:00");
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  say("bot", "10:00:05");
  EXPECT_EQ(counted(), "bot chatbot successful") << "the bot says good bye, nobody answers: nothing is lost";
}

TEST_P(BotConversations, AreTheBotsAlsoWhereTheSlaTakesItForAHuman) {
  settings_.sla.count_bot_replies = true;
  conversation();
  say("customer", "09:00:00");
  say("bot", "09:00:02");
  EXPECT_EQ(counted(), "bot chatbot");
}

TEST_P(BotConversations, OfOneInstantTheCustomerSpokeFirst) {
  settings_.automation.drop_off_after = std::chrono::hours(2);
  conversation();
  say("customer", "09:00:00");
  say("bot", "09:00:00");
  EXPECT_EQ(counted(), "bot chatbot dropped") << "whatever their ids";
}

// --- intents ---------------------------------------------------------------------------------------------------------

class IntentsFact : public FactsTest {};
CRM_ON_EVERY_CRM(IntentsFact);

TEST_P(IntentsFact, AreCountedByNameWithWhatCameOfThem) {
  given(Conversation{.name = "c", .agent = "ann", .created = day_at("09:00")},
        Intent{.conversation = "c", .intent = "price", .at = day_at("09:00"), .succeeded = "true"},
        Intent{.conversation = "c", .intent = "price", .at = day_at("09:05"), .succeeded = "false"},
        Intent{.conversation = "c", .intent = "price", .at = day_at("09:06")},
        Intent{.conversation = "d", .intent = "opening hours", .at = day_at("09:07"), .succeeded = "true"},
        Intent{.conversation = "c", .intent = "price", .at = "2026-03-09 09:00"});
  const FactTable table = ask({.fact = "intents", .window = between("00:00:00", "23:00:00"), .by = {Axis::key}});
  ASSERT_EQ(table.rows().size(), 2U);
  EXPECT_EQ(table.rows()[1].key, "price");
  EXPECT_THAT(table.rows()[1].values, ::testing::ElementsAre(3, 1, 1)) << "one is not decided";
  EXPECT_EQ(day("intents", agent("ann")).sum("detected"), 3)
      << "those of a conversation that is gone are the company's";
}

// --- leads, tickets --------------------------------------------------------------------------------------------------

class BusinessFacts : public FactsTest {};
CRM_ON_EVERY_CRM(BusinessFacts);

TEST_P(BusinessFacts, LeadsAreWonWhenTheyAre) {
  given(Contact{.name = "eva", .lead = day_at("09:00"), .agent = "ann"},
        Contact{.name = "tom", .lead = day_at("10:00")}, Contact{.name = "kim"},
        Contact{.name = "old", .lead = "2026-03-09 10:00", .agent = "ann"});
  EXPECT_EQ(day("leads").sum("won"), 2);
  EXPECT_EQ(day("leads", agent("ann")).sum("won"), 1);
}

TEST_P(BusinessFacts, TicketsAreResolvedWhenTheyAre) {
  given(Ticket{.agent = "ann", .priority = "high", .created = "2026-03-01 09:00", .resolved = day_at("10:00")},
        Ticket{.priority = "low", .created = day_at("09:00"), .resolved = day_at("11:00")},
        Ticket{.agent = "ann", .priority = "low", .created = day_at("09:00")});
  EXPECT_EQ(day("ticket_resolutions").sum("resolved"), 2);
  EXPECT_EQ(day("ticket_resolutions", agent("ann")).sum("resolved"), 1);
}

// --- campaigns -------------------------------------------------------------------------------------------------------

class CampaignResults : public FactsTest {
 protected:
  // A message of the campaign "spring" to eva, at 09:00.
  void sent(const std::string& status = "sent", const std::string& converted = "", const std::string& word = "sent",
            const std::string& sent_at = "") {
    given(
        Message{.sender = "system",
                .at = day_at("09:00"),
                .status = status,
                .sent = sent_at,
                .campaign = "spring",
                .name = "to eva"},
        Recipient{.campaign = "spring", .contact = "eva", .message = "to eva", .converted = converted, .status = word},
        Recipient{.campaign = "spring", .contact = "tom"});
  }
  void answered(const std::string& at) {
    given(Conversation{.name = "c", .created = day_at("08:00"), .contact = "eva"},
          Message{.conversation = "c", .sender = "customer", .at = at});
  }
  // "sent responded converted": as many of them as are counted.
  std::string counted(const std::string& as_of = "23:00:00") {
    const FactTable table =
        ask({.fact = "campaign_results", .window = between("00:00:00", "23:00:00"), .by = {Axis::key}},
            Scope::everyone(), as_of);
    if (table.rows().empty()) return "";
    EXPECT_EQ(table.rows()[0].key, id_of("spring"));
    std::string names;
    for (const std::string& column : table.columns()) {
      if (table.sum(column) > 0) names += (names.empty() ? "" : " ") + column;
    }
    return names;
  }
};
CRM_ON_EVERY_CRM(CampaignResults);

TEST_P(CampaignResults, CountMessagesThatLeftTheQueue) {
  sent("failed");
  EXPECT_EQ(counted(), "sent") << "tom has no message";
}

TEST_P(CampaignResults, AreNoneWhileTheMessageWaits) {
  sent("pending", day_at("10:00"));
  answered(day_at("09:30"));
  EXPECT_EQ(counted(), "") << "whatever the contact did, it was not for this message";
}

TEST_P(CampaignResults, CountAnswersWithinTheWindow) {
  settings_.campaign.response_window = std::chrono::hours(2);
  sent();
  answered(day_at("11:00"));
  EXPECT_EQ(counted(), "sent responded") << "the last instant of two hours";
  EXPECT_EQ(counted("10:59:59"), "sent");
}

TEST_P(CampaignResults, CountNoAnswersBeforeOrBehindIt) {
  settings_.campaign.response_window = std::chrono::hours(2);
  sent();
  answered(day_at("09:00"));
  given(Message{.conversation = "c", .sender = "customer", .at = day_at("11:00:01")},
        Message{.conversation = "c", .sender = "agent", .at = day_at("09:30")});
  EXPECT_EQ(counted(), "sent");
}

TEST_P(CampaignResults, CountFromWhenItWasSentWhereThatIsKnown) {
  settings_.campaign.response_window = std::chrono::hours(2);
  sent("sent", "", "sent", day_at("10:00"));
  answered(day_at("09:30"));
  EXPECT_EQ(counted(), "sent");
  given(Message{.conversation = "c", .sender = "customer", .at = day_at("11:30")});
  EXPECT_EQ(counted(), "sent responded");
}

TEST_P(CampaignResults, AreConvertedWhereMarkedSo) {
  sent("delivered", day_at("12:00"));
  EXPECT_EQ(counted("11:59:59"), "sent");
  EXPECT_EQ(counted(), "sent converted");
}

TEST_P(CampaignResults, AreConvertedByTheirWord) {
  sent("delivered", "", "converted");
  EXPECT_EQ(counted(), "sent converted") << "nobody knows when";
}

TEST_P(CampaignResults, AreConvertedByALeadWithinTheWindow) {
  settings_.campaign.conversion_window = std::chrono::hours(3);
  sent();
  given(Contact{.name = "eva", .lead = day_at("12:00"), .agent = "ann"});
  EXPECT_EQ(counted("11:59:59"), "sent");
  EXPECT_EQ(counted(), "sent converted");
  settings_.campaign.conversion_window = std::chrono::minutes(179);
  EXPECT_EQ(counted(), "sent");
}

TEST_P(CampaignResults, AreConvertedByATicketResolvedWithinTheWindow) {
  settings_.campaign.conversion_window = std::chrono::hours(3);
  sent();
  given(Ticket{.priority = "low", .created = day_at("08:00"), .resolved = day_at("08:59"), .contact = "eva"},
        Ticket{.priority = "low", .created = day_at("08:00"), .resolved = day_at("12:00:01"), .contact = "eva"},
        Ticket{.priority = "low", .created = day_at("08:00"), .resolved = day_at("10:00"), .contact = "tom"});
  EXPECT_EQ(counted(), "sent") << "before it, too late, and somebody else's";
  given(Ticket{.priority = "low", .created = day_at("08:00"), .resolved = day_at("09:30"), .contact = "eva"});
  EXPECT_EQ(counted(), "sent converted");
}

TEST_P(CampaignResults, AreSeenByOwnersOnly) {
  sent();
  EXPECT_EQ(day("campaign_results", agent("ann")).sum("sent"), 0);
  EXPECT_EQ(day("campaign_results", supervisor("sue")).sum("sent"), 0);
  EXPECT_EQ(day("campaign_results", {Role::admin, id_of("adam")}).sum("sent"), 1);
}

}  // namespace
