#pragma once
// PostgreSQL's plan of a statement, without running it, and how it reads each table.

#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/json.h>

#include "source/snapshot.h"

namespace crm::source {

enum class Allow { every_scan, no_sequential_scan };

// EXPLAIN (VERBOSE) of the statement with its values, as the snapshot would run it. `no_sequential_scan`: only where
// nothing else can be done.
Json explain(Snapshot& snapshot, const std::string& name, const Compiled& statement, Allow allow = Allow::every_scan);

// How a plan reads one table.
struct Access {
  std::string schema = {};
  std::string relation = {};
  std::string alias = {};
  std::string index = {};      // empty: sequentially
  std::string condition = {};  // what the index is entered by, as SQL
  std::string filter = {};     // what the rows are held against
  std::string joined_by = {};  // the condition of the nearest join above that names the alias
};

std::vector<Access> accesses(const Json& plan);

// A column as SQL that PostgreSQL wrote names it: alias.column, each with quotes where it needs them.
struct NamedColumn {
  std::string alias;      // without quotes
  std::string column;     // without quotes
  std::string written;    // the column as written
  std::size_t begin = 0;  // where in the text
  std::size_t end = 0;
};

// All of them, in order; strings are left out.
std::vector<NamedColumn> columns_in(std::string_view sql);

// Behind the string that begins here.
std::size_t after_string(std::string_view sql, std::size_t at);

// Is the text one name, or two with a dot, and nothing else?
bool is_column(std::string_view sql);

}  // namespace crm::source
