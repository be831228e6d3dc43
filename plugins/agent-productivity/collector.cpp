// The agent-productivity collector: asks for what report.h and samples.h hold.

#include <map>

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

#include "description.h"
#include "report.h"
#include "samples.h"
#include "sql.h"

namespace agent_productivity {
namespace {

using crm::Axis;
using crm::FactTable;

using ByAgent = std::map<std::string, AgentMetrics>;

// Rows of agents who are not listed are nobody's here.
template <typename Use>
void each_of(ByAgent& agents, const FactTable& fact, const Use& use) {
  for (const crm::FactRow& row : fact.rows()) {
    const auto found = row.agent ? agents.find(*row.agent) : agents.end();
    if (found != agents.end()) use(row, found->second);
  }
}

class AgentProductivityCollector final : public crm::Collector {
 public:
  explicit AgentProductivityCollector(double workload_band)
      : description_(agent_productivity::description()), workload_band_(workload_band) {}

  const crm::Description& describe() const noexcept override { return description_; }

  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    ByAgent agents = list_agents(sources);
    look_who_is_there(sources, agents);
    const FactTable open = sources.facts(
        {"open_conversations", {crm::Instant{}, request.as_of + crm::Instant::duration(1)}, {Axis::agent}});
    each_of(agents, open,
            [&](const crm::FactRow& row, AgentMetrics& agent) { agent.open_conversations = open.value(row, "open"); });
    count_chats(request, sources, agents);
    sum_presence(request, sources, agents);
    sum_handling_times(request, sources, agents);

    AgentProductivity report;
    for (auto& [id, agent] : agents) report.agents.push_back(std::move(agent));
    sort(report.agents);
    report.workload = workload_of(report.agents, workload_band_);
    crm::Report answer{.document = crm::share(to_json(report, request.as_of))};
    if (request.wants_samples) answer.samples = to_samples(report, counted(sources, open, report));
    return answer;
  }

 private:
  static ByAgent list_agents(crm::Sources& sources) {
    ByAgent agents;
    sources.query(sql::agents).each([&](const crm::Row& row) {
      AgentMetrics agent;
      agent.agent_id = row.text("agent");
      agent.agent_name = row.text_or("name", "");
      agents.emplace(agent.agent_id, std::move(agent));
    });
    return agents;
  }

  static void look_who_is_there(crm::Sources& sources, ByAgent& agents) {
    std::int64_t unknown = 0;
    sources.query(sql::presence_now).each([&](const crm::Row& row) {
      const auto found = agents.find(std::string(row.text("agent")));
      if (found == agents.end()) return;
      found->second.since = row.maybe_instant("since");
      if (row.is_null("status")) return;
      const auto presence = parse_presence(row.text("status"));
      if (!presence) ++unknown;
      found->second.presence = presence.value_or(Presence::offline);
    });
    sources.unknown_word("agent_status", "status", unknown);
  }

  static void count_chats(const crm::Request& request, crm::Sources& sources, ByAgent& agents) {
    const FactTable created = sources.facts({"conversations", request.window, {Axis::agent}});
    each_of(agents, created, [&](const crm::FactRow& row, AgentMetrics& agent) {
      agent.chats = created.value(row, "created");
      agent.resolved = created.value(row, "resolved");
    });
  }

  static void sum_presence(const crm::Request& request, crm::Sources& sources, ByAgent& agents) {
    const FactTable presence = sources.facts({"presence", request.window, {Axis::agent}});
    each_of(agents, presence, [&](const crm::FactRow& row, AgentMetrics& agent) {
      agent.online_ms = presence.value(row, "online_ms");
      agent.away_ms = presence.value(row, "away_ms");
    });
  }

  static void sum_handling_times(const crm::Request& request, crm::Sources& sources, ByAgent& agents) {
    const FactTable resolutions =
        sources.facts({.fact = "resolutions", .window = request.window, .by = {Axis::agent}, .histograms = false});
    each_of(agents, resolutions, [&](const crm::FactRow& row, AgentMetrics& agent) {
      agent.handling_time = {resolutions.value(row, "resolution_ms"), resolutions.value(row, "resolved")};
    });
  }

  static Counted counted(crm::Sources& sources, const FactTable& open, const AgentProductivity& report) {
    Counted counted{sources.counters("conversations", {Axis::agent}), sources.counters("resolutions", {Axis::agent}),
                    sources.counters("presence", {Axis::agent}), std::nullopt, sources.has_view("agent_status")};
    if (open.absent()) return counted;
    auto& all = counted.open_conversations.emplace();
    for (const AgentMetrics& agent : report.agents) all.emplace(agent.agent_id, 0);
    for (const crm::FactRow& row : open.rows()) {
      if (row.agent) all[*row.agent] = open.value(row, "open");
    }
    return counted;
  }

  const crm::Description description_;
  const double workload_band_;
};

crm::Collectors make(const crm::Config& config) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<AgentProductivityCollector>(config.settings().agents.workload_band));
  return collectors;
}

}  // namespace
}  // namespace agent_productivity

CRM_COLLECTOR_PLUGIN("agent-productivity", agent_productivity::make)
