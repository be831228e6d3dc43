// The document of customer-load: every field, with its arithmetic in sight.

#include "report.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/testing/fake_calendar.h>

namespace customer_load {
namespace {

using crm::testing::at;

CustomerLoad busy_morning() {
  CustomerLoad report;
  report.chats_per_hour = {{at("2026-03-10T08:00:00Z"), 2},
                           {at("2026-03-10T09:00:00Z"), 5},
                           {at("2026-03-10T10:00:00Z"), 0},
                           {at("2026-03-10T11:00:00Z"), 5}};
  report.new_customers = 3;
  report.customers = 10;
  report.wait_in_peak_hours = {901'000, 2};
  report.wait_in_other_hours = {59'000, 1};
  report.heatmap[2][9] = 5;
  return report;
}

TEST(Document, HasTheDocumentedShapeInTheDocumentedOrder) {
  crm::Json json = to_json(busy_morning(), crm::testing::utc_calendar());
  EXPECT_EQ(json["heatmap"].size(), 168U);
  EXPECT_EQ(json["heatmap"][0].dump(), R"({"dayOfWeek":0,"hour":0,"count":0})");
  EXPECT_EQ(json["heatmap"][2 * 24 + 9].dump(), R"({"dayOfWeek":2,"hour":9,"count":5})");
  EXPECT_EQ(json["heatmap"][167].dump(), R"({"dayOfWeek":6,"hour":23,"count":0})");
  json["heatmap"] = "168 cells";
  EXPECT_EQ(json.dump(),
            R"({"incomingChatsPerHour":[{"hour":"2026-03-10T08:00:00+00:00","count":2},)"
            R"({"hour":"2026-03-10T09:00:00+00:00","count":5},{"hour":"2026-03-10T10:00:00+00:00","count":0},)"
            R"({"hour":"2026-03-10T11:00:00+00:00","count":5}],)"
            R"("peakHour":{"hour":"2026-03-10T09:00:00+00:00","count":5},)"  // the earlier of two
            R"("newVsReturning":{"new":3,"returning":7},)"                   // 10 contacts, 3 of them new
            R"("avgWaitTime":{"peak":451,"offPeak":59},)"                    // 901 s ÷ 2 = 450.5, half up
            R"("heatmap":"168 cells"})");
}

TEST(Document, OfNothingIsZero) {
  CustomerLoad quiet;
  quiet.chats_per_hour = {{at("2026-03-10T08:00:00Z"), 0}, {at("2026-03-10T09:00:00Z"), 0}};
  const crm::Json json = to_json(quiet, crm::testing::utc_calendar());
  EXPECT_EQ(json["peakHour"].dump(), R"({"hour":"2026-03-10T08:00:00+00:00","count":0})");
  EXPECT_EQ(json["newVsReturning"].dump(), R"({"new":0,"returning":0})");
  EXPECT_EQ(json["avgWaitTime"].dump(), R"({"peak":0,"offPeak":0})");
}

}  // namespace
}  // namespace customer_load
