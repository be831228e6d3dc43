#include "report.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace customer_load {
namespace {

using crm::Json;

Json chats_of(const ChatsOfHour& hour, const crm::Calendar& calendar) {
  return {{"hour", calendar.iso(hour.start)}, {"count", hour.created}};
}

Json per_hour(const std::vector<ChatsOfHour>& hours, const crm::Calendar& calendar) {
  Json list = Json::array();
  for (const ChatsOfHour& hour : hours) list.push_back(chats_of(hour, calendar));
  return list;
}

// The earliest of those with most; a window has an hour at least.
Json peak_hour(const std::vector<ChatsOfHour>& hours, const crm::Calendar& calendar) {
  const auto peak = std::max_element(hours.begin(), hours.end(),
                                     [](const ChatsOfHour& a, const ChatsOfHour& b) { return a.created < b.created; });
  return chats_of(peak == hours.end() ? ChatsOfHour{} : *peak, calendar);
}

Json cells(const Heatmap& heatmap) {
  Json list = Json::array();
  for (std::size_t day = 0; day < days_of_week; ++day) {
    for (std::size_t hour = 0; hour < hours_of_day; ++hour) {
      list.push_back({{"dayOfWeek", day}, {"hour", hour}, {"count", heatmap[day][hour]}});
    }
  }
  return list;
}

// Of a window whose rows the CRM has deleted since, contacts are not known any more, and the new ones still are.
std::int64_t returning(const CustomerLoad& report) {
  return std::max<std::int64_t>(report.customers - report.new_customers, 0);
}

}  // namespace

Json to_json(const CustomerLoad& report, const crm::Calendar& calendar) {
  return {{"incomingChatsPerHour", per_hour(report.chats_per_hour, calendar)},
          {"peakHour", peak_hour(report.chats_per_hour, calendar)},
          {"newVsReturning", {{"new", report.new_customers}, {"returning", returning(report)}}},
          {"avgWaitTime",
           {{"peak", crm::whole_seconds(report.wait_in_peak_hours)},
            {"offPeak", crm::whole_seconds(report.wait_in_other_hours)}}},
          {"heatmap", cells(report.heatmap)}};
}

}  // namespace customer_load
