// The word on an agent's profile becomes spans of presence.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cluster.h"
#include "history.h"
#include "sessions.h"
#include "support/rows.h"

namespace {

using namespace crm::testing;

class Presence : public ::testing::Test {
 protected:
  Presence() { execute(url_, sql(Agent{.name = "ann"}) + "DELETE FROM crm_metrics.agent_activity_logs"); }

  void say(const std::string& word) const {
    execute(url_, fmt::format("UPDATE profiles SET status = {}", word == "NULL" ? word : "'" + word + "'"));
  }
  // "online, away now": in their order, of which the last is open.
  std::string spans() const {
    return scalar(
        url_,
        "SELECT coalesce(string_agg(status || CASE WHEN ended_at IS NULL THEN ' now' ELSE '' END, ', ' ORDER BY "
        "started_at, ended_at), '') FROM crm_metrics.agent_activity_logs");
  }
  // As if all that is stored had happened that much earlier.
  void pass(const std::string& interval) const {
    execute(url_, fmt::format(
                      "UPDATE crm_metrics.agent_activity_logs SET started_at = started_at - interval '{0}', ended_at = "
                      "ended_at - interval '{0}'",
                      interval));
  }

  const std::string url_ = with_history(cluster().create_reference_database());
};

TEST_F(Presence, EachWordMeansOneOfThree) {
  const std::pair<const char*, const char*> words[] = {
      {"online", "online"}, {"away", "away"},     {"available", "online"}, {"idle", "away"}, {"busy", "online"},
      {"lunch", "offline"}, {"online", "online"}, {"NULL", "offline"},     {"away", "away"}, {"offline", "offline"}};
  for (const auto& [word, means] : words) {
    say(word);
    EXPECT_EQ(
        scalar(url_, "SELECT string_agg(status, ',') FROM crm_metrics.agent_activity_logs WHERE ended_at IS NULL"),
        means)
        << word;
  }
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.agent_activity_logs"), "10");
}

TEST_F(Presence, ASpanEndsWhereTheNextBegins) {
  say("online");
  pass("90 minutes");
  say("away");
  EXPECT_EQ(spans(), "online, away now");
  EXPECT_EQ(scalar(url_,
                   "SELECT count(*) FROM crm_metrics.agent_activity_logs a JOIN crm_metrics.agent_activity_logs b ON "
                   "b.started_at = a.ended_at WHERE a.duration_seconds BETWEEN 5400 AND 5410"),
            "1");
}

TEST_F(Presence, TimesAreUtcWhateverTheSessionSays) {
  execute(url_, "SET TimeZone = 'Asia/Tokyo'; UPDATE profiles SET status = 'online'");
  EXPECT_EQ(scalar(url_,
                   "SELECT now() AT TIME ZONE 'UTC' - started_at < interval '1 minute' AND started_at <= now() AT TIME "
                   "ZONE 'UTC' FROM crm_metrics.agent_activity_logs"),
            "t");
}

TEST_F(Presence, TheSameAgainAndAnotherWordForItGoOn) {
  say("online");
  pass("1 hour");
  say("online");
  say("busy");
  execute(url_, "UPDATE profiles SET full_name = 'Ann B.'");
  EXPECT_EQ(spans(), "online now");
}

TEST_F(Presence, OfTwoWordsInOneTransactionTheLastCounts) {
  say("online");
  pass("1 hour");
  execute(url_, "BEGIN; UPDATE profiles SET status = 'away'; UPDATE profiles SET status = 'offline'; COMMIT");
  EXPECT_EQ(spans(), "online, offline now");
}

// Its transaction began first and ends last: it waits for the row, and comes after the other's word.
TEST_F(Presence, AWordThatWasLateNeverEndsASpanBeforeItBegan) {
  say("offline");
  pass("1 hour");
  DatabaseSession late(url_);
  late.execute("BEGIN");
  late.execute("SELECT 1");
  say("online");
  late.execute("UPDATE profiles SET status = 'away'");
  late.execute("COMMIT");
  EXPECT_EQ(
      scalar(url_,
             "SELECT count(*) FROM crm_metrics.agent_activity_logs WHERE ended_at < started_at OR duration_seconds < "
             "0"),
      "0");
  EXPECT_EQ(spans(), "offline, away now");
}

TEST_F(Presence, ANewAgentBeginsAndADeletedOneEnds) {
  execute(url_, "INSERT INTO profiles (id, full_name, role, status) VALUES ('" + id("ben") +
                    "', 'Ben', 'agent', 'available')");
  EXPECT_EQ(spans(), "online now");
  execute(url_, "DELETE FROM profiles");
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.agent_activity_logs WHERE ended_at IS NULL"), "0");
}

TEST_F(Presence, IsWhatTheViewShowsOnceItReadsIt) {
  execute(
      url_,
      "CREATE OR REPLACE VIEW crm_source.agent_status AS SELECT agent_id, status::text AS status, started_at, ended_at "
      "FROM crm_metrics.agent_activity_logs");
  say("busy");
  EXPECT_EQ(scalar(url_, "SELECT status FROM crm_source.agent_status WHERE agent_id = '" + id("ann") +
                             "' AND ended_at IS NULL"),
            "online");
}

TEST_F(Presence, AFullTeamThatLeavesAtOnceIsASpanEach) {
  execute(
      url_,
      "INSERT INTO profiles (full_name, role, status) SELECT 'Agent ' || n, 'agent', 'online' FROM generate_series(1, "
      "100) n");
  pass("1 hour");
  say("offline");
  EXPECT_EQ(
      scalar(url_,
             "SELECT count(*) FROM crm_metrics.agent_activity_logs WHERE status = 'offline' AND ended_at IS NULL"),
      "101");
}

// Where the application writes when it last heard from an agent, and no word.
class LastSeen : public Presence {
 protected:
  LastSeen() {
    execute(url_, "DELETE FROM crm_metrics.agent_activity_logs; ALTER TABLE profiles ADD COLUMN last_seen timestamp");
    execute(url_, source_file(Crm::reference, "last_seen.sql"));
  }

  void seen(const std::string& before_now) const {
    execute(url_, fmt::format("UPDATE profiles SET last_seen = now() AT TIME ZONE 'UTC' - interval '{}'", before_now));
  }
  // "120-100, 30-": minutes before now at which the view's spans begin and end.
  std::string shown() const {
    const std::string ago = "round(extract(epoch FROM now() AT TIME ZONE 'UTC' - {}) / 60)";
    return scalar(url_, "SELECT coalesce(string_agg(concat(" + fmt::format(fmt::runtime(ago), "started_at") +
                            ", '-', " + fmt::format(fmt::runtime(ago), "ended_at") +
                            "), ', ' ORDER BY started_at), '') FROM crm_source.agent_status WHERE status = 'online'");
  }
};

TEST_F(LastSeen, SpansAreWithoutLongerPauses) {
  for (const char* at : {"120 min", "116 min", "113 min", "60 min", "56 min", "3 min", "1 min"}) seen(at);
  EXPECT_EQ(shown(), "120-113, 60-56, 3-");
  EXPECT_EQ(scalar(url_,
                   "SELECT string_agg(duration_seconds::text, ' ' ORDER BY started_at) FROM "
                   "crm_metrics.agent_activity_logs"),
            "420 240");
}

TEST_F(LastSeen, WhoFallsSilentHasLeft) {
  for (const char* at : {"40 min", "36 min", "32 min"}) seen(at);
  EXPECT_EQ(shown(), "40-32");
  EXPECT_EQ(spans(), "online now") << "as far as the table knows";
  seen("2 min");
  EXPECT_EQ(shown(), "40-32, 2-");
}

TEST_F(LastSeen, OneSignIsNoSpan) {
  seen("60 min");
  seen("30 min");
  seen("1 min");
  EXPECT_EQ(shown(), "1-");
}

TEST_F(LastSeen, WhatGoesBackEndsNothing) {
  seen("10 min");
  seen("6 min");
  seen("8 min");
  seen("4 min");
  EXPECT_EQ(shown(), "10-") << "as of devices whose clocks differ";
}

TEST_F(LastSeen, WhoIsThereWhenItIsMadeIsThere) {
  execute(url_, "DELETE FROM crm_metrics.agent_activity_logs; UPDATE profiles SET last_seen = NULL");
  seen("2 min");
  execute(url_, "DELETE FROM crm_metrics.agent_activity_logs");
  execute(url_, source_file(Crm::reference, "last_seen.sql"));
  execute(url_, source_file(Crm::reference, "last_seen.sql"));
  EXPECT_EQ(shown(), "2-") << "however often";
  execute(url_, "DELETE FROM profiles");
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM crm_metrics.agent_activity_logs WHERE ended_at IS NULL"), "0");
}

TEST_F(LastSeen, NoWordIsHeardAnyMore) {
  say("away");
  EXPECT_EQ(spans(), "");
}

}  // namespace
