// What changes late in hours that ended long ago: counted once whatever is left of their minutes, hand-counted.

#include <gtest/gtest.h>

#include "history_scenario.h"

namespace crm::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

class OldHours : public HistoryScenario {
 protected:
  // Nine messages that were sent in minutes of one hour: 10:01 to 10:09.
  void given_nine_messages() {
    take_steps(at("2026-03-10T09:00:00"));
    given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 10:00"});
    for (int i = 1; i < 10; ++i) {
      given(Message{.conversation = "c",
                    .sender = "agent",
                    .at = "2026-03-10 10:0" + std::to_string(i),
                    .status = "sent",
                    .name = name(i)});
    }
    take_steps(at("2026-03-10T10:30:00"));
  }
  static std::string name(int message) { return "m" + std::to_string(message); }

  void deliver(int message, Instant when) {
    execute(url_, "UPDATE messages SET delivery_status = 'delivered', delivered_at = '" + to_iso(when) +
                      "' WHERE id = '" + id(name(message)) + "'");
  }

  // The hour's first delivery is counted in its minute, and there is no time for the hour. Returns when.
  Instant leave_the_hour_stale() {
    given_nine_messages();
    take_steps(at("2026-03-10T11:05:00"));
    const Instant young = at("2026-03-11T08:00:00");
    take_steps(young - minutes(1));
    deliver(1, young);
    take_step({.budget = std::chrono::milliseconds(0), .look_everywhere = false, .as_of = young});
    EXPECT_EQ(counter("messages", "delivered"), 1);
    EXPECT_EQ(scalar(url_,
                     "SELECT count(*) FROM crm_metrics.fact_periods WHERE fact = 'messages' AND grain = 'hour' "
                     "AND stale_since IS NOT NULL"),
              "1");
    return young;
  }

  std::int64_t delivered(Instant now) {
    const Question asked{&registry_.get("messages"),
                         {.fact = "messages", .window = {at("2026-03-10T00:00:00"), at("2026-03-11T00:00:00")}},
                         Scope::everyone(),
                         now};
    const auto numbers = total(asked);
    EXPECT_EQ(numbers, raw(asked).at("- - -")) << to_iso(now);
    const auto& columns = asked.fact->columns;
    const auto column = std::find_if(columns.begin(), columns.end(), [](auto& one) { return one.name == "delivered"; });
    return numbers.at(static_cast<std::size_t>(column - columns.begin()));
  }

  // Minutes of that hour that are stored of the fact, and those of them that were counted at `as_of`.
  std::string minutes_stored(const std::string& fact = "messages") {
    return scalar(url_, "SELECT count(*) FROM crm_metrics.fact_periods WHERE fact = '" + fact +
                            "' AND grain = 'minutes' AND start >= '2026-03-10 10:00+00' AND start < '2026-03-10 "
                            "11:00+00'");
  }
  std::string minutes_counted(Instant as_of) {
    return scalar(url_,
                  "SELECT count(*) FROM crm_metrics.fact_periods WHERE fact = 'messages' AND grain = 'minutes' "
                  "AND start >= '2026-03-10 10:00+00' AND start < '2026-03-10 11:00+00' AND as_of = '" +
                      to_iso(as_of) + "'");
  }
};

// An hour's minutes are kept for a day and some hours; at each age of the hour, each delivery is one of the counter's.
TEST_F(OldHours, ADeliveryIsOneOfTheCountersHoweverOldItsHourIs) {
  given_nine_messages();
  const Instant ended = at("2026-03-10T11:00:00");
  int message = 0;
  for (const minutes age :
       {minutes(5), minutes(24 * 60 + 55), minutes(25 * 60 + 20), minutes(26 * 60 + 10), minutes(26 * 60 + 58),
        minutes(27 * 60 + 3), minutes(27 * 60 + 40), minutes(28 * 60 + 20), minutes(75 * 60)}) {
    const Instant now = ended + age;
    take_steps(now - minutes(1));
    deliver(++message, now);
    take_steps(now);
    EXPECT_EQ(counter("messages", "delivered"), message) << age.count() << " minutes";
    EXPECT_EQ(counter("messages", "delivered", id("ann")), message) << age.count() << " minutes";
    EXPECT_EQ(delivered(now), message) << age.count() << " minutes";
  }
}

TEST_F(OldHours, OfACrowdedHourOnlyTheMinuteIsCountedAgain) {
  given_nine_messages();
  const rollup::StepRules crowded{.crowd = 9};
  take_steps(at("2026-03-10T11:05:00"), crowded);
  const Instant first = at("2026-03-12T12:00:00");
  take_steps(first - minutes(1), crowded);
  EXPECT_EQ(minutes_stored(), "60");
  EXPECT_EQ(minutes_stored("leads"), "0") << "which has nothing to do with messages";
  deliver(1, first);
  EXPECT_EQ(delivered(first), 1) << "before any step";
  take_steps(first, crowded);
  EXPECT_EQ(minutes_counted(first), "1");
  EXPECT_EQ(delivered(first), 1);
  EXPECT_EQ(counter("messages", "delivered"), 1);
  EXPECT_EQ(counter("messages", "outbound"), 9);
  const Instant second = at("2026-03-15T18:00:00");
  deliver(2, second);
  deliver(3, second);
  take_steps(second, crowded);
  EXPECT_EQ(minutes_counted(second), "2");
  EXPECT_EQ(minutes_counted(first), "1");
  EXPECT_EQ(delivered(second), 3);
  EXPECT_EQ(counter("messages", "delivered"), 3);
  EXPECT_EQ(counter("messages", "delivered", id("ann")), 3);
  const Instant last = at("2026-03-25T12:00:00");
  take_steps(last, crowded);
  EXPECT_EQ(minutes_stored(), "0") << "after fifteen days";
  EXPECT_EQ(delivered(last), 3);
  deliver(4, last);
  take_steps(last + minutes(1), crowded);
  EXPECT_EQ(minutes_stored(), "0") << "nor counted by them again";
  EXPECT_EQ(delivered(last + minutes(1)), 4);
  EXPECT_EQ(counter("messages", "delivered"), 4);
}

// Steps had no time for an hour while it was young, and the daemon was away until it was old: its minutes tell what has
// been an event already.
TEST_F(OldHours, AnHourThatGrewOldWhileItWaitedIsNoEventTwice) {
  const Instant young = leave_the_hour_stale();
  deliver(2, young + minutes(1));  // of which no step knows
  const Instant old = at("2026-03-11T18:00:00");
  take_step({.budget = std::chrono::milliseconds(0), .look_everywhere = false, .as_of = old});
  EXPECT_EQ(counter("messages", "delivered"), 2);
  take_steps(old + minutes(1));
  EXPECT_EQ(counter("messages", "delivered"), 2);
  EXPECT_EQ(delivered(old + minutes(1)), 2);
  deliver(3, old + minutes(2));
  take_steps(old + minutes(3));
  EXPECT_EQ(counter("messages", "delivered"), 3);
}

// And where its minute was late, no event at all yet.
TEST_F(OldHours, AnHourThatGrewOldBeforeItsLateMinuteIsAnEventOnce) {
  const Instant young = leave_the_hour_stale();
  for (int message = 2; message < 10; ++message) deliver(message, young + minutes(1));
  take_step({.budget = std::chrono::milliseconds(0),
             .look_everywhere = false,
             .hurries_from = 0,
             .as_of = young + minutes(1)});
  const std::int64_t so_far = counter("messages", "delivered");
  EXPECT_LT(so_far, 9) << "some minutes are late";
  const Instant old = at("2026-03-11T18:00:00");
  take_step({.budget = std::chrono::milliseconds(0), .look_everywhere = false, .hurries_from = 0, .as_of = old});
  take_steps(old + minutes(1));
  EXPECT_EQ(counter("messages", "delivered"), 9);
  EXPECT_EQ(delivered(old + minutes(1)), 9);
}

// Its minutes tell what of the hour has been an event already.
TEST_F(OldHours, AStepWithoutTimeForgetsNoMinutesOfAnHourThatItHasNotCounted) {
  given_nine_messages();
  const Instant now = at("2026-03-12T12:00:00");
  rollup::StepRules hurried{.budget = std::chrono::milliseconds(0)};
  hurried.as_of = now;
  take_step(hurried);
  EXPECT_EQ(minutes_stored(), "30") << "up to the last step";
  take_steps(now + minutes(1));
  EXPECT_EQ(minutes_stored(), "0");
  EXPECT_EQ(counter("messages", "outbound"), 9);
  EXPECT_EQ(delivered(now + minutes(1)), 0);
}

TEST_F(OldHours, AnHourWithFewerMessagesHasNoMinutesLater) {
  given_nine_messages();
  const rollup::StepRules crowded{.crowd = 10};
  const Instant now = at("2026-03-12T12:00:00");
  take_steps(now - minutes(1), crowded);
  deliver(1, now);
  take_steps(now, crowded);
  EXPECT_EQ(minutes_stored(), "0");
  EXPECT_EQ(counter("messages", "delivered"), 1);
}

// Counted before anything changes in it: so that the first change is no dearer than others.
TEST_F(OldHours, ACrowdOfTheTimeBeforeCountingHasItsMinutesFromTheBeginning) {
  given(Conversation{.name = "c", .created = "2026-03-10 10:00"});
  for (int i = 1; i < 3; ++i) {
    given(Message{.conversation = "c",
                  .sender = "agent",
                  .at = "2026-03-10 10:0" + std::to_string(i),
                  .status = "sent",
                  .name = name(i)});
  }
  const rollup::StepRules crowded{.crowd = 2};
  const Instant now = at("2026-03-13T12:00:00");
  take_steps(now, crowded);
  EXPECT_EQ(minutes_stored(), "60");
  EXPECT_EQ(minutes_stored("leads"), "0") << "which has nothing to do with messages";
  EXPECT_EQ(delivered(now), 0);
  EXPECT_EQ(counter("messages", "outbound"), 0) << "no event: it was there before counting began";
  const Instant first = now + minutes(1);
  deliver(1, first);
  take_steps(first, crowded);
  EXPECT_EQ(minutes_counted(first), "1");
  EXPECT_EQ(minutes_counted(now), "59");
  EXPECT_EQ(delivered(first), 1);
  EXPECT_EQ(counter("messages", "outbound"), 0);
  EXPECT_EQ(counter("messages", "delivered"), 1);
}

// The daemon was not there when the crowd came: its hour is counted as a whole, and is an event; by its minutes once
// something changes in it.
TEST_F(OldHours, ACrowdThatNobodySawIsCountedOnce) {
  take_steps(at("2026-03-10T09:00:00"));
  given(Conversation{.name = "c", .created = "2026-03-10 10:00"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 10:01", .status = "sent", .name = name(1)},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 10:02", .status = "sent", .name = name(2)});
  const rollup::StepRules crowded{.crowd = 2};
  const Instant now = at("2026-03-13T12:00:00");
  take_steps(now, crowded);
  EXPECT_EQ(minutes_stored(), "0");
  EXPECT_EQ(counter("messages", "outbound"), 2);
  const Instant first = now + minutes(1);
  deliver(1, first);
  take_steps(first, crowded);
  EXPECT_EQ(minutes_counted(first), "60");
  EXPECT_EQ(delivered(first), 1);
  EXPECT_EQ(counter("messages", "outbound"), 2);
  EXPECT_EQ(counter("messages", "delivered"), 1);
  const Instant second = now + hours(30);
  deliver(2, second);
  take_steps(second, crowded);
  EXPECT_EQ(minutes_counted(second), "1");
  EXPECT_EQ(minutes_counted(first), "59");
  EXPECT_EQ(delivered(second), 2);
  EXPECT_EQ(counter("messages", "outbound"), 2);
  EXPECT_EQ(counter("messages", "delivered"), 2);
}

}  // namespace
}  // namespace crm::testing
