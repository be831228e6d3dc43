#include "samples.h"

#include <string>

#include "families.h"

namespace customer_load {

std::vector<crm::Sample> to_samples(const CustomerLoad& report, const crm::FactTable& customers) {
  std::vector<crm::Sample> samples;
  const auto add = [&](const char* family, std::vector<std::string> labels, std::int64_t value) {
    samples.push_back({.family = family, .labels = std::move(labels), .value = static_cast<double>(value)});
  };
  if (!customers.absent()) {
    add(family::customers, {"new"}, customers.sum("first_ever"));
    add(family::customers, {"returning"}, customers.sum("again"));
  }
  if (!report.has_conversations) return samples;
  for (std::size_t day = 0; day < days_of_week; ++day) {
    for (std::size_t hour = 0; hour < hours_of_day; ++hour) {
      add(family::chats_hour_of_week, {std::to_string(day), std::to_string(hour)}, report.heatmap[day][hour]);
    }
  }
  return samples;
}

}  // namespace customer_load
