#include "rollup/fact_registry.h"

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

namespace crm::rollup {

FactRegistry::FactRegistry() {
  for (const FactFile& file : builtin_facts()) {
    FactDefinition fact = parse_fact_file(file.name, file.text);
    fact.own_table = !fact.keyed;
    add(file, std::move(fact));
  }
}

void FactRegistry::add(const FactFile& file) {
  add(file, parse_fact_file(file.name, file.text));
}

void FactRegistry::add(const FactFile& file, FactDefinition fact) {
  const std::string name = fact.name;
  if (!fact.shares.empty() && !fact.histograms.empty() && !fact.own_table) {
    throw std::invalid_argument(fmt::format(
        "fact file {}: 'shares' is declared: a fact with histograms has none; leave one or the other out", file.name));
  }
  if (name == "agents") {  // the member of analytics_snapshots.metrics that holds the facts of each agent
    throw std::invalid_argument(fmt::format("fact file {}: 'agents' is no name for a fact; choose another", file.name));
  }
  if (!facts_.emplace(name, std::move(fact)).second) {
    throw std::invalid_argument(
        fmt::format("fact file {}: there is a fact '{}' already; choose another name", file.name, name));
  }
}

const FactDefinition& FactRegistry::get(std::string_view name) const {
  const auto found = facts_.find(name);
  if (found != facts_.end()) return found->second;
  std::string names;
  for (const auto& [known, fact] : facts_) names += (names.empty() ? "" : ", ") + known;
  throw UsageError(fmt::format("there is no fact '{}'; there are: {}", name, names));
}

std::vector<const FactDefinition*> facts_of_now(const std::vector<const FactDefinition*>& facts) {
  std::vector<const FactDefinition*> of_now;
  std::copy_if(facts.begin(), facts.end(), std::back_inserter(of_now),
               [](const FactDefinition* fact) { return fact->of_now; });
  return of_now;
}

}  // namespace crm::rollup
