#pragma once
// What was asked of the program.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "calendar/edge.h"
#include "config/values.h"

namespace crm::app {

enum class Command {
  serve,
  check,
  migrate,
  rollup,
  rollup_status,
  rollup_verify,
  rollup_export,
  config_print,
  version,
  help,
};

struct MigrateOptions {
  std::string admin_url = {};  // a secret; empty: ADMIN_URL of the environment
  bool status = false;
  bool print = false;
  bool yes = false;
  std::optional<std::filesystem::path> source = {};  // the folder of a CRM
};

struct RollupOptions {
  std::optional<calendar::Edge> from = {};
  std::optional<calendar::Edge> to = {};
  std::optional<int> windows = {};
  std::optional<std::uint64_t> seed = {};
  std::chrono::milliseconds step = std::chrono::minutes(5);      // of export
  std::vector<std::pair<std::string, std::string>> labels = {};  // of export: for every sample
};

struct CommandLine {
  Command command = Command::help;
  std::filesystem::path config = "/etc/crm-metricsd/crm-metricsd.yaml";
  std::optional<config::Level> log_level;
  std::optional<config::Format> log_format;
  MigrateOptions migrate;
  RollupOptions rollup;
};

// std::invalid_argument, saying what `option` takes, for other texts.
calendar::Edge parse_day(const std::string& option, const std::string& text);
std::uint64_t parse_number(const std::string& option, const std::string& text, std::uint64_t least, std::uint64_t most);

// "5m": from a minute to a day, dividing a day evenly.
std::chrono::milliseconds parse_step(const std::string& text);
// "job=crm-metricsd": a label's name and its value.
std::pair<std::string, std::string> parse_label(const std::string& text);

// The command that these words name. std::invalid_argument, with the nearest command, for others.
Command parse_command(const std::vector<std::string>& words);

std::string help_text();

}  // namespace crm::app
