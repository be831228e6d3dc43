#pragma once
// Lists of a fact's columns as SQL, for the statements over storage.

#include <string>
#include <string_view>
#include <vector>

#include "rollup/fact_file.h"

namespace crm::rollup {

using Texts = std::vector<std::string>;

std::string joined(const Texts& texts, std::string_view separator = ", ");

// Columns, then histograms; as they are, and as columns of a row.
Texts names_of(const FactDefinition& fact);
Texts qualified(const FactDefinition& fact, std::string_view alias);

// How many counts a histogram has, and the most that one of the fact's has.
std::size_t counts_of(const FactHistogram& histogram);
std::size_t most_counts(const FactDefinition& fact);

// ARRAY[sum(f.response[1])…]: by subscript, which is twice as fast as unnest.
std::string sums_by_subscript(std::string_view array, std::size_t length, std::string_view filter = "");

// Each column of the fact's own table summed.
Texts own_sums(const FactDefinition& fact, std::string_view alias);

// The numbers that a fact counts for ever, by the names that `counters` has for them, and where they are in a row: a
// column's is its own, a histogram's counts are response[1], response[2], ….
struct CounterNumber {
  std::string name;
  std::string column;
  std::size_t position = 0;  // in a histogram, from 1; 0: a column
};
std::vector<CounterNumber> counter_numbers(const FactDefinition& fact);

// ARRAY[s.answered, s.response_ms, s.response[1], …], in that order.
std::string numbers_array(const FactDefinition& fact, std::string_view alias);

}  // namespace crm::rollup
