#pragma once
// The settings that definitions share: one value each for the whole house, read by facts, collectors and alerts alike.
// Defaults are those of config/crm-metricsd.yaml.

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include <crm/sdk/instant.h>

namespace crm {

struct Settings {
  std::string timezone = "UTC";

  struct Sla {
    std::int64_t first_response_seconds = 300;
    bool count_bot_replies = false;
  } sla;

  struct Trend {
    double dead_band = 5.0;               // percent
    std::map<std::string, double> bands;  // by metric, as the document names it: "messagesToday"
  } trend;

  struct Load {
    bool auto_peak_hours = true;
    std::vector<int> peak_hours;  // hours of day 0…23 when not auto
  } load;

  struct Agents {
    std::chrono::seconds max_span{86'400};
    double workload_band = 30.0;  // percent
  } agents;

  struct Automation {
    std::chrono::seconds drop_off_after{86'400};
    std::int64_t handling_seconds = 300;
  } automation;

  struct Cost {
    double agent_hour = 15.0;
    std::string currency = "USD";
  } cost;

  struct Campaign {
    std::chrono::seconds response_window{72 * 3'600};
    std::chrono::seconds conversion_window{14 * 86'400};
  } campaign;

  struct Rollup {
    std::chrono::seconds horizon{35 * 86'400};
  } rollup;

  // The dead band of a metric: its own, or the common one.
  double dead_band(const std::string& metric) const {
    const auto own = trend.bands.find(metric);
    return own == trend.bands.end() ? trend.dead_band : own->second;
  }
};

}  // namespace crm
