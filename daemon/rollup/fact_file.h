#pragma once
// A fact file read: what its header declares, and its SELECT. The format is described in crm/sdk/facts.h.

#include <string>
#include <string_view>
#include <vector>

namespace crm::rollup {

enum class Clock { created, happened };

struct FactColumn {
  enum class Kind { count, sum };
  std::string name;
  Kind kind = Kind::count;  // count: a boolean column, its true rows; sum: a bigint column
};

struct FactHistogram {
  std::string name;
  std::string column;                // whose values it counts, NULL left out
  std::vector<std::int64_t> bounds;  // ascending
};

struct FactDefinition {
  std::string name;
  std::string about;  // the header's first lines, for people
  Clock clock = Clock::created;
  std::string entity;
  std::vector<FactColumn> columns;
  std::vector<FactHistogram> histograms;
  std::vector<std::string> settings;
  std::string next_due;  // empty: time alone changes nothing
  std::string sql;
};

// std::invalid_argument, naming the file and the line of its header that is wrong.
FactDefinition parse_fact_file(std::string_view file, std::string_view text);

}  // namespace crm::rollup
