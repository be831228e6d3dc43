#pragma once
// The daemon's own schema: what deploy/migrations makes of it, and what of that is there.

#include <string>
#include <string_view>
#include <vector>

#include "source/connection.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Where the daemon's own tables are, and where the views of the CRM.
struct Schemas {
  std::string own = "crm_metrics";
  std::string views = "crm_source";
};

// deploy/migrations/0001_history.sql: number 1, name "0001_history".
struct Migration {
  int number = 0;
  std::string name;
  std::string_view sql;
  std::string checksum;  // SHA-256 of the file
};

// All that this version knows, by number.
const std::vector<Migration>& migrations();

// A row of schema_migrations.
struct Applied {
  int number = 0;
  std::string name;
  std::string checksum;
  std::string at;
};

// SQL over the own schema says crm_metrics; here is the same for a schema of another name. Throws std::invalid_argument
// for one that is not of letters, digits and underscores.
std::string in_schema(std::string_view sql, const std::string& schema);

// Those that have not been applied. Throws std::runtime_error with one line where what was applied is not what this
// version knows: a file that has changed since, or a migration of a newer version.
std::vector<Migration> pending(const std::vector<Applied>& applied);

// What has been applied; nothing where the schema is not there.
std::vector<Applied> applied_migrations(source::Connection& connection, const Schemas& schemas);
std::vector<Applied> applied_migrations(source::Snapshot& snapshot, const Schemas& schemas);

// Applies what is pending, each migration in one transaction under a lock that others wait for, and sets who may do
// what. Returns what it applied; throws std::runtime_error, and what was applied before stays.
std::vector<Migration> migrate(source::Connection& connection, const Schemas& schemas);

// All of it as one script for any SQL editor: what has been applied is passed over.
std::string migration_script(const Schemas& schemas);

}  // namespace crm::rollup
