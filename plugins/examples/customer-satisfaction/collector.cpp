// The customer-satisfaction collector: asks for what report.h and samples.h hold.

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "samples.h"
#include "sql.h"

namespace customer_satisfaction {
namespace {

using crm::Axis;
using crm::FactTable;

Ratings ratings_of(const FactTable& fact) {
  return {fact.sum("rated"), fact.sum("satisfied"), fact.sum("score")};
}

class CustomerSatisfactionCollector final : public crm::Collector {
 public:
  explicit CustomerSatisfactionCollector(crm::Settings settings)
      : description_(customer_satisfaction::description()), settings_(std::move(settings)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    CustomerSatisfaction report;
    const FactTable rated = sources.facts({"satisfaction", request.window, {Axis::agent}});
    report.ratings = ratings_of(rated);
    report.before =
        ratings_of(sources.facts({.fact = "satisfaction", .window = request.previous, .histograms = false}));
    if (!rated.rows().empty()) {
      const auto scores = rated.histogram("scores");
      std::copy_n(scores.begin(), std::min(scores.size(), report.distribution.size()), report.distribution.begin());
    }
    rate_agents(rated, sources, report);
    crm::Report answer{.document = crm::share(to_json(report, settings_))};
    if (request.wants_samples) answer.samples = samples(request, sources);
    return answer;
  }

 private:
  // Ratings belong to the agent who has the conversation now; those of nobody count in the total only.
  static void rate_agents(const FactTable& rated, crm::Sources& sources, CustomerSatisfaction& report) {
    std::map<std::string, std::string> names;
    sources.query(sql::agent_names).each([&](const crm::Row& row) {
      names.emplace(row.text("agent"), row.text_or("name", ""));
    });
    for (const crm::FactRow& row : rated.rows()) {
      if (!row.agent) continue;
      report.by_agent.push_back(
          {*row.agent,
           names[*row.agent],
           {rated.value(row, "rated"), rated.value(row, "satisfied"), rated.value(row, "score")}});
    }
    sort(report.by_agent);
  }

  // Gauges are of today, whatever window the section has.
  static std::vector<crm::Sample> samples(const crm::Request& request, crm::Sources& sources) {
    const crm::Window today = request.calendar.last_days(request.as_of, 1).window;
    const FactTable rated = sources.facts({.fact = "satisfaction", .window = today, .histograms = false});
    return to_samples(ratings_of(rated), sources.counters("satisfaction", {Axis::agent}));
  }

  const crm::Description description_;
  const crm::Settings settings_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<CustomerSatisfactionCollector>(config.settings()));
  return collectors;
}

}  // namespace
}  // namespace customer_satisfaction

CRM_COLLECTOR_PLUGIN("customer-satisfaction", customer_satisfaction::make)
