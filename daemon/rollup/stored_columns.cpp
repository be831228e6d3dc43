#include "rollup/stored_columns.h"

#include <algorithm>

#include <fmt/format.h>

namespace crm::rollup {

std::string joined(const Texts& texts, std::string_view separator) {
  return fmt::format("{}", fmt::join(texts, separator));
}

std::size_t counts_of(const FactHistogram& histogram) {
  return histogram.bounds.size() + 1;
}

std::size_t most_counts(const FactDefinition& fact) {
  std::size_t most = 0;
  for (const FactHistogram& histogram : fact.histograms) most = std::max(most, counts_of(histogram));
  return most;
}

Texts names_of(const FactDefinition& fact) {
  Texts names;
  for (const FactColumn& column : fact.columns) names.push_back(column.name);
  for (const FactHistogram& histogram : fact.histograms) names.push_back(histogram.name);
  return names;
}

Texts qualified(const FactDefinition& fact, std::string_view alias) {
  Texts names = names_of(fact);
  for (std::string& name : names) name = fmt::format("{}.{}", alias, name);
  return names;
}

std::string sums_by_subscript(std::string_view array, std::size_t length, std::string_view filter) {
  Texts sums;
  for (std::size_t i = 1; i <= length; ++i)
    sums.push_back(fmt::format("coalesce(sum({}[{}]){}, 0)::bigint", array, i, filter));
  return fmt::format("ARRAY[{}]", joined(sums));
}

Texts own_sums(const FactDefinition& fact, std::string_view alias) {
  Texts sums;
  for (const FactColumn& column : fact.columns) {
    sums.push_back(fmt::format("coalesce(sum({}.{}), 0)::bigint AS {}", alias, column.name, column.name));
  }
  for (const FactHistogram& histogram : fact.histograms) {
    const std::string array = fmt::format("{}.{}", alias, histogram.name);
    sums.push_back(fmt::format("{} AS {}", sums_by_subscript(array, counts_of(histogram)), histogram.name));
  }
  return sums;
}

std::vector<CounterNumber> counter_numbers(const FactDefinition& fact) {
  std::vector<CounterNumber> numbers;
  for (const FactColumn& column : fact.columns) numbers.push_back({column.name, column.name, 0});
  for (const FactHistogram& histogram : fact.histograms) {
    for (std::size_t i = 1; i <= counts_of(histogram); ++i)
      numbers.push_back({fmt::format("{}[{}]", histogram.name, i), histogram.name, i});
  }
  return numbers;
}

std::string numbers_array(const FactDefinition& fact, std::string_view alias) {
  Texts numbers;
  for (const CounterNumber& number : counter_numbers(fact)) {
    numbers.push_back(number.position == 0 ? fmt::format("{}.{}", alias, number.column)
                                           : fmt::format("{}.{}[{}]", alias, number.column, number.position));
  }
  return fmt::format("ARRAY[{}]", joined(numbers));
}

}  // namespace crm::rollup
