#include "app/rollup.h"

#include <iostream>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include <crm/sdk/errors.h>

#include "app/schemas.h"
#include "app/stop_on_signal.h"
#include "app/version.h"
#include "rollup/own_schema.h"

namespace crm::app {
namespace {

std::shared_ptr<const House> make_house(const CommandLine& line, RollupConsole& console) {
  Ground ground;
  ground.log = make_logger(line.log_level.value_or(config::Level::warn), config::Format::text);
  ground.telemetry = std::make_shared<metrics::Telemetry>(metrics::Build{version(), revision()});
  ground.results = std::make_shared<store::Results>(store::Results::Limits{});
  auto house = build_house(ground, config::load(line.config, {}));
  for (const auto& failure : house->plugins.failed) {
    console.err << fmt::format("crm-metricsd: plugin {}: {}; facts of its own are left out\n", failure.plugin,
                               failure.what);
  }
  return house;
}

void refuse_without_history(const House& house, bool writes) {
  if (house.values().database.url.empty())
    throw std::runtime_error("database.url is not set: without a database there is nothing to count");
  if (house.writer == nullptr) {
    throw std::runtime_error(
        "rollup.store is false: this configuration keeps no history; leave it out, or set it to true");
  }
  const std::string& schema = house.values().rollup.schema;
  const Deadline deadline = std::chrono::steady_clock::now() + house.values().database.statement_timeout;
  const auto snapshot = house.writer->open({.scope = Scope::everyone(), .deadline = deadline});
  const auto own = rollup::look_at_own_schema(*snapshot, schema);
  if (!own.there) {
    throw std::runtime_error(fmt::format(
        "there is no schema {} at {}, or the daemon's role may not use it: crm-metricsd migrate --admin-url=… makes "
        "it, deploy/roles.sql gives the rights",
        schema, house.writer->place()));
  }
  if (!own.readable || (writes && !own.writable)) {
    throw std::runtime_error(
        fmt::format("the role of {} may not {} the schema {}: deploy/roles.sql makes one that may",
                    house.values().database.write_url.empty() ? "database.url" : "database.write_url",
                    writes ? "write" : "read", schema));
  }
}

int obey(const CommandLine& line, RollupConsole& console) {
  const auto house = make_house(line, console);
  if (line.command == Command::rollup_export) return export_past(line.rollup, *house, console);
  refuse_without_history(*house, line.command == Command::rollup);
  if (line.command == Command::rollup_status) return print_stored(*house, console);
  if (line.command == Command::rollup_verify) return verify_stored(line.rollup, *house, console);
  return fill_history(line.rollup, *house, console);
}

}  // namespace

int rollup(const CommandLine& line) {
  const StopOnSignal stop;
  RollupConsole console{std::cout, std::cerr, ::isatty(STDERR_FILENO) != 0, stop.token()};
  const int status = rollup(line, console);
  return stop.number() == 0 ? status : 128 + stop.number();
}

int rollup(const CommandLine& line, RollupConsole& console) {
  try {
    return obey(line, console);
  } catch (const config::Invalid& invalid) {
    console.err << invalid.what() << '\n';
  } catch (const SourceUnavailable& error) {
    if (!console.stop.stop_requested()) console.err << "crm-metricsd: database: " << error.what() << '\n';
  } catch (const std::exception& error) {
    console.err << "crm-metricsd: " << error.what() << '\n';
  }
  return 1;
}

}  // namespace crm::app
