// Counters that history keeps: they count what happens, never what is counted again. Hand-counted.

#include <gtest/gtest.h>

#include "history_scenario.h"

namespace crm::testing {
namespace {

class HistoryCounters : public HistoryScenario {};

TEST_F(HistoryCounters, CountersCountWhatHappensSinceTheFirstStep) {
  given(Conversation{.name = "before", .created = "2026-03-10 09:00"},
        Message{.conversation = "before", .sender = "agent", .at = "2026-03-10 09:01", .status = "sent", .name = "m"});
  take_steps(at("2026-03-10T09:30:00"));
  EXPECT_EQ(counter("conversations", "created"), 0) << "what was there is no event";
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:31", .resolved = "2026-03-10 09:33"});
  take_steps(at("2026-03-10T09:32:00"));
  EXPECT_EQ(counter("conversations", "created"), 1);
  EXPECT_EQ(counter("conversations", "created", id("ann")), 1);
  EXPECT_EQ(counter("resolutions", "resolved"), 0) << "it is resolved in a minute";
  take_steps(at("2026-03-10T09:34:00"));
  take_steps(at("2026-03-10T09:34:00"));
  EXPECT_EQ(counter("resolutions", "resolved"), 1) << "once, however often it is counted";
  execute(url_, "UPDATE messages SET delivery_status = 'delivered', delivered_at = '2026-03-10 09:34:30' WHERE id = '" +
                    id("m") + "'");
  take_steps(at("2026-03-10T09:35:00"));
  EXPECT_EQ(counter("messages", "delivered"), 1) << "of a message of before: it has happened since";
  EXPECT_EQ(counter("messages", "outbound"), 0);
}

TEST_F(HistoryCounters, ReopeningsDeletionsAndSettingsNeverLowerOrRaiseCounters) {
  take_steps(at("2026-03-10T09:00:00"));
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-10 09:10", .resolved = "2026-03-10 09:20"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-03-10 09:10"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-03-10 09:14"});
  take_steps(at("2026-03-10T09:30:00"));
  EXPECT_EQ(counter("resolutions", "resolved"), 1);
  execute(url_, "UPDATE conversations SET resolved_at = NULL");
  take_steps(at("2026-03-10T09:40:00"));
  EXPECT_EQ(counter("resolutions", "resolved"), 1) << "reopened";
  execute(url_, "UPDATE conversations SET resolved_at = '2026-03-10 09:45'");
  take_steps(at("2026-03-10T10:00:00"));
  EXPECT_EQ(counter("resolutions", "resolved"), 2) << "and resolved a second time";
  execute(url_, "DELETE FROM messages");
  take_steps(at("2026-03-10T10:10:00"));
  EXPECT_EQ(counter("sla", "compliant"), 1);
  EXPECT_EQ(counter("turns", "answered"), 1);
  settings_.sla.first_response_seconds = 60;
  start_anew();
  take_steps(at("2026-03-10T10:20:00"));
  EXPECT_EQ(counter("sla", "breached"), 0) << "another target is no event";
}

// Hours of Kolkata begin half an hour later: none of them has been stored, and yet all of it has been counted.
TEST_F(HistoryCounters, AnotherZoneIsNoEvent) {
  take_steps(at("2026-03-10T09:00:00"));
  for (int day = 10; day < 14; ++day) {
    const std::string date = "2026-03-" + std::to_string(day);
    given(
        Conversation{.name = "first " + date, .agent = "ann", .created = date + " 10:10"},
        Conversation{.name = "second " + date, .agent = "ann", .created = date + " 10:50"},
        Message{.conversation = "first " + date, .sender = "agent", .at = date + " 10:20", .failed = date + " 10:21"});
    take_steps(at(date + "T21:00:00"));
  }
  for (const char* name : {"Asia/Kolkata", "Australia/Lord_Howe", "UTC"}) {
    zone(name);
    start_anew();
    take_steps(at("2026-03-14T08:00:00"));
    EXPECT_EQ(counter("conversations", "created"), 8) << name;
    EXPECT_EQ(counter("conversations", "created", id("ann")), 8) << name;
    EXPECT_EQ(counter("message_failures", "failed"), 4) << name;
  }
  zone("Asia/Kolkata");
  given(Conversation{.name = "later", .agent = "ann", .created = "2026-03-14 08:10"});
  take_steps(at("2026-03-14T08:20:00"));
  EXPECT_EQ(counter("conversations", "created"), 9);
}

TEST_F(HistoryCounters, WhatHappensWhileNoDaemonRunsIsCountedOnceItDoes) {
  take_steps(at("2026-03-10T09:02:00"));
  given(Conversation{.name = "same hour", .created = "2026-03-10 09:01:30"},
        Conversation{.name = "night", .created = "2026-03-11 03:00"});
  for (int day = 11; day < 14; ++day) {
    given(Conversation{.name = "day " + std::to_string(day), .created = "2026-03-" + std::to_string(day) + " 12:00"});
  }
  take_steps(at("2026-03-14T10:00:00"));
  EXPECT_EQ(counter("conversations", "created"), 5) << "though minutes are kept for a day only";
  EXPECT_EQ(total(question("conversations", "2026-03-10T00:00:00", "2026-03-14T10:00:00", "2026-03-14T10:00:00"))[0],
            5);
}

}  // namespace
}  // namespace crm::testing
