#include "rollup/own_schema.h"

#include "own_schema_sql.h"

namespace crm::rollup {

OwnSchema look_at_own_schema(source::Snapshot& snapshot, const std::string& schema) {
  OwnSchema found;
  const Rows rows = snapshot.inspect(sql::own_schema.name, source::compile(sql::own_schema.name, sql::own_schema.text,
                                                                           {{"own_schema", {schema, "text"}}}));
  rows.each([&](const Row& row) {
    found.there = row.boolean("schema");
    found.readable = found.there && row.boolean("read");
    found.writable = found.there && row.boolean("write");
  });
  return found;
}

}  // namespace crm::rollup
