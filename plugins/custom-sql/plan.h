#pragma once
// Which columns of a definition feed which Prometheus family.

#include <cstddef>
#include <string>
#include <vector>

#include <crm/sdk/report.h>

#include "definition.h"

namespace custom_sql {

// Numbers are positions in Definition::columns.
struct Value {
  std::size_t column;
  std::string family;
  std::vector<std::string> fixed;  // values of the family's last labels, the same in every row
  Merge merge;                     // a counter's is sum
};

struct Histogram {
  std::string family;
  std::vector<std::size_t> buckets;  // by ascending bound; the last one's is infinite
  std::size_t sum;
};

struct Plan {
  std::vector<std::size_t> labels;
  std::vector<Value> values;
  std::vector<Histogram> histograms;
  std::vector<crm::Family> families;  // their first labels are those of `labels`
};

// ConfigError where columns do not go together.
Plan plan(const Definition& definition);

// ConfigError where two collectors have a family of one name, or of names that Prometheus could not tell apart.
void refuse_common_families(const std::vector<Definition>& definitions, const std::vector<Plan>& plans);

}  // namespace custom_sql
