#include "source/table.h"

#include "sql.h"

namespace crm::source {

Table ask_table(Snapshot& snapshot, const std::string& schema, const std::string& relation) {
  const Binding binding{{"schema", {schema, "text"}}, {"relation", {relation, "text"}}};
  const Rows rows =
      snapshot.inspect(sql::table_size.name, compile(sql::table_size.name, sql::table_size.text, binding));
  if (rows.empty()) return {.name = schema + "." + relation};
  const Row row = rows[0];
  return {std::string(row.text("name")), row.boolean("partitioned"), row.integer("rows"), row.integer("bytes")};
}

Index ask_index(Snapshot& snapshot, const std::string& schema, const std::string& index) {
  const Binding binding{{"schema", {schema, "text"}}, {"index", {index, "text"}}};
  const Rows rows =
      snapshot.inspect(sql::index_shape.name, compile(sql::index_shape.name, sql::index_shape.text, binding));
  if (rows.empty()) return {};
  return {std::string(rows[0].text("leading")), rows[0].boolean("partial")};
}

IndexesOn ask_indexes(Snapshot& snapshot, const std::string& table, const std::string& column) {
  const Binding binding{{"relation", {table, "text"}}, {"column", {column, "text"}}};
  const Rows rows = snapshot.inspect(sql::index_on.name, compile(sql::index_on.name, sql::index_on.text, binding));
  return {std::string(rows[0].text("working")), std::string(rows[0].text("broken"))};
}

}  // namespace crm::source
