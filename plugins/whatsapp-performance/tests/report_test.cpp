// The document of whatsapp-performance: every field, with its arithmetic in sight.

#include "report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/testing/fake_calendar.h>

namespace whatsapp {
namespace {

using crm::Json;
using crm::Session;
using crm::testing::at;
using crm::testing::utc_calendar;

Performance busy_day() {
  Performance performance;
  performance.funnel = {.sent = 90, .delivered = 80, .read = 60, .failed = 5};
  performance.broadcasts = {.recipients = 30, .messages = {.sent = 29, .delivered = 20, .read = 10, .failed = 4}};
  performance.failed = {{.id = "3f1c2d4e-1234-4567-8901-234567890123",
                         .recipient = "+4915123456789",
                         .code = "131026",
                         .reason = "131026: Message undeliverable",
                         .at = at("2026-03-10T09:00:00.75Z")}};
  performance.sessions = {{.id = "4915100000001@c.us",
                           .phone_number = "+49 151 00000001",
                           .state = Session::State::connected,
                           .last_seen = at("2026-03-10T11:59:00Z")},
                          {.id = "sales", .phone_number = "", .state = Session::State::reconnecting}};
  performance.queues = {{.queue = "out", .depth = 7, .completed_last_minute = 40},
                        {.queue = "bulk", .depth = 100, .completed_last_minute = 2}};
  return performance;
}

Json document(const Performance& performance, bool masks = false) {
  return to_json(performance, {utc_calendar(), masks});
}

TEST(Document, HasTheDocumentedShapeInTheDocumentedOrder) {
  EXPECT_EQ(document(busy_day()).dump(),
            R"({"messageFunnel":{"sent":90,"delivered":80,"read":60,"failed":5},)"
            R"("broadcastSuccessRate":{"total":30,"successful":20,"failed":4,"percentage":66.7},)"
            R"("failedMessages":[{"id":"3f1c2d4e-1234-4567-8901-234567890123","recipient":"+4915123456789",)"
            R"("error":"131026: Message undeliverable","timestamp":"2026-03-10T09:00:00+00:00"}],)"
            R"("activeSessions":[{"sessionId":"4915100000001@c.us","phoneNumber":"+49 151 00000001",)"
            R"("status":"connected","lastSeen":"2026-03-10T11:59:00+00:00"},)"
            R"({"sessionId":"sales","phoneNumber":"","status":"reconnecting","lastSeen":null}],)"
            R"("queueMetrics":{"depth":107,"processingRate":42}})");  // 7 + 100, 40 + 2
}

TEST(Document, OfNothingIsZeroAndNothingWentWrong) {
  Performance performance;
  performance.sessions.emplace();
  performance.queues = {{.queue = "out"}};
  EXPECT_EQ(document(performance).dump(),
            R"({"messageFunnel":{"sent":0,"delivered":0,"read":0,"failed":0},)"
            R"("broadcastSuccessRate":{"total":0,"successful":0,"failed":0,"percentage":100.0},)"
            R"("failedMessages":[],"activeSessions":[],"queueMetrics":{"depth":0,"processingRate":0}})");
}

TEST(Document, SaysNullOfWhatCouldNotBeReadNeverZero) {
  const Json json = document(Performance{});
  EXPECT_TRUE(json["activeSessions"].is_null());
  EXPECT_EQ(json["queueMetrics"].dump(), R"({"depth":null,"processingRate":null})");
}

TEST(Document, OfAnAgentShowsTheLastFourDigitsOfPhoneNumbers) {
  const Json json = document(busy_day(), true);
  EXPECT_EQ(json["failedMessages"][0]["recipient"], "…6789");
  EXPECT_EQ(json["failedMessages"][0]["error"], "131026: Message undeliverable");
  EXPECT_EQ(json["activeSessions"][0]["sessionId"], "…0001@c.us");
  EXPECT_EQ(json["activeSessions"][0]["phoneNumber"], "…0001");
  EXPECT_EQ(json["activeSessions"][1]["sessionId"], "sales");
}

TEST(Document, OfAnAgentKeepsIdsThatAreNoPhoneNumbers) {
  Performance performance;
  for (const char* id : {"3f1c2d4e-1234-4567-8901-234567890123", "900719925474099", "true_4915123456789@c.us_3EB0"}) {
    performance.failed.push_back({.id = id, .recipient = {}, .code = {}, .reason = {}, .at = {}});
  }
  performance.sessions = {{.id = "3f1c2d4e-1234-4567-8901-234567890123", .phone_number = ""},
                          {.id = "4915123456789", .phone_number = ""}};
  const Json json = document(performance, true);
  EXPECT_EQ(json["failedMessages"][0]["id"], "3f1c2d4e-1234-4567-8901-234567890123");
  EXPECT_EQ(json["failedMessages"][1]["id"], "900719925474099") << "a number of a sequence";
  EXPECT_EQ(json["failedMessages"][2]["id"], "true_…6789@c.us_3EB0");
  EXPECT_EQ(json["activeSessions"][0]["sessionId"], "3f1c2d4e-1234-4567-8901-234567890123");
  EXPECT_EQ(json["activeSessions"][1]["sessionId"], "…6789");
}

}  // namespace
}  // namespace whatsapp
