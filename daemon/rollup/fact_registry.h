#pragma once
// All facts known: the house's own (facts/*.sql) and those that plugins bring. Immutable once built; safe to share.

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/facts.h>

#include "rollup/fact_file.h"

namespace crm::rollup {

class FactRegistry {
 public:
  // The house's own facts only.
  FactRegistry();

  // std::invalid_argument for a malformed file or a name that is taken.
  void add(const FactFile& file);

  // UsageError, with the names there are, for an unknown fact.
  const FactDefinition& get(std::string_view name) const;
  const std::map<std::string, FactDefinition, std::less<>>& all() const { return facts_; }
  bool knows(std::string_view name) const { return facts_.contains(name); }

 private:
  void add(const FactFile& file, FactDefinition fact);

  std::map<std::string, FactDefinition, std::less<>> facts_;
};

// Those of them that are true now of rows, and no history.
std::vector<const FactDefinition*> facts_of_now(const std::vector<const FactDefinition*>& facts);

// The embedded facts/*.sql.
std::span<const FactFile> builtin_facts();

}  // namespace crm::rollup
