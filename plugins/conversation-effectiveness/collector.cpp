// The conversation-effectiveness collector: asks for what report.h and samples.h hold.

#include <map>

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "samples.h"
#include "sql.h"

namespace conversation_effectiveness {
namespace {

using crm::Axis;
using crm::FactTable;

void add(const FactTable& turns, const crm::FactRow& row, crm::Mean& mean) {
  mean.sum_ms += turns.value(row, "response_ms");
  mean.count += turns.value(row, "answered");
}

class ConversationEffectivenessCollector final : public crm::Collector {
 public:
  explicit ConversationEffectivenessCollector(const crm::Settings& settings)
      : description_(conversation_effectiveness::description()),
        sla_target_seconds_(settings.sla.first_response_seconds) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    ConversationEffectiveness report;
    const FactTable turns = turns_of(request, sources);
    count_by_agent(request, sources, turns, report);
    sum_by_bucket(turns, report);
    count_sla(request, sources, report);
    crm::Report answer{.document = crm::share(to_json(report, request.calendar))};
    if (request.wants_samples) answer.samples = to_samples(counted(request, sources), description_);
    return answer;
  }

 private:
  static std::map<std::string, std::string> names_of_agents(crm::Sources& sources) {
    std::map<std::string, std::string> names;
    sources.query(sql::agent_names).each([&](const crm::Row& row) {
      names.emplace(row.text("agent"), row.text_or("name", ""));
    });
    return names;
  }

  // By business hour in windows of up to 48 hours, else by business day; and by agent: read once, for both.
  static FactTable turns_of(const crm::Request& request, crm::Sources& sources) {
    const bool by_hour = request.window.length() <= std::chrono::hours(48);
    return sources.facts(
        {.fact = "turns",
         .window = request.window,
         .by = {Axis::bucket, Axis::agent},
         .buckets = by_hour ? request.calendar.hours(request.window) : request.calendar.days(request.window),
         .histograms = false,
         .apart = true});
  }

  // Conversations and turns belong to the agent who has the conversation now; those of nobody count in the total only.
  static void count_by_agent(const crm::Request& request, crm::Sources& sources, const FactTable& turns,
                             ConversationEffectiveness& report) {
    const FactTable created = sources.facts({"conversations", request.window, {Axis::agent}});
    report.created = created.sum("created");
    report.resolved = created.sum("resolved");
    std::map<std::string, crm::Mean> response_times;
    for (const crm::FactRow& row : turns.rows()) {
      if (row.agent) add(turns, row, response_times[*row.agent]);
    }
    auto names = names_of_agents(sources);
    for (const crm::FactRow& row : created.rows()) {
      if (!row.agent) continue;
      report.per_agent.push_back(
          {*row.agent, names[*row.agent], created.value(row, "created"), response_times[*row.agent]});
    }
    sort(report.per_agent);
  }

  static void sum_by_bucket(const FactTable& turns, ConversationEffectiveness& report) {
    std::map<crm::Instant, crm::Mean> response_times;
    for (const crm::FactRow& row : turns.rows()) {
      if (row.bucket) add(turns, row, response_times[*row.bucket]);
    }
    for (const auto& [start, mean] : response_times) report.response_time.push_back({start, mean});
  }

  static void count_sla(const crm::Request& request, crm::Sources& sources, ConversationEffectiveness& report) {
    const FactTable sla = sources.facts({"sla", request.window});
    report.sla = {sla.sum("compliant"), sla.sum("breached")};
  }

  Counted counted(const crm::Request& request, crm::Sources& sources) const {
    Counted counted{sources.counters("conversations"),
                    sources.counters("resolutions"),
                    sources.counters("first_responses"),
                    sources.counters("turns"),
                    sources.counters("sla"),
                    std::nullopt,
                    sla_target_seconds_};
    // Whenever they were created.
    const FactTable waiting = sources.facts({"waiting", {crm::Instant{}, request.as_of + crm::Instant::duration(1)}});
    if (!waiting.absent()) counted.waiting = SlaWaiting{waiting.sum("in_time"), waiting.sum("overdue")};
    return counted;
  }

  const crm::Description description_;
  const std::int64_t sla_target_seconds_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<ConversationEffectivenessCollector>(config.settings()));
  return collectors;
}

}  // namespace
}  // namespace conversation_effectiveness

CRM_COLLECTOR_PLUGIN("conversation-effectiveness", conversation_effectiveness::make)
