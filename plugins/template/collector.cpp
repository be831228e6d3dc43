// The my-section collector: asks for what report.h holds.

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "sql.h"

namespace my_section {
namespace {

class MySectionCollector final : public crm::Collector {
 public:
  explicit MySectionCollector(crm::Settings settings)
      : description_(my_section::description()), settings_(std::move(settings)) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    MySection report;
    count_conversations(request, sources, report);
    count_agents(sources, report);
    crm::Report answer{.document = crm::share(to_json(report, settings_))};
    if (request.wants_samples) answer.samples = to_samples(report, sources.counters("conversations"));
    return answer;
  }

 private:
  // A fact for what can be summed: the host stores it, and a month costs no more than a day.
  static void count_conversations(const crm::Request& request, crm::Sources& sources, MySection& report) {
    const crm::FactTable now = sources.facts({"conversations", request.window});
    report.has_conversations = !now.absent();
    report.conversations = now.sum("created");
    report.before = sources.facts({"conversations", request.previous}).sum("created");
  }

  // A statement for what cannot: the agents of two days are not those of each, added.
  static void count_agents(crm::Sources& sources, MySection& report) {
    sources.query(sql::agents_of_conversations).each([&](const crm::Row& row) {
      report.agents = row.integer("agents");
    });
  }

  const crm::Description description_;
  const crm::Settings settings_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<MySectionCollector>(config.settings()));
  return collectors;
}

}  // namespace
}  // namespace my_section

CRM_COLLECTOR_PLUGIN("my-section", my_section::make)
