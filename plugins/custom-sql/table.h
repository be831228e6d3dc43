#pragma once
// What the query gave, read as the types that the columns have.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <crm/sdk/rows.h>

#include "definition.h"
#include "plan.h"

namespace custom_sql {

using Cell = std::variant<std::monostate, std::string, std::int64_t, double, bool, crm::Instant>;  // first: NULL

struct Table {
  std::vector<std::vector<Cell>> rows;  // cells in the order of Definition::columns
  bool truncated = false;               // there were more
};

// ContractError when the result lacks a column. A row with a value of another type, with a counter below 0, or whose
// buckets are no histogram is skipped and counted, as all nonsense of a database is.
Table read_table(const Definition& definition, const Plan& plan, const crm::Rows& rows);

// A cell as Prometheus counts: an instant in seconds since 1970, true as 1. Not for NULL or text.
double number(const Cell& cell);

}  // namespace custom_sql
