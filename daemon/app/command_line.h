#pragma once
// What was asked of the program.

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/values.h"

namespace crm::app {

enum class Command { serve, check, migrate, config_print, version, help };

struct MigrateOptions {
  std::string admin_url = {};  // a secret; empty: ADMIN_URL of the environment
  bool status = false;
  bool print = false;
  bool yes = false;
  std::optional<std::filesystem::path> source = {};  // the folder of a CRM
};

struct CommandLine {
  Command command = Command::help;
  std::filesystem::path config = "/etc/crm-metricsd/crm-metricsd.yaml";
  std::optional<config::Level> log_level;
  std::optional<config::Format> log_format;
  MigrateOptions migrate;
};

// The command that these words name. std::invalid_argument, with the nearest command, for others.
Command parse_command(const std::vector<std::string>& words);

std::string help_text();

}  // namespace crm::app
