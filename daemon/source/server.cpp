#include "source/server.h"

#include <chrono>

#include "sql.h"

namespace crm::source {

using std::chrono::duration_cast;
using std::chrono::steady_clock;

Server ask_server(Snapshot& snapshot, const std::string& schema, const std::string& own_schema) {
  const Compiled question = compile(sql::server.name, sql::server.text, {{"schema", {schema, "text"}}});
  snapshot.inspect(sql::server.name,
                   question);  // the first reads PostgreSQL's catalogs into its caches, the second is timed
  const auto asked = steady_clock::now();
  const Rows rows = snapshot.inspect(sql::server.name, question);
  const auto took = steady_clock::now() - asked;
  const auto middle = std::chrono::system_clock::now() - took / 2;
  const Row row = rows[0];
  Server server;
  server.version = row.text("version");
  server.version_number = row.integer("version_number");
  server.encoding = row.text("encoding");
  server.standby = row.boolean("standby");
  server.role = row.text("role");
  server.superuser = row.boolean("superuser");
  server.bypasses_rls = row.boolean("bypasses_rls");
  server.creates_roles = row.boolean("creates_roles");
  server.creates_schemas = row.boolean("creates_schemas");
  server.has_schema = row.boolean("has_schema");
  server.may_use_schema = row.boolean("may_use_schema");
  server.clock_ahead = row.instant("clock") - std::chrono::time_point_cast<Duration>(middle);
  server.round_trip = duration_cast<Duration>(took);
  const Rows writable = snapshot.inspect(
      sql::writable.name, compile(sql::writable.name, sql::writable.text, {{"own_schema", {own_schema, "text"}}}));
  server.writable = writable[0].integer("relations");
  server.first_writable = writable[0].text("first");
  server.writes_own = writable[0].integer("own") > 0;
  return server;
}

}  // namespace crm::source
