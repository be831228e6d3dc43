#include "rollup/migrations.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>
#include <openssl/evp.h>
#include <pqxx/pqxx>

#include "migration_files.h"
#include "rollup/admin_session.h"

namespace crm::rollup {
namespace {

constexpr std::string_view own_name = "crm_metrics";

std::string sha256(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> hash{};
  unsigned int length = 0;
  if (EVP_Digest(text.data(), text.size(), hash.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  }
  std::string hex;
  for (unsigned int i = 0; i < length; ++i) hex += fmt::format("{:02x}", hash[i]);
  return hex;
}

std::string_view file(std::string_view name) {
  for (const auto& [known, text] : embedded::migration_files) {
    if (known == name) return text;
  }
  throw std::logic_error(fmt::format("deploy/migrations/{}.sql was not embedded", name));
}

// Names and checksums only: they need no quoting.
std::string literal(std::string_view text) {
  return fmt::format("'{}'", text);
}

// How every transaction begins. Whoever comes second waits a minute for the first, but nothing that the CRM's triggers
// need is waited for with their writes queueing behind.
std::string begin(const Schemas& schemas) {
  return fmt::format(
      "BEGIN;\n"
      "SET LOCAL client_min_messages = warning;\n"
      "SET LOCAL search_path = {}, pg_temp;\n"
      "SET LOCAL crm_metricsd.views = {};\n"
      "SET LOCAL lock_timeout = '60s';\n"
      "DO $$ BEGIN PERFORM pg_advisory_xact_lock(hashtextextended('crm-metricsd migrate', 0)); END $$;\n"
      "SET LOCAL lock_timeout = '2s';\n",
      in_schema(own_name, schemas.own), literal(schemas.views));
}

std::string every_time(const std::string& name, const Schemas& schemas) {
  return fmt::format("{}\n{}\nCOMMIT;\n", begin(schemas), in_schema(file(name), schemas.own));
}

// Looks again whether it was applied, now that nobody else can: a second one at once, or a script that is run again.
std::string once(const Migration& migration, const Schemas& schemas) {
  return fmt::format(
      "{0}\nDO $crm_do$\n"
      "DECLARE\n"
      "  applied text := (SELECT checksum FROM schema_migrations WHERE number = {1});\n"
      "BEGIN\n"
      "  IF applied <> {3} THEN\n"
      "    RAISE EXCEPTION 'migration {2} was changed after it had been applied';\n"
      "  ELSIF applied IS NULL THEN\n"
      "    EXECUTE $crm_migration$\n{4}$crm_migration$;\n"
      "    INSERT INTO schema_migrations (number, name, checksum) VALUES ({1}, {5}, {3});\n"
      "  END IF;\n"
      "END\n"
      "$crm_do$;\nCOMMIT;\n",
      begin(schemas), migration.number, migration.name, literal(migration.checksum), migration.sql,
      literal(migration.name));
}

// Columns of another program's table of that name (Rails has one) are not ours.
constexpr std::string_view find_table_sql = R"(
SELECT count(*) AS columns, count(*) FILTER (WHERE attname IN ('number', 'name', 'checksum', 'applied_at')) AS own
FROM pg_catalog.pg_attribute
WHERE attrelid = to_regclass('crm_metrics.schema_migrations') AND attnum > 0 AND NOT attisdropped)";

constexpr std::string_view applied_sql =
    "SELECT number, name, checksum, to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at "
    "FROM crm_metrics.schema_migrations ORDER BY number";

}  // namespace

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> all = [] {
    std::vector<Migration> found;
    for (const auto& [name, text] : embedded::migration_files) {
      int number = 0;
      std::from_chars(name.data(), name.data() + name.size(), number);
      if (number > 0) found.push_back({number, std::string(name), text, sha256(text)});
    }
    return found;
  }();
  return all;
}

std::string in_schema(std::string_view sql, const std::string& schema) {
  const auto is_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (schema.empty() || !std::all_of(schema.begin(), schema.end(), is_name)) {
    throw std::invalid_argument(fmt::format("rollup.schema is '{}': use letters, digits and underscores", schema));
  }
  if (schema == own_name) return std::string(sql);
  std::string text;
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t found = std::min(sql.find(own_name, at), sql.size());
    const std::size_t end = std::min(found + own_name.size(), sql.size());
    const bool whole = (found == 0 || !is_name(sql[found - 1])) && (end == sql.size() || !is_name(sql[end]));
    text += sql.substr(at, found - at);
    if (found < sql.size()) text += whole ? fmt::format("\"{}\"", schema) : std::string(own_name);
    at = end;
  }
  return text;
}

std::vector<Migration> pending(const std::vector<Applied>& applied) {
  std::vector<Migration> left = migrations();
  for (const Applied& row : applied) {
    const auto known =
        std::find_if(left.begin(), left.end(), [&](const Migration& each) { return each.number == row.number; });
    if (known == left.end()) {
      throw std::runtime_error(
          fmt::format("migration {} of the own schema is unknown to this version of crm-metricsd: use the one that "
                      "applied it at {} UTC, or a newer one",
                      row.name, row.at));
    }
    if (known->checksum != row.checksum) {
      throw std::runtime_error(
          fmt::format("migration {} was changed after it had been applied at {} UTC (SHA-256 {:.12}… there, {:.12}… "
                      "here): use the version of crm-metricsd that applied it, and put changes into a new migration",
                      row.name, row.at, row.checksum, known->checksum));
    }
    left.erase(known);
  }
  return left;
}

std::vector<Applied> applied_migrations(source::Connection& connection, const Schemas& schemas) {
  AdminSession session(connection);
  const auto table = session.run(in_schema(find_table_sql, schemas.own));
  if (table[0]["columns"].as<int>() == 0) return {};
  if (table[0]["own"].as<int>() != 4) {
    throw std::runtime_error(
        fmt::format("{}.schema_migrations is another program's table: give rollup.schema a schema of the daemon's own",
                    schemas.own));
  }
  std::vector<Applied> applied;
  for (const auto& row : session.run(in_schema(applied_sql, schemas.own))) {
    applied.push_back({row["number"].as<int>(), row["name"].as<std::string>(), row["checksum"].as<std::string>(),
                       row["at"].as<std::string>()});
  }
  return applied;
}

std::vector<Applied> applied_migrations(source::Snapshot& snapshot, const Schemas& schemas) {
  std::vector<Applied> applied;
  const source::Compiled question{in_schema(applied_sql, schemas.own), {}};
  snapshot.inspect("rollup/applied_migrations", question).each([&](const Row& row) {
    applied.push_back({static_cast<int>(row.integer("number")), std::string(row.text("name")),
                       std::string(row.text("checksum")), std::string(row.text("at"))});
  });
  return applied;
}

std::vector<Migration> migrate(source::Connection& connection, const Schemas& schemas) {
  const std::vector<Migration> left = pending(applied_migrations(connection, schemas));
  AdminSession session(connection);
  session.run(every_time("schema", schemas));
  for (const Migration& migration : left) {
    try {
      session.run(once(migration, schemas));
    } catch (const std::runtime_error& error) {
      throw std::runtime_error(fmt::format("migration {}: {}", migration.name, error.what()));
    }
  }
  session.run(every_time("rights", schemas));
  return left;
}

std::string migration_script(const Schemas& schemas) {
  std::string script = every_time("schema", schemas);
  for (const Migration& migration : migrations()) script += "\n" + once(migration, schemas);
  return script + "\n" + every_time("rights", schemas);
}

}  // namespace crm::rollup
