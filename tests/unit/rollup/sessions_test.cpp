// What gateways tell of their sessions, in the contract's states.
#include "rollup/sessions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/instant.h>

namespace crm::rollup {
namespace {

using ::testing::ElementsAre;

class GatewaySessions : public ::testing::Test {
 protected:
  static Instant at(const std::string& time) { return parse_instant("2026-03-10T" + time + "Z").value(); }

  // "id state last-seen" of each.
  std::vector<std::string> read(const std::vector<source::GatewaySession>& told) {
    unknown_ = 0;
    std::vector<std::string> all;
    for (const Session& session : read_sessions(told, rules_, seen_, [&](std::int64_t words) { unknown_ = words; })) {
      const char* state = session.state == Session::State::connected      ? "connected"
                          : session.state == Session::State::reconnecting ? "reconnecting"
                                                                          : "disconnected";
      all.push_back(session.id + " " + state + " " +
                    (session.last_seen ? to_iso(*session.last_seen).substr(11, 8) : "never"));
    }
    return all;
  }

  const SessionRules rules_{{{"WORKING"}, {"STARTING"}, {"STOPPED"}}, "a key of the test's own"};
  SeenSessions seen_;
  std::int64_t unknown_ = 0;
};

TEST_F(GatewaySessions, AreConnectedOnesFirstByTheNewestSeenOnce) {
  EXPECT_THAT(
      read({{.id = "a", .status = "STOPPED", .told = at("12:00:00")},
            {.id = "b", .status = "working", .told = at("12:00:00")},
            {.id = "c", .status = "WORKING", .last_seen = at("12:30:00"), .told = at("12:00:00")},
            {.id = "b", .status = "STARTING", .told = at("12:00:00")},
            {.id = "d", .status = "STARTING", .told = at("12:00:00")}}),
      ElementsAre("c connected 12:30:00", "b connected 12:00:00", "a disconnected never", "d reconnecting never"));
  EXPECT_EQ(unknown_, 0);
}

TEST_F(GatewaySessions, ThatTheGatewayDoesNotDateWereLastSeenWhenTheyWereConnected) {
  EXPECT_THAT(read({{.id = "a", .status = "WORKING", .told = at("12:00:00")}}), ElementsAre("a connected 12:00:00"));
  EXPECT_THAT(read({{.id = "a", .status = "WORKING", .told = at("12:01:00")}}), ElementsAre("a connected 12:01:00"));
  EXPECT_THAT(read({{.id = "a", .status = "STOPPED", .told = at("12:02:00")}}), ElementsAre("a disconnected 12:01:00"));
  EXPECT_THAT(read({}), ElementsAre());
  EXPECT_THAT(read({{.id = "a", .status = "STARTING", .told = at("12:09:00")}}),
              ElementsAre("a reconnecting 12:01:00"));
}

TEST_F(GatewaySessions, OfUnknownWordsAreDownAndCounted) {
  EXPECT_THAT(read({{.id = "a", .status = "ON_HOLIDAY"}, {.id = "b"}}),
              ElementsAre("a disconnected never", "b disconnected never"));
  EXPECT_EQ(unknown_, 2);
}

}  // namespace
}  // namespace crm::rollup
