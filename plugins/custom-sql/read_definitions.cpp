#include "read_definitions.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <crm/sdk/errors.h>

#include "select_text.h"

namespace custom_sql {
namespace {

using crm::ConfigError;
using namespace std::chrono_literals;

constexpr std::size_t most_collectors = 100;
constexpr std::size_t most_columns = 60;
constexpr std::size_t longest_name = 40;
constexpr std::int64_t most_rows = 100'000;

bool is_name(const std::string& name) {
  const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !name.empty() && name.size() <= longest_name && name.front() >= 'a' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), fits);
}

std::chrono::milliseconds duration(const crm::Config& config, const std::string& key,
                                   std::chrono::milliseconds otherwise, std::chrono::milliseconds least,
                                   std::chrono::milliseconds most, const char* said) {
  const auto value = config.duration(key, otherwise);
  if (value < least || value > most) throw ConfigError(key, std::string("must be ") + said);
  return value;
}

crm::DefaultWindow read_window(const crm::Config& config, const std::string& key) {
  using Unit = crm::DefaultWindow::Unit;
  const auto length = [&](const std::string& unit, std::int64_t most) {
    const std::int64_t count = config.integer(key + "." + unit, 1);
    if (count < 1 || count > most) throw ConfigError(key + "." + unit, "must be 1 to " + std::to_string(most));
    return static_cast<int>(count);
  };
  const bool days = config.has(key + ".business_days");
  const bool hours = config.has(key + ".business_hours");
  if (days && hours) throw ConfigError(key, "has business_days and business_hours; say one of them");
  if (days) return {Unit::business_days, length("business_days", 400)};
  if (hours) return {Unit::business_hours, length("business_hours", std::int64_t{400} * 24)};
  const std::string word = config.text(key, "today");
  if (word != "today") {
    throw ConfigError(key, "must be today, {business_days: 7} or {business_hours: 12}, not '" + word + "'");
  }
  return {};
}

std::string read_file(const std::string& key, const std::filesystem::path& path) {
  std::error_code error;
  const auto size = std::filesystem::file_size(path, error);
  if (error) throw ConfigError(key, "cannot read " + path.string() + ": " + error.message());
  if (size > longest_select) {
    throw ConfigError(key, path.string() + " is longer than " + std::to_string(longest_select) + " bytes");
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) throw ConfigError(key, "cannot read " + path.string());
  return text;
}

std::string read_select(const crm::Config& config, const std::string& key) {
  const bool here = config.has(key + ".sql");
  const bool there = config.has(key + ".file");
  if (here && there) throw ConfigError(key + ".file", "stands beside sql; the statement is the one or in the other");
  if (!here && !there) throw ConfigError(key + ".sql", "is missing; write the SELECT here, or name its file by `file`");
  const std::string from = key + (here ? ".sql" : ".file");
  const std::string text = here ? config.text(from, "") : read_file(from, config.path(from, ""));
  try {
    return one_select(text);
  } catch (const std::invalid_argument& fault) {
    throw ConfigError(from, fault.what());
  }
}

std::string read_agent_column(const crm::Config& config, const std::string& key) {
  if (!config.has(key)) return {};
  std::string column = config.text(key, "");
  if (!is_identifier(column)) throw ConfigError(key, "'" + column + "' is no name of a column; " + identifier_said);
  return column;
}

std::vector<Column> read_columns(const crm::Config& config, const Definition& collector) {
  const std::string key = collector.key + ".columns";
  const std::string below = key + ".";
  const std::vector<std::string> names = config.keys(key);
  if (names.empty())
    throw ConfigError(key, "is missing; say what each column of the query is, `tickets: {role: gauge}`");
  if (names.size() > most_columns) throw ConfigError(key, "are more than " + std::to_string(most_columns));
  std::vector<Column> columns;
  for (const std::string& name : names) {
    if (!is_identifier(name)) throw ConfigError(key, "'" + name + "' is no name of a column; " + identifier_said);
    columns.push_back(read_column(config, below + name, name, collector));
  }
  return columns;
}

Definition read_definition(const crm::Config& config, const std::string& name) {
  if (!is_name(name)) {
    throw ConfigError("collectors", "'" + name +
                                        "' is no name of a collector; `collectors` is a map by names of up to " +
                                        std::to_string(longest_name) +
                                        " lower case letters, digits and hyphens that begin with a letter");
  }
  Definition definition;
  definition.name = name;
  definition.key = "collectors." + name;
  definition.place = config.place(definition.key);
  const auto at = [&](const char* option) { return definition.key + "." + option; };
  definition.title = config.text(at("title"), name);
  if (definition.title.empty()) throw ConfigError(at("title"), "is empty");
  definition.help = config.text(at("help"), "");
  if (definition.help.empty()) throw ConfigError(at("help"), "is missing; say in one sentence what is counted");
  definition.schedule.every = duration(config, at("every"), 60s, 1s, 7 * 24h, "1s to 7d");
  definition.schedule.timeout = duration(config, at("timeout"), 10s, 100ms, 1h, "100ms to 1h");
  definition.window = read_window(config, at("window"));
  definition.max_rows = config.integer(at("max_rows"), 1'000);
  if (definition.max_rows < 1 || definition.max_rows > most_rows) {
    throw ConfigError(at("max_rows"), "must be 1 to " + std::to_string(most_rows));
  }
  definition.allow_empty = config.boolean(at("allow_empty"), true);
  definition.agent_column = read_agent_column(config, at("agent_column"));
  definition.business_data = config.boolean(at("business_data"), false);
  definition.select = read_select(config, definition.key);
  definition.columns = read_columns(config, definition);
  return definition;
}

}  // namespace

std::size_t word_at(const crm::Config& config, const std::string& key, const std::vector<std::string>& words,
                    std::size_t otherwise) {
  if (!config.has(key)) return otherwise;
  const std::string word = config.text(key, "");
  const auto found = std::find(words.begin(), words.end(), word);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  std::string all;
  for (const std::string& known : words) all += (all.empty() ? "" : known == words.back() ? " or " : ", ") + known;
  throw ConfigError(key, "must be " + all + ", not '" + word + "'");
}

std::vector<Definition> read_definitions(const crm::Config& config) {
  const std::vector<std::string> names = config.keys("collectors");
  if (names.size() > most_collectors) {
    throw ConfigError("collectors", "are more than " + std::to_string(most_collectors));
  }
  std::vector<Definition> definitions;
  for (const std::string& name : names) definitions.push_back(read_definition(config, name));
  return definitions;
}

}  // namespace custom_sql
