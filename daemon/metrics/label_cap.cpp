#include "metrics/label_cap.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <string_view>

namespace crm::metrics {
namespace {

using Type = Family::Type;
using Agents = std::set<std::string>;
using Ranks = std::map<std::string, double>;

constexpr std::string_view agent_label = "agent";
constexpr std::string_view other = "other";

// Of which label how many values are shown.
struct Capped {
  std::size_t position = 0;
  std::size_t most = 0;
};

std::optional<Capped> capped(const Family& family, std::size_t max_agents) {
  const std::string_view label = family.cap ? std::string_view(family.cap->label) : agent_label;
  const auto found = std::find(family.labels.begin(), family.labels.end(), label);
  if (found == family.labels.end()) return std::nullopt;
  return Capped{static_cast<std::size_t>(found - family.labels.begin()), family.cap ? family.cap->most : max_agents};
}

bool has_value(const Family& family) {
  return family.type != Type::info && family.type != Type::state_set;
}

// Counters, histograms and summaries are cumulative: whoever was shown once stays.
bool keeps_slots(const Family& family) {
  return family.type == Type::counter || family.type == Type::histogram || family.type == Type::summary;
}

bool sums_mean_something(const Family& family) {
  const std::string_view name = family.name;
  if (family.cap) return true;
  return family.type == Type::gauge && !name.ends_with("_ratio") && !name.ends_with("_timestamp_seconds") &&
         name.find("_mean_") == std::string_view::npos;
}

double weight(const Sample& sample) {
  if (!sample.histogram) return sample.value;
  const auto& counts = sample.histogram->counts;
  return std::accumulate(counts.begin(), counts.end(), 0.0,
                         [](double sum, std::uint64_t count) { return sum + static_cast<double>(count); });
}

Ranks ranks_of(const FamilySamples& family, std::size_t agent, const Ranks& shown_elsewhere) {
  Ranks ranks;
  for (const Sample& sample : family.samples) {
    const std::string& id = sample.labels[agent];
    if (has_value(*family.family)) {
      ranks[id] += weight(sample);
    } else {
      const auto shown = shown_elsewhere.find(id);
      ranks[id] = shown == shown_elsewhere.end() ? 0 : shown->second;
    }
  }
  return ranks;
}

// Adds to `chosen` the highest ranked, by name where they are equal, until there are max_agents.
void choose(const Ranks& ranks, std::size_t max_agents, Agents& chosen) {
  std::vector<std::pair<double, std::string_view>> candidates;
  for (const auto& [id, rank] : ranks) {
    if (!chosen.contains(id)) candidates.emplace_back(-rank, id);
  }
  std::sort(candidates.begin(), candidates.end());
  for (const auto& [rank, id] : candidates) {
    if (chosen.size() >= max_agents) return;
    chosen.emplace(id);
  }
}

// Moves the samples of agents that were not chosen out of the family; returns them.
std::vector<Sample> take_rest(FamilySamples& family, std::size_t agent, const Agents& chosen) {
  const auto rest = std::stable_partition(family.samples.begin(), family.samples.end(),
                                          [&](const Sample& s) { return chosen.contains(s.labels[agent]); });
  std::vector<Sample> taken(std::make_move_iterator(rest), std::make_move_iterator(family.samples.end()));
  family.samples.erase(rest, family.samples.end());
  return taken;
}

void add_other(FamilySamples& family, std::size_t agent, const std::vector<Sample>& rest) {
  std::map<std::vector<std::string>, double> sums;
  for (const Sample& sample : rest) {
    auto labels = sample.labels;
    labels[agent] = other;
    sums[std::move(labels)] += sample.value;
  }
  for (const auto& [labels, sum] : sums) {
    if (std::isfinite(sum)) family.samples.push_back({.family = family.family->name, .labels = labels, .value = sum});
  }
  std::sort(family.samples.begin(), family.samples.end(),
            [](const Sample& a, const Sample& b) { return a.labels < b.labels; });
}

std::size_t cap(FamilySamples& family, const Capped& label, LabelSlots& slots, Ranks& shown) {
  Ranks ranks = ranks_of(family, label.position, shown);
  Agents fresh;
  Agents& chosen = keeps_slots(*family.family) ? slots.families[family.family->name] : fresh;
  if (ranks.size() <= label.most && !keeps_slots(*family.family)) {
    for (const auto& [id, rank] : ranks) fresh.insert(id);
  } else {
    if (sums_mean_something(*family.family)) ranks.erase(std::string(other));  // one of that name joins the rest
    choose(ranks, label.most, chosen);
  }

  const std::vector<Sample> rest = take_rest(family, label.position, chosen);
  if (sums_mean_something(*family.family) && !rest.empty()) add_other(family, label.position, rest);
  for (const auto& [id, rank] : ranks) {
    if (has_value(*family.family) && !family.family->cap && chosen.contains(id)) shown[id] += 1;
  }
  return rest.size();
}

}  // namespace

std::size_t cap_labels(std::vector<FamilySamples>& families, std::size_t max_agents, LabelSlots& slots) {
  std::size_t lost = 0;
  Ranks shown;  // in how many families with values an agent is shown
  for (const bool with_values : {true, false}) {
    for (FamilySamples& family : families) {
      const auto label = capped(*family.family, max_agents);
      if (label && has_value(*family.family) == with_values) lost += cap(family, *label, slots, shown);
    }
  }
  return lost;
}

}  // namespace crm::metrics
