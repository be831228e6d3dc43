#include "app/check/server_findings.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::app {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::StrEq;
using namespace std::chrono_literals;

source::Server good() {
  source::Server server;
  server.version = "15.6";
  server.version_number = 150'006;
  server.encoding = "UTF8";
  server.role = "crm_metrics_read";
  server.round_trip = 1ms;
  return server;
}

template <typename Say>
std::string said(Say say) {
  std::ostringstream out;
  Findings findings(out, false);
  say(findings);
  return out.str();
}

std::string said_of_clock(Duration ahead) {
  source::Server server = good();
  server.clock_ahead = ahead;
  return said([&](Findings& findings) { say_clock(findings, server); });
}

TEST(ServerFindings, ClocksThatAgreeWithinTwoSecondsAreWell) {
  EXPECT_THAT(said_of_clock(0s),
              StrEq("  ok       clock                the server's and this machine's agree within 0.1 s\n"));
  EXPECT_THAT(said_of_clock(-1900ms),
              HasSubstr("ok       clock                the server's and this machine's agree within 1.9 s"));
}

TEST(ServerFindings, ClocksThatDifferMoreAreAWarningThatSaysWhichIsAhead) {
  EXPECT_THAT(said_of_clock(3600s),
              StartsWith("  warning  clock                the server's is 3600.0 s ahead of this machine's\n"));
  EXPECT_THAT(said_of_clock(-2500ms),
              StartsWith("  warning  clock                the server's is 2.5 s behind this machine's\n"));
}

std::string said_of(const source::Transport& transport) {
  return said([&](Findings& findings) { say_transport(findings, transport); });
}

TEST(ServerFindings, AConnectionInClearIsAWarningUnlessItStaysOnTheMachine) {
  EXPECT_THAT(said_of({.socket = true, .loopback = false, .tls = ""}),
              StartsWith("  ok       encryption           none needed: a Unix socket"));
  EXPECT_THAT(said_of({.socket = false, .loopback = true, .tls = ""}),
              StartsWith("  ok       encryption           none, and the connection stays"));
  EXPECT_THAT(said_of({.socket = false, .loopback = false, .tls = "TLSv1.3"}),
              StrEq("  ok       encryption           TLSv1.3\n"));
  const std::string clear = said_of({.socket = false, .loopback = false, .tls = ""});
  EXPECT_THAT(clear, StartsWith("  warning  encryption           none: "));
  EXPECT_THAT(clear, HasSubstr("sslmode=verify-full"));
}

TEST(ServerFindings, AnOldServerIsAWarning) {
  source::Server old = good();
  old.version_number = 130'014;
  EXPECT_THAT(said([&](Findings& findings) { say_server(findings, old, "db:5432/crm"); }),
              StartsWith("  warning  server"));
  EXPECT_THAT(said([&](Findings& findings) { say_server(findings, good(), "db:5432/crm"); }),
              StrEq("  ok       server               PostgreSQL 15.6\n  ok       address              db:5432/crm, "
                    "answers in 1.0 ms\n"));
}

TEST(ServerFindings, AStandbyIsToldAsOne) {
  source::Server standby = good();
  standby.standby = true;
  EXPECT_THAT(said([&](Findings& findings) { say_server(findings, standby, "db:5432/crm"); }),
              HasSubstr("; a standby: numbers are as old as its\n"));
}

TEST(ServerFindings, EveryPowerOfTheRoleIsNamed) {
  source::Server mighty = good();
  mighty.writable = 5;
  mighty.first_writable = "a.b, a.c, a.d";
  mighty.creates_roles = mighty.creates_schemas = mighty.bypasses_rls = true;
  EXPECT_THAT(
      said([&](Findings& findings) { say_role(findings, mighty); }),
      StartsWith("  warning  role                 crm_metrics_read may write to 5 relations (a.b, a.c, a.d, …), has\n"
                 "                                BYPASSRLS, has CREATEROLE, may create schemas\n"));
}

TEST(ServerFindings, AnEncodingThatTheServerConvertsIsWell) {
  source::Server latin = good();
  latin.encoding = "LATIN1";
  EXPECT_THAT(said([&](Findings& findings) { say_encoding(findings, latin); }),
              HasSubstr("ok       encoding             LATIN1, converted to UTF-8"));
}

}  // namespace
}  // namespace crm::app
