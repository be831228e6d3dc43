#include "rollup/crm_files.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rollup/admin_session.h"
#include "source/sql_text.h"

namespace crm::rollup {
namespace {

bool ends_transactions(const std::string& statement) {
  constexpr std::array<std::string_view, 8> words{"begin",    "start", "commit",    "end",
                                                  "rollback", "abort", "savepoint", "prepare"};
  const auto said = source::words_of(statement);
  return !said.empty() && std::find(words.begin(), words.end(), said.front()) != words.end();
}

std::string beginning_of(const std::string& statement) {
  const std::string line = statement.substr(0, statement.find('\n'));
  return line.size() > 80 ? line.substr(0, 80) + "…" : line;
}

// Those being built right now are invalid, too, and no fault.
constexpr const char* invalid_indexes_sql = R"(
SELECT format('%I.%I', n.nspname, c.relname) AS name
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid
  AND c.relkind = 'i'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_progress_create_index p WHERE p.index_relid = i.indexrelid)
ORDER BY 1)";

}  // namespace

void apply_in_transaction(source::Connection& connection, const Schemas& schemas, const std::string& sql) {
  for (const std::string& statement : source::statements_of(sql)) {
    if (ends_transactions(statement)) {
      throw std::runtime_error(
          fmt::format("'{}': take it out, the file runs in one transaction as it is", beginning_of(statement)));
    }
  }
  AdminSession(connection)
      .run(fmt::format("BEGIN; SET LOCAL lock_timeout = '2s';\n{}\n;COMMIT", in_schema(sql, schemas.own)));
}

std::vector<std::string> apply_one_by_one(source::Connection& connection, const std::string& sql) {
  AdminSession session(connection);
  session.run("SET lock_timeout = '2s'");
  std::vector<std::string> faults;
  for (const std::string& statement : source::statements_of(sql)) {
    try {
      session.run(statement);
    } catch (const Refused& refused) {
      faults.push_back(fmt::format("{}: {}", beginning_of(statement), refused.what()));
    }
  }
  return faults;
}

std::vector<std::string> invalid_indexes(source::Connection& connection) {
  std::vector<std::string> names;
  for (const auto& row : AdminSession(connection).run(invalid_indexes_sql)) names.push_back(row[0].as<std::string>());
  return names;
}

}  // namespace crm::rollup
