#pragma once
// A base table as PostgreSQL knows it: how large, and which indexes begin with a column. For `check`.

#include <string>

#include "source/snapshot.h"

namespace crm::source {

struct Table {
  std::string name;  // "public.messages", quoted where it must be; of a partition, the table that it is part of
  bool partitioned = false;
  std::int64_t rows = 0;  // as last estimated; 0 where nobody has counted
  std::int64_t bytes = 0;
};

Table ask_table(Snapshot& snapshot, const std::string& schema, const std::string& relation);

struct Index {
  std::string leading;   // its first column; empty where that is an expression
  bool partial = false;  // holds some of the rows only
};

Index ask_index(Snapshot& snapshot, const std::string& schema, const std::string& index);

struct IndexesOn {
  std::string working;  // names of those that hold every row
  std::string broken;   // of those whose build was interrupted
};

// `table` as Table::name, the column without quotes.
IndexesOn ask_indexes(Snapshot& snapshot, const std::string& table, const std::string& column);

}  // namespace crm::source
