#include "app/migrate.h"

#include <array>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "app/schemas.h"
#include "config/config.h"
#include "config/substitute.h"
#include "rollup/crm_files.h"

namespace crm::app {
namespace {

namespace fs = std::filesystem;

source::Connection connect(const CommandLine& line) {
  const std::string url =
      line.migrate.admin_url.empty() ? config::substitute("${ADMIN_URL:-}", {}) : line.migrate.admin_url;
  if (url.empty()) {
    throw std::runtime_error(
        "migrate acts as the owner of the CRM's tables: give --admin-url=postgresql://owner@host:5432/database, or "
        "ADMIN_URL "
        "in the environment, or ADMIN_URL_FILE");
  }
  try {
    return source::Connection(source::with_defaults(url, {.application_name = "crm-metricsd migrate"}));
  } catch (const std::invalid_argument& error) {
    throw std::runtime_error(fmt::format("--admin-url (ADMIN_URL): {}", error.what()));
  }
}

int print_status(source::Connection& connection, const rollup::Schemas& schemas, Console& console) {
  const auto applied = rollup::applied_migrations(connection, schemas);
  console.out << fmt::format("Own schema {}\n", schemas.own);
  for (const rollup::Applied& row : applied) console.out << fmt::format("  applied  {}  {} UTC\n", row.name, row.at);
  const auto left = rollup::pending(applied);
  for (const rollup::Migration& migration : left) console.out << fmt::format("  pending  {}\n", migration.name);
  console.out << (left.empty() ? "up to date\n" : "to apply what is pending: crm-metricsd migrate --admin-url=…\n");
  return left.empty() ? 0 : 1;
}

int apply_migrations(source::Connection& connection, const rollup::Schemas& schemas, Console& console) {
  const auto applied = rollup::migrate(connection, schemas);
  for (const rollup::Migration& migration : applied) console.out << fmt::format("applied  {}\n", migration.name);
  console.out << fmt::format("own schema {}: up to date\n", schemas.own);
  return 0;
}

// Of one CRM's folder, in the order in which they build on each other.
constexpr std::array<std::string_view, 3> crm_files{"columns.sql", "changes.sql", "indexes.sql"};

std::string read_file(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (!stream && !stream.eof()) throw std::runtime_error(fmt::format("{}: cannot be read", file.string()));
  return text;
}

// An empty text for a file that is not there: each is optional.
std::vector<std::pair<fs::path, std::string>> files_of(const fs::path& folder) {
  if (!fs::is_directory(folder)) throw std::runtime_error(fmt::format("--source: {} is no folder", folder.string()));
  std::vector<std::pair<fs::path, std::string>> files;
  for (const std::string_view name : crm_files) {
    if (fs::exists(folder / name)) files.emplace_back(folder / name, read_file(folder / name));
  }
  if (files.empty()) {
    throw std::runtime_error(fmt::format("--source: {} has none of {}", folder.string(), fmt::join(crm_files, ", ")));
  }
  return files;
}

void refuse_unless_migrated(source::Connection& connection, const rollup::Schemas& schemas) {
  const auto left = rollup::pending(rollup::applied_migrations(connection, schemas));
  if (left.empty()) return;
  throw std::runtime_error(
      fmt::format("the own schema {} lacks migration {}: run crm-metricsd migrate without --source first", schemas.own,
                  left.front().name));
}

bool agreed(const std::string& question, Console& console) {
  console.out << question << " [y/N] " << std::flush;
  std::string answer;
  std::getline(console.in, answer);
  return answer == "y" || answer == "Y" || answer == "yes";
}

// Returns what went wrong, a line each.
std::vector<std::string> apply_file(source::Connection& connection, const rollup::Schemas& schemas,
                                    const fs::path& file, const std::string& sql) {
  try {
    if (file.filename() == "indexes.sql") return rollup::apply_one_by_one(connection, sql);
    rollup::apply_in_transaction(connection, schemas, sql);
    return {};
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("{}: {}; nothing of this file was applied", file.string(), error.what()));
  }
}

int report_indexes(source::Connection& connection, const std::vector<std::string>& faults, Console& console) {
  for (const std::string& fault : faults) console.err << fmt::format("crm-metricsd: indexes.sql: {}\n", fault);
  const auto invalid = rollup::invalid_indexes(connection);
  for (const std::string& name : invalid) {
    console.err << fmt::format(
        "crm-metricsd: index {0} is INVALID, its building was interrupted: DROP INDEX CONCURRENTLY {0}; then run this "
        "again\n",
        name);
  }
  return faults.empty() && invalid.empty() ? 0 : 1;
}

int apply_source(const CommandLine& line, source::Connection& connection, const rollup::Schemas& schemas,
                 Console& console) {
  const auto files = files_of(*line.migrate.source);
  refuse_unless_migrated(connection, schemas);
  int status = 0;
  for (const auto& [file, text] : files) {
    const std::string sql = rollup::in_schema(text, schemas.own);
    console.out << fmt::format("--- {}\n{}\n", file.string(), sql);
    if (!line.migrate.yes && !console.terminal) continue;
    if (!line.migrate.yes && !agreed(fmt::format("Apply {}?", file.string()), console)) {
      console.out << fmt::format("passed over  {}\n", file.string());
      continue;
    }
    const auto faults = apply_file(connection, schemas, file, sql);
    if (file.filename() == "indexes.sql") status = report_indexes(connection, faults, console);
    if (faults.empty()) console.out << fmt::format("applied  {}\n", file.string());
  }
  if (line.migrate.yes || console.terminal) return status;
  console.err << "crm-metricsd: nothing was applied: there is no terminal to ask at; read it, and add --yes\n";
  return 1;
}

int obey(const CommandLine& line, Console& console) {
  const config::Loaded loaded = config::load(line.config, {});
  const rollup::Schemas schemas = schemas_of(loaded.values());
  if (line.migrate.print) {
    console.out << rollup::migration_script(schemas);
    return 0;
  }
  source::Connection connection = connect(line);
  if (line.migrate.status) return print_status(connection, schemas, console);
  if (line.migrate.source) return apply_source(line, connection, schemas, console);
  return apply_migrations(connection, schemas, console);
}

}  // namespace

int migrate(const CommandLine& line) {
  Console console{std::cin, std::cout, std::cerr, ::isatty(STDIN_FILENO) != 0};
  return migrate(line, console);
}

int migrate(const CommandLine& line, Console& console) {
  try {
    return obey(line, console);
  } catch (const config::Invalid& invalid) {
    console.err << invalid.what() << '\n';
  } catch (const std::exception& error) {
    console.err << "crm-metricsd: " << error.what() << '\n';
  }
  return 1;
}

}  // namespace crm::app
