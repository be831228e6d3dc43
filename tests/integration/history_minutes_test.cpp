// Which minutes a step counts again, hand-counted.

#include <gtest/gtest.h>

#include "history_scenario.h"

namespace crm::testing {
namespace {

using HistoryMinutes = HistoryScenario;

// Both by one statement, which reads what lies between them.
TEST_F(HistoryMinutes, OfMinutesThatLieNearEachOtherThoseBetweenAreNotCountedWithThem) {
  given(Conversation{.name = "early", .agent = "ann", .created = "2026-03-10 08:00:30"},
        Conversation{.name = "between", .agent = "ann", .created = "2026-03-10 08:02:10"},
        Conversation{.name = "late", .agent = "ann", .created = "2026-03-10 08:05:59"},
        Conversation{.name = "next", .agent = "ann", .created = "2026-03-10 08:06:00"});
  take_steps(at("2026-03-10T09:00:00"));
  execute(url_, "UPDATE conversations SET assigned_agent_id = '" + id("ben") + "' WHERE id IN ('" + id("early") +
                    "', '" + id("late") + "')");
  take_steps(at("2026-03-10T09:10:00"));
  EXPECT_EQ(scalar(url_,
                   "SELECT string_agg(to_char(start AT TIME ZONE 'UTC', 'HH24:MI'), ' ' ORDER BY start) FROM "
                   "crm_metrics.fact_periods WHERE fact = 'conversations' AND grain = 'minutes' AND start < "
                   "'2026-03-10 09:00+00' AND as_of = '2026-03-10 09:10+00'"),
            "08:00 08:05");
  for (const std::string fact : {"conversations", "waiting", "sla"}) {
    const Question asked = question(fact, "2026-03-10T08:00:00", "2026-03-10T09:00:00", "2026-03-10T09:10:00");
    EXPECT_EQ(total(asked), raw(asked).at("- - -")) << fact;
  }
  const auto minutes_of = [&](const std::string& agent) {
    return scalar(url_,
                  "SELECT string_agg(to_char(start AT TIME ZONE 'UTC', 'HH24:MI'), ' ' ORDER BY start) FROM "
                  "crm_metrics.fact_conversations WHERE grain = 'minutes' AND agent = '" +
                      id(agent) + "'");
  };
  EXPECT_EQ(minutes_of("ann"), "08:02 08:06");
  EXPECT_EQ(minutes_of("ben"), "08:00 08:05");
}

constexpr std::int64_t that_last = 1;  // facts that go on by themselves: presence

TEST_F(HistoryMinutes, OfWhichNothingWasWrittenAreNotCounted) {
  take_steps(at("2026-03-10T08:00:10"));
  EXPECT_EQ(take_steps(at("2026-03-10T08:00:20")).periods, that_last);
  EXPECT_EQ(take_steps(at("2026-03-10T08:03:05")).periods,
            that_last * 4);  // the one that went on, and three that began
  EXPECT_EQ(scalar(url_,
                   "SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'minutes' AND start = '2026-03-10 "
                   "08:03+00' AND until = '2026-03-10 08:03:05+00' AND as_of = until"),
            std::to_string(registry_.all().size()));
  given(Conversation{.name = "first", .agent = "ann", .created = "2026-03-10 08:01:30"});
  EXPECT_GT(take_steps(at("2026-03-10T08:03:15")).periods, that_last);
  EXPECT_EQ(total(question("conversations", "2026-03-10T08:00:00", "2026-03-10T08:03:15", "2026-03-10T08:03:15")),
            (std::vector<std::int64_t>{1, 0}));
}

// Clocks of applications are ahead of the database's, and imports are of anything.
TEST_F(HistoryMinutes, WhatIsWrittenBeforeItsTimeIsCountedWhenThatHasCome) {
  given(Conversation{.name = "before anything", .agent = "ann", .created = "2026-03-10 08:00:40"});
  take_steps(at("2026-03-10T08:00:10"));
  given(Conversation{.name = "later", .agent = "ann", .created = "2026-03-10 08:02:30"});
  const auto counted = [&](const std::string& now) {
    const rollup::StepResult step = take_steps(at(now));
    const Question asked = question("conversations", "2026-03-10T08:00:00", now, now);
    EXPECT_EQ(total(asked), raw(asked).at("- - -")) << now;
    return std::pair(total(asked).front(), step.periods == that_last);
  };
  EXPECT_EQ(counted("2026-03-10T08:00:30"), std::pair(std::int64_t{0}, false));
  EXPECT_EQ(counted("2026-03-10T08:00:50"), std::pair(std::int64_t{1}, false));
  EXPECT_EQ(counted("2026-03-10T08:02:20"), std::pair(std::int64_t{1}, false));
  EXPECT_EQ(counted("2026-03-10T08:02:40"), std::pair(std::int64_t{2}, false));  // its time lay behind the last step
  EXPECT_EQ(counted("2026-03-10T08:02:50"), std::pair(std::int64_t{2}, true));
}

// Where there is no time for all that has changed: what is left answers as it was, says so, and is counted in the end,
// once.
class LateMinutes : public HistoryScenario {
 protected:
  static constexpr int all = 12;  // minutes with a message in each

  void SetUp() override {
    take_steps(at("2026-03-10T08:00:00"));
    for (int minute = 0; minute < all; ++minute) {
      given(Message{.sender = "agent", .at = time(minute), .status = "sent", .name = "m" + std::to_string(minute)});
    }
    take_steps(at("2026-03-10T08:20:00"));
    execute(url_, "UPDATE messages SET delivery_status = 'delivered', delivered_at = '2026-03-10 08:20:10'");
  }

  static std::string time(int minute) { return fmt::format("2026-03-10 08:{:02}:30", minute); }

  rollup::StepResult hurried_step(const std::string& now) {
    return take_step(
        {.budget = std::chrono::milliseconds(0), .look_everywhere = false, .hurries_from = 1, .as_of = at(now)});
  }

  std::string late(const std::string& fact = "messages") {
    return scalar(
        url_, "SELECT count(*) FROM crm_metrics.fact_periods WHERE late_since IS NOT NULL AND fact = '" + fact + "'");
  }
  // As they say: of the messages of all these minutes.
  std::int64_t delivered(const std::string& now, const std::string& to = "2026-03-10T08:12:00") {
    exact_ = true;
    const std::vector<std::int64_t> counts = total(question("messages", "2026-03-10T08:00:00", to, now));
    EXPECT_EQ(counts.at(1), all) << "whatever else";
    return counts.at(3);
  }
};

TEST_F(LateMinutes, AnswerAsTheyWereAndSaySo) {
  EXPECT_TRUE(hurried_step("2026-03-10T08:20:20").more);
  constexpr int facts = 4;    // that deliveries touch
  constexpr int at_once = 4;  // of the first of them: some are counted in any case
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.fact_periods WHERE late_since IS NOT NULL"),
            std::to_string(facts * all - at_once));
  EXPECT_LE(delivered("2026-03-10T08:20:20"), at_once);
  EXPECT_FALSE(exact_);
  exact_ = true;
  total(question("turns", "2026-03-10T08:00:00", "2026-03-10T08:12:00", "2026-03-10T08:20:20"));
  EXPECT_TRUE(exact_) << "of which nothing waits";
}

TEST_F(LateMinutes, AreCountedWhenThereIsTimeThoseFirstThatHaveWaitedLongest) {
  hurried_step("2026-03-10T08:20:20");
  execute(url_, "UPDATE messages SET delivery_status = 'read', read_at = '2026-03-10 08:20:30' WHERE id = '" +
                    id("m11") + "'");
  for (int second = 30; late() != "0" && second < 60; ++second)
    hurried_step(fmt::format("2026-03-10T08:20:{:02}", second));
  EXPECT_EQ(delivered("2026-03-10T08:20:59"), all);
  EXPECT_TRUE(exact_);
  EXPECT_EQ(counter("messages", "delivered"), all) << "each once";
  EXPECT_EQ(counter("messages", "read"), 1);
}

TEST_F(LateMinutes, AreCountedAtOnceByAStepThatHasTime) {
  hurried_step("2026-03-10T08:20:20");
  take_step({.as_of = at("2026-03-10T08:20:25")});
  EXPECT_EQ(late() + late("campaign_messages") + late("message_failures"), "000");
  EXPECT_EQ(delivered("2026-03-10T08:20:25"), all);
  EXPECT_TRUE(exact_);
}

// The hour is not added up from minutes that are late, and does not hold.
TEST_F(LateMinutes, NoHourIsMadeOfThem) {
  take_steps(at("2026-03-10T09:00:10"));
  EXPECT_EQ(delivered("2026-03-10T09:00:10", "2026-03-10T09:00:00"), all);
  execute(url_, "UPDATE messages SET delivery_status = 'read', read_at = '2026-03-10 09:00:12'");
  const auto read = [&](const std::string& now) {
    exact_ = true;
    return total(question("messages", "2026-03-10T08:00:00", "2026-03-10T09:00:00", now)).at(4);
  };
  hurried_step("2026-03-10T09:00:20");
  hurried_step("2026-03-10T09:00:21");
  EXPECT_NE(late(), "0");
  EXPECT_LT(read("2026-03-10T09:00:21"), all);
  EXPECT_FALSE(exact_);
  for (int second = 30; late() != "0" && second < 60; ++second)
    hurried_step(fmt::format("2026-03-10T09:00:{:02}", second));
  take_steps(at("2026-03-10T09:01:00"));
  EXPECT_EQ(read("2026-03-10T09:01:00"), all);
  EXPECT_TRUE(exact_);
  EXPECT_EQ(counter("messages", "read"), all);
  EXPECT_EQ(scalar(url_, "SELECT read FROM crm_metrics.fact_messages WHERE grain = 'hour' AND agent = '*'"),
            std::to_string(+all));
}

// As `crm-metricsd rollup` counts days, which is none of a step.
class LateMinutesOfDays : public LateMinutes {
 protected:
  void count_day(const std::string& now) {
    const auto snapshot = postgres().open({.scope = Scope::everyone(),
                                           .deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60),
                                           .as_of = at(now),
                                           .writing = source::Writing{"rollup_state", std::chrono::seconds(1)}});
    const rollup::FactDefinition& fact = registry_.get("messages");
    rollup::Counting counting(*snapshot, settings_, {&fact}, *zone_, true, 1);  // every hour is crowded
    counting.count_days(fact, counting.days({at("2026-03-10T00:00:00"), at("2026-03-11T00:00:00")}),
                        at("2026-03-10T08:00:00"));
    snapshot->commit();
    EXPECT_EQ(late(), "0");
    EXPECT_EQ(counter("messages", "delivered"), all) << "once, by their minutes or by their hour";
    EXPECT_EQ(delivered(now, "2026-03-11T00:00:00"), all);
  }
};

TEST_F(LateMinutesOfDays, AreCountedWithThem) {
  hurried_step("2026-03-10T08:20:20");
  count_day("2026-03-11T00:10:00");
}

TEST_F(LateMinutesOfDays, AreCountedWithOldHoursThatWereNotStored) {
  hurried_step("2026-03-10T08:20:20");
  count_day("2026-03-14T00:10:00");
}

TEST_F(LateMinutesOfDays, AddNothingBesideOldHoursThatWere) {
  execute(url_, "UPDATE messages SET delivery_status = 'sent', delivered_at = NULL");
  take_steps(at("2026-03-10T09:00:10"));
  execute(
      url_,
      "UPDATE messages SET delivery_status = 'delivered', delivered_at = '2026-03-10 09:00:12'; "
      "DELETE FROM crm_metrics.changes; "  // a step has taken them, and found no time at all
      "UPDATE crm_metrics.fact_periods SET late_since = '2026-03-10 09:00:20+00' WHERE fact = 'messages' AND grain = "
      "'minutes' AND start >= '2026-03-10 08:00+00' AND start < '2026-03-10 08:12+00'; "
      "UPDATE crm_metrics.fact_periods SET stale_since = '2026-03-10 09:00:20+00' WHERE fact = 'messages' AND grain = "
      "'hour'");
  count_day("2026-03-14T00:10:00");
}

}  // namespace
}  // namespace crm::testing
