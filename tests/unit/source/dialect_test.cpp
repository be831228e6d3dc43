// What gateways answer, as their documentation shows it, and what is made of it.

#include "source/gateway/dialect.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string text_of(const GatewaySession& session) {
  std::string text = session.id + " " + session.phone_number + " " + session.status;
  if (session.last_seen) text += " " + to_iso(*session.last_seen);
  return text;
}

std::vector<std::string> read(GatewayKind kind, std::string_view body) {
  std::vector<std::string> all;
  for (const GatewaySession& session : dialect(kind).read(body)) all.push_back(text_of(session));
  return all;
}

TEST(Dialect, OfWahaIsNameStatusAndMe) {
  EXPECT_THAT(
      read(GatewayKind::waha, R"([
      {"name": "default", "status": "WORKING", "config": {"proxy": null, "webhooks": []},
       "me": {"id": "79111111111@c.us", "pushName": "Support"}, "timestamps": {"activity": 1773144000500}},
      {"name": "sales", "status": "SCAN_QR_CODE", "config": null, "me": null},
      {"name": "old", "status": "STOPPED"}])"),
      ElementsAre("default 79111111111 WORKING 2026-03-10T12:00:00.500000Z", "sales  SCAN_QR_CODE", "old  STOPPED"));
  EXPECT_THAT(read(GatewayKind::waha, "[]"), IsEmpty());
}

TEST(Dialect, OfEvolutionIsThatOfBothItsVersions) {
  EXPECT_THAT(read(GatewayKind::evolution, R"([
      {"id": "a1b2", "name": "support", "connectionStatus": "open", "ownerJid": "553198296801@s.whatsapp.net",
       "profileName": "S", "number": null, "token": "canary", "updatedAt": "2026-03-10T12:00:00.000Z"},
      {"id": "c3d4", "name": "sales", "connectionStatus": "close", "ownerJid": null, "number": "5531900000000"}])"),
              ElementsAre("support 553198296801 open", "sales 5531900000000 close"));
  EXPECT_THAT(read(GatewayKind::evolution, R"([
      {"instance": {"instanceName": "support", "instanceId": "x", "owner": "553198296801:12@s.whatsapp.net",
                    "status": "open", "serverUrl": "https://example.com", "apikey": "canary"}},
      {"instance": {"instanceName": "new", "status": "connecting"}}])"),
              ElementsAre("support 553198296801 open", "new  connecting"));
}

TEST(Dialect, OfTheCloudApiIsOnePhone) {
  EXPECT_THAT(read(GatewayKind::cloud, R"({"status": "CONNECTED", "quality_rating": "GREEN",
                                           "display_phone_number": "+1 631-555-5555", "id": "106853218861309"})"),
              ElementsAre("106853218861309 16315555555 CONNECTED"));
  EXPECT_THROW(read(GatewayKind::cloud, R"({"status": "CONNECTED"})"), SourceUnavailable);
}

TEST(Dialect, OfThisCrmIsAListOrAnObjectOfStates) {
  const std::string list = R"([{"sessionId": "s1", "phoneNumber": "+49 151 1", "status": "connected",
                                "lastSeen": "2026-03-10T12:00:00Z"},
                               {"session_id": 7, "phone_number": null, "state": "logged_out"}])";
  const auto expected = ElementsAre("s1 +49 151 1 connected 2026-03-10T12:00:00Z", "7  logged_out");
  EXPECT_THAT(read(GatewayKind::crm, list), expected);
  EXPECT_THAT(read(GatewayKind::crm, R"({"success": true, "sessions": )" + list + "}"), expected);
  EXPECT_THAT(read(GatewayKind::crm, R"({"s1": "connected", "s2": {"state": "error", "phone": "5"}})"),
              ElementsAre("s1  connected", "s2 5 error"));
}

TEST(Dialect, LeavesOutWhatHasNoId) {
  EXPECT_THAT(read(GatewayKind::waha, R"([{"status": "WORKING"}, {"name": "", "status": "WORKING"}, {"name": null},
                                          {"name": ["x"]}, {"name": "fine"}])"),
              ElementsAre("fine  "));
  const std::string long_name(10'000, 'x');
  EXPECT_THAT(read(GatewayKind::waha, R"([{"name": ")" + long_name + R"("}])"), IsEmpty());
}

TEST(Dialect, RefusesWhatIsNoAnswerOfItsKind) {
  for (const auto kind : {GatewayKind::crm, GatewayKind::waha, GatewayKind::evolution, GatewayKind::cloud}) {
    for (const char* body : {"", "<html>", "nul", "7", "null", R"("x")", "[1]", R"([["a"]])", "[null]",
                             "{\"error\":", "\xff\xfe", "[{\"name\": \"\xff\"}]"}) {
      EXPECT_THROW(read(kind, body), SourceUnavailable) << body;
    }
    std::string deep(100'000, '[');
    EXPECT_THROW(read(kind, deep), SourceUnavailable);
    deep += std::string(100'000, ']');
    EXPECT_THROW(read(kind, deep), SourceUnavailable);
  }
}

TEST(Dialect, TakesNoInstantThatIsNone) {
  for (const char* seen : {"-1", "0", "1e300", "9223372036854775807", R"("yesterday")", "{}", "true"}) {
    EXPECT_THAT(read(GatewayKind::crm, std::string(R"([{"id": "a", "status": "x", "lastSeen": )") + seen + "}]"),
                ElementsAre("a  x"))
        << seen;
  }
}

TEST(Dialect, KnowsTheGatewaysOwnWordsOfAnError) {
  EXPECT_EQ(dialect(GatewayKind::cloud).error(R"({"error": {"message": "Invalid OAuth access token.", "code": 190}})"),
            "Invalid OAuth access token.");
  EXPECT_EQ(dialect(GatewayKind::waha).error(R"({"message": "Unauthorized", "statusCode": 401})"), "Unauthorized");
  EXPECT_EQ(dialect(GatewayKind::evolution)
                .error(R"({"status": 404, "error": "Not Found", "response": {"message": ["No such\ninstance"]}})"),
            "No such instance");
  for (const char* body : {"", "<h1>502</h1>", "[]", "{}", R"({"message": 5.5})", R"({"message": []})"}) {
    EXPECT_EQ(dialect(GatewayKind::crm).error(body), "") << body;
  }
}

}  // namespace
}  // namespace crm::source
