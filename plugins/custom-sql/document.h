#pragma once
// The table as people get it.

#include <string>

#include <crm/sdk/collector.h>
#include <crm/sdk/json.h>

#include "definition.h"
#include "table.h"

namespace custom_sql {

// {"rows": [{column: value, …}, …], "truncated": false}; telephone numbers as the scope may see them.
crm::Json to_json(const Definition& definition, const Table& table, const crm::Request& request);

// JSON Schema of it.
std::string json_schema(const Definition& definition);

}  // namespace custom_sql
