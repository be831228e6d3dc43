// The document and the samples of kpi: every field, with its arithmetic in sight.

#include "report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace kpi {
namespace {

using crm::Json;

Kpi busy_day() {
  Kpi kpi;
  kpi.active_conversations = {.now = 120, .before = 100};
  kpi.response_time = {.now = {.sum_ms = 901'000, .count = 2}, .before = {.sum_ms = 500'000, .count = 1}};
  kpi.messages = {.now = {.inbound = 60, .outbound = 40, .sent = 36, .delivered = 30, .read = 20, .failed = 3},
                  .before = {.inbound = 50, .outbound = 50, .sent = 50, .delivered = 45, .read = 40, .failed = 5}};
  kpi.open_tickets = {.now = 10, .before = 10};
  kpi.tickets_by_priority = {.low = 1, .medium = 4, .high = 3, .urgent = 2};
  return kpi;
}

Json document(const Kpi& kpi) {
  return to_json(kpi, crm::Settings{});
}

TEST(KpiDocument, HasTheDocumentedShapeInTheDocumentedOrder) {
  EXPECT_EQ(document(busy_day()).dump(),
            R"({"activeConversations":{"value":120,"trend":"up","change":20.0},)"
            R"("avgResponseTime":{"value":451,"trend":"down","change":-9.9,"slaStatus":"critical"},)"
            R"("whatsappDeliveryRate":{"value":83.3,"trend":"stable","change":1.0},)"
            R"("openTickets":{"value":10,"trend":"stable","change":0.0,"byPriority":{"high":5,"medium":4,"low":1}},)"
            R"("messagesToday":{"value":100,"trend":"stable","change":0.0}})");
}

TEST(KpiDocument, MeansAreSumsOverCounts) {
  const Json json = document(busy_day());
  EXPECT_EQ(json["avgResponseTime"]["value"], 451);     // 901 s ÷ 2 = 450.5, half up
  EXPECT_EQ(json["avgResponseTime"]["change"], -9.9);   // (450.5 − 500) ÷ 500 = −9.9 %
  EXPECT_EQ(json["avgResponseTime"]["trend"], "down");  // below the dead band of −5 %
}

TEST(KpiDocument, SlaStatusFollowsTheExactMean) {
  const auto status = [](std::int64_t sum_ms, std::int64_t count) {
    Kpi kpi;
    kpi.response_time.now = {sum_ms, count};
    return document(kpi)["avgResponseTime"]["slaStatus"].get<std::string>();
  };
  EXPECT_EQ(status(600'000, 2), "good");      // 300 s, the target itself
  EXPECT_EQ(status(600'001, 2), "warning");   // 300.0005 s
  EXPECT_EQ(status(900'000, 2), "warning");   // 450 s = 1.5 × 300
  EXPECT_EQ(status(900'001, 2), "critical");  // just above
  EXPECT_EQ(status(0, 0), "good");            // nobody waited
}

TEST(KpiDocument, DeliveryRateIsOfWhatLeftTheQueueAndItsChangeOfWhatIsDecided) {
  const Json rate = document(busy_day())["whatsappDeliveryRate"];
  EXPECT_EQ(rate["value"], 83.3);      // 30 ÷ 36
  EXPECT_EQ(rate["change"], 1.0);      // 30/33 = 90.909 % against 45/50 = 90 %: +1.01 %
  EXPECT_EQ(rate["trend"], "stable");  // within ±5 %
}

TEST(KpiDocument, OfAnEmptyDayIsZeroAndNothingWentWrong) {
  const Json json = document(Kpi{});
  EXPECT_EQ(json["activeConversations"]["value"], 0);
  EXPECT_EQ(json["avgResponseTime"]["value"], 0);
  EXPECT_EQ(json["avgResponseTime"]["slaStatus"], "good");
  EXPECT_EQ(json["whatsappDeliveryRate"]["value"], 100.0) << "the rate of nothing went wrong";
  EXPECT_EQ(json["openTickets"]["byPriority"].dump(), R"({"high":0,"medium":0,"low":0})");
  for (const auto& metric : json) {
    EXPECT_EQ(metric["change"], 0.0);
    EXPECT_EQ(metric["trend"], "stable");
  }
}

TEST(KpiDocument, ChangeFromNothingIsAHundredPercent) {
  Kpi kpi;
  kpi.active_conversations = {.now = 3, .before = 0};
  const Json json = document(kpi)["activeConversations"];
  EXPECT_EQ(json["change"], 100.0);
  EXPECT_EQ(json["trend"], "up");
}

TEST(KpiDocument, ChangeOfAMeanOrRateNeedsEventsOnBothSides) {
  Kpi kpi;
  kpi.response_time = {.now = {.sum_ms = 60'000, .count = 1}, .before = {}};
  kpi.messages.now = {.inbound = 0, .outbound = 5, .sent = 5, .delivered = 5, .read = 0, .failed = 0};
  const Json json = document(kpi);
  EXPECT_EQ(json["avgResponseTime"]["change"], 0.0);
  EXPECT_EQ(json["avgResponseTime"]["trend"], "stable");
  EXPECT_EQ(json["whatsappDeliveryRate"]["change"], 0.0);
}

TEST(KpiDocument, DeadBandsAreInclusiveAndPerMetric) {
  crm::Settings settings;
  settings.trend.bands["openTickets"] = 50.0;
  Kpi kpi;
  kpi.active_conversations = {.now = 105, .before = 100};  // +5 %: not above the band
  kpi.open_tickets = {.now = 140, .before = 100};          // +40 %: within its own band of 50 %
  kpi.messages.now.inbound = 94;                           // −6 %
  kpi.messages.before.inbound = 100;
  const Json json = to_json(kpi, settings);
  EXPECT_EQ(json["activeConversations"]["trend"], "stable");
  EXPECT_EQ(json["openTickets"]["trend"], "stable");
  EXPECT_EQ(json["openTickets"]["change"], 40.0);
  EXPECT_EQ(json["messagesToday"]["trend"], "down");
}

std::vector<std::string> names(const std::vector<crm::Sample>& samples) {
  std::vector<std::string> names;
  for (const auto& sample : samples) names.push_back(sample.family);
  return names;
}

TEST(KpiSamples, AreUnrounded) {
  for (const auto& sample : to_samples(busy_day())) {
    if (sample.family == "crm_response_today_mean_seconds") {
      EXPECT_DOUBLE_EQ(sample.value, 450.5);
    }
    if (sample.family == "crm_delivery_ratio") {
      EXPECT_DOUBLE_EQ(sample.value, 30.0 / 36.0);
    }
  }
  EXPECT_THAT(names(to_samples(busy_day())), ::testing::Contains("crm_delivery_ratio"));
}

TEST(KpiSamples, LeaveOutAMeanOrRatioOfNothingButNotItsParts) {
  const auto families = names(to_samples(Kpi{}));
  EXPECT_THAT(families, ::testing::Not(::testing::Contains("crm_delivery_ratio")));
  EXPECT_THAT(families, ::testing::Not(::testing::Contains("crm_response_today_mean_seconds")));
  EXPECT_THAT(families, ::testing::Contains("crm_answered_turns_today"));
  EXPECT_THAT(families, ::testing::Contains("crm_outbound_today").Times(4));
}

TEST(KpiSamples, LeaveOutWhatTheCrmDoesNotHave) {
  Kpi kpi;
  kpi.has_conversations = kpi.has_turns = kpi.has_messages = kpi.has_tickets = false;
  EXPECT_TRUE(to_samples(kpi).empty());
}

}  // namespace
}  // namespace kpi
