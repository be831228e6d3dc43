#pragma once
// The source contract as data: the views that the daemon reads, their columns and what those must be able to hold.
// The same list as in config/source/reference/README.md; views.sql beside it is an example.

#include <span>
#include <string_view>

namespace crm::source {

enum class ColumnKind { id, text, instant, integer, boolean };

struct Column {
  std::string_view name;
  ColumnKind kind;
  bool nullable = false;
  bool optional = false;  // a view may do without: a statement that reads it then has no rows, as of an absent view
};

struct View {
  std::string_view name;
  std::span<const Column> columns;
};

// All views, in the order of the contract.
std::span<const View> contract();

// The view of that name, or null.
const View* contract_view(std::string_view name);

// "a timestamp", "an id (uuid, bigint or text)": for messages.
std::string_view to_string(ColumnKind kind);

// Can a column of this PostgreSQL type (as format_type prints it) serve as that kind?
bool serves(ColumnKind kind, std::string_view type);

}  // namespace crm::source
