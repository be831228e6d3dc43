#pragma once
// Options → definitions.

#include <string>
#include <vector>

#include <crm/sdk/config.h>

#include "definition.h"

namespace custom_sql {

// All of `collectors:`, in the order of the files. ConfigError for the first thing wrong.
std::vector<Definition> read_definitions(const crm::Config& config);

// The column whose options stand below `key` ("collectors.open.columns.age"); `name` and `help` are the collector's.
Column read_column(const crm::Config& config, const std::string& key, const std::string& column,
                   const Definition& collector);

// The words are the names of an enumeration's values, in their order.
std::size_t word_at(const crm::Config& config, const std::string& key, const std::vector<std::string>& words,
                    std::size_t otherwise);

}  // namespace custom_sql
