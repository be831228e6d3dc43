#include "app/program.h"

#include <algorithm>
#include <array>
#include <iostream>
#include <limits>
#include <stdexcept>

#include <Poco/Util/OptionException.h>
#include <fmt/format.h>

#include "app/check/check.h"
#include "app/config_print.h"
#include "app/migrate.h"
#include "app/rollup.h"
#include "app/serve.h"
#include "app/version.h"

namespace crm::app {

using Poco::Util::Option;

namespace {

std::optional<config::Format> parse_format(const std::string& name) {
  const auto& names = config::format_names;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) return std::nullopt;
  return static_cast<config::Format>(found - names.begin());
}

}  // namespace

int Program::start(int argc, char** argv) {
  try {
    init(argc, argv);
    return ServerApplication::run();
  } catch (const Poco::Util::OptionException& error) {
    std::cerr << "crm-metricsd: " << error.displayText() << "; see crm-metricsd --help\n";
  } catch (const std::invalid_argument& error) {
    std::cerr << "crm-metricsd: " << error.what() << "; see crm-metricsd --help\n";
  } catch (const Poco::Exception& error) {
    std::cerr << "crm-metricsd: " << error.displayText() << '\n';
  }
  return 2;
}

// Not the base's options: this program stays in the foreground, and its supervisor writes pid files.
void Program::defineOptions(Poco::Util::OptionSet& options) {
  options.addOption(Option("help", "h", "").noArgument());
  options.addOption(Option("version", "V", "").noArgument());
  options.addOption(Option("config", "c", "").argument("FILE"));
  options.addOption(Option("log-level", "", "").argument("LEVEL"));
  options.addOption(Option("log-format", "", "").argument("FORMAT"));
  options.addOption(Option("admin-url", "", "").argument("URL"));
  options.addOption(Option("status", "", "").noArgument());
  options.addOption(Option("print", "", "").noArgument());
  options.addOption(Option("yes", "", "").noArgument());
  options.addOption(Option("source", "", "").argument("FOLDER"));
  options.addOption(Option("from", "", "").argument("DAY"));
  options.addOption(Option("to", "", "").argument("DAY"));
  options.addOption(Option("windows", "", "").argument("N"));
  options.addOption(Option("seed", "", "").argument("S"));
  options.addOption(Option("openmetrics", "", "").noArgument());  // the one format there is, by its name
  options.addOption(Option("step", "", "").argument("LENGTH"));
  options.addOption(Option("label", "", "").argument("NAME=VALUE").repeatable(true));
}

void Program::handleOption(const std::string& name, const std::string& value) {
  given_.push_back(name);
  handle_migrate_option(name, value);
  handle_rollup_option(name, value);
  if (name == "help") help_ = true;
  if (name == "version") line_.command = Command::version;
  if (name == "config") line_.config = value;
  if (name == "log-level" && !(line_.log_level = config::parse_level(value))) {
    throw std::invalid_argument(fmt::format("--log-level is '{}': use trace, debug, info, warn or error", value));
  }
  if (name == "log-format" && !(line_.log_format = parse_format(value))) {
    throw std::invalid_argument(fmt::format("--log-format is '{}': use auto, text or json", value));
  }
}

void Program::handle_migrate_option(const std::string& name, const std::string& value) {
  MigrateOptions& options = line_.migrate;
  if (name == "admin-url") options.admin_url = value;
  if (name == "status") options.status = true;
  if (name == "print") options.print = true;
  if (name == "yes") options.yes = true;
  if (name == "source") options.source = value;
}

void Program::handle_rollup_option(const std::string& name, const std::string& value) {
  RollupOptions& options = line_.rollup;
  if (name == "from") options.from = parse_day(name, value);
  if (name == "to") options.to = parse_day(name, value);
  if (name == "step") options.step = parse_step(value);
  if (name == "label") options.labels.push_back(parse_label(value));
  if (name == "windows") options.windows = static_cast<int>(parse_number(name, value, 1, 1'000'000));
  if (name == "seed") options.seed = parse_number(name, value, 0, std::numeric_limits<std::uint64_t>::max());
}

void Program::refuse_foreign_options() const {
  if (line_.command == Command::help) return;
  struct Owner {
    const char* option;
    Command command;
    const char* name;
  };
  constexpr std::array owners{
      Owner{"admin-url", Command::migrate, "migrate"},
      Owner{"status", Command::migrate, "migrate"},
      Owner{"print", Command::migrate, "migrate"},
      Owner{"yes", Command::migrate, "migrate"},
      Owner{"source", Command::migrate, "migrate"},
      Owner{"from", Command::rollup, "rollup"},
      Owner{"to", Command::rollup, "rollup"},
      Owner{"openmetrics", Command::rollup_export, "rollup export"},
      Owner{"step", Command::rollup_export, "rollup export"},
      Owner{"label", Command::rollup_export, "rollup export"},
      Owner{"windows", Command::rollup_verify, "rollup verify"},
      Owner{"seed", Command::rollup_verify, "rollup verify"},
  };
  for (const Owner& owner : owners) {
    const bool was_given = std::find(given_.begin(), given_.end(), owner.option) != given_.end();
    if (!was_given || line_.command == owner.command) continue;
    if (owner.command == Command::rollup && line_.command == Command::rollup_export) continue;  // it has days, too
    throw std::invalid_argument(fmt::format("--{} is an option of {}", owner.option, owner.name));
  }
}

// Options that say different things are no request at all.
void Program::refuse_options_that_do_not_fit() const {
  refuse_foreign_options();
  const MigrateOptions& options = line_.migrate;
  const std::array asked{options.status, options.print, options.source.has_value()};
  if (std::count(asked.begin(), asked.end(), true) > 1) {
    throw std::invalid_argument("--status, --print and --source exclude each other");
  }
  if (options.yes && !options.source) throw std::invalid_argument("--yes is for --source");
}

// The base would log what is thrown here in its own way.
int Program::main(const std::vector<std::string>& words) {
  try {
    if (help_) line_.command = Command::help;
    if (!help_ && line_.command != Command::version) line_.command = parse_command(words);
    refuse_options_that_do_not_fit();
    return obey();
  } catch (const std::exception& error) {
    std::cerr << "crm-metricsd: " << error.what() << "; see crm-metricsd --help\n";
    return 2;
  }
}

int Program::obey() const {
  switch (line_.command) {
    case Command::serve:
      return serve(line_);
    case Command::check:
      return check(line_);
    case Command::migrate:
      return migrate(line_);
    case Command::rollup:
    case Command::rollup_status:
    case Command::rollup_verify:
    case Command::rollup_export:
      return rollup(line_);
    case Command::config_print:
      return config_print(line_);
    case Command::version:
      std::cout << fmt::format("crm-metricsd {} ({})\n", version(), revision());
      return 0;
    case Command::help:
      std::cout << help_text();
      return 0;
  }
  return 2;
}

}  // namespace crm::app
