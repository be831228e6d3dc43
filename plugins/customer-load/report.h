#pragma once
// GET /api/dashboard/customer-load, as the design document shows it. Everything here is counted, nothing is rounded
// yet.

#include <array>
#include <cstdint>
#include <vector>

#include <crm/sdk/json.h>
#include <crm/sdk/numbers.h>
#include <crm/sdk/window.h>

#include "peak_hours.h"

namespace customer_load {

inline constexpr std::size_t days_of_week = 7;

struct ChatsOfHour {
  crm::Instant start;
  std::int64_t created = 0;
};

// [day of week, 0 = Sunday][hour of day]
using Heatmap = std::array<std::array<std::int64_t, hours_of_day>, days_of_week>;

struct CustomerLoad {
  std::vector<ChatsOfHour> chats_per_hour;  // every business hour of the window, in order
  std::int64_t new_customers = 0;           // whose first conversation ever it was
  std::int64_t customers = 0;               // distinct contacts with a conversation in the window
  crm::Mean wait_in_peak_hours;
  crm::Mean wait_in_other_hours;
  Heatmap heatmap{};
  bool has_conversations = true;  // false: this CRM has no such view
};

crm::Json to_json(const CustomerLoad& report, const crm::Calendar& calendar);

}  // namespace customer_load
