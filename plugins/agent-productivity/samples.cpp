#include "samples.h"

#include "families.h"

namespace agent_productivity {
namespace {

using crm::FactRow;
using crm::FactTable;
using crm::HistogramValue;
using crm::Sample;

// A counter's rows by agent, those of the listed agents at 0 if nothing has been counted yet.
template <typename Make>
void add_of_agents(const FactTable& fact, const std::vector<AgentMetrics>& agents, const Make& make,
                   std::vector<Sample>& samples) {
  if (fact.absent()) return;
  std::map<std::string, const FactRow*> rows;
  for (const AgentMetrics& agent : agents) rows.emplace(agent.agent_id, nullptr);
  for (const FactRow& row : fact.rows()) {
    if (row.agent) rows[*row.agent] = &row;
  }
  for (const auto& [agent, row] : rows) {
    const auto value = [&, counted = row](std::string_view column) {
      return counted == nullptr ? std::int64_t{0} : fact.value(*counted, column);
    };
    samples.push_back(make(agent, value));
  }
}

double seconds(std::int64_t ms) {
  return static_cast<double>(ms) / 1000.0;
}

Sample gauge(const char* family, std::string label, std::int64_t value) {
  return {.family = family, .labels = {std::move(label)}, .value = static_cast<double>(value)};
}

void add_agents(const AgentProductivity& report, bool has_presence, std::vector<Sample>& samples) {
  for (const AgentMetrics& agent : report.agents) {
    samples.push_back({.family = family::info, .labels = {agent.agent_id, agent.agent_name}});
    if (has_presence)
      samples.push_back({.family = family::status, .labels = {agent.agent_id}, .state = to_string(agent.presence)});
  }
}

void add_workload(const Workload& workload, std::vector<Sample>& samples) {
  samples.push_back(gauge(family::workload, "balanced", workload.balanced));
  samples.push_back(gauge(family::workload, "overloaded", workload.overloaded));
  samples.push_back(gauge(family::workload, "underutilized", workload.underutilized));
}

}  // namespace

std::vector<Sample> to_samples(const AgentProductivity& report, const Counted& counted) {
  std::vector<Sample> samples;
  add_agents(report, counted.has_presence, samples);
  add_of_agents(
      counted.conversations, report.agents,
      [](const std::string& agent, const auto& value) {
        return Sample{.family = family::chats, .labels = {agent}, .value = static_cast<double>(value("created"))};
      },
      samples);
  const auto time = [](const char* family, const char* column) {
    return [family, column](const std::string& agent, const auto& value) {
      return Sample{.family = family, .labels = {agent}, .value = seconds(value(column))};
    };
  };
  add_of_agents(counted.presence, report.agents, time(family::online, "online_ms"), samples);
  add_of_agents(counted.presence, report.agents, time(family::away, "away_ms"), samples);
  add_of_agents(
      counted.resolutions, report.agents,
      [](const std::string& agent, const auto& value) {
        return Sample{.family = family::handling,
                      .labels = {agent},
                      .histogram = HistogramValue{{static_cast<std::uint64_t>(value("resolved"))},
                                                  seconds(value("resolution_ms"))}};
      },
      samples);
  if (!counted.open_conversations) return samples;
  for (const auto& [agent, open] : *counted.open_conversations) {
    samples.push_back(gauge(family::open_conversations, agent, open));
  }
  if (counted.has_presence) add_workload(report.workload, samples);
  return samples;
}

}  // namespace agent_productivity
