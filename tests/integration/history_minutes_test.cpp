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

}  // namespace
}  // namespace crm::testing
