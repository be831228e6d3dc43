#include "app/check.h"

#include <iostream>

#include <fmt/format.h>
#include <unistd.h>

#include <crm/sdk/errors.h>

#include "app/reporter.h"
#include "app/version.h"
#include "source/contract.h"

namespace crm::app {
namespace {

// What was found, a line each.
class Findings {
 public:
  void ok(const std::string& what) { print("ok", "32", what); }
  void warning(const std::string& what) {
    ++warnings_;
    print("warning", "33", what);
  }
  void error(const std::string& what) {
    ++errors_;
    print("ERROR", "31", what);
  }

  int finish() const {
    std::cout << fmt::format("\n{}, {}\n", counted(errors_, "error"), counted(warnings_, "warning"));
    return errors_ == 0 ? 0 : 1;
  }

 private:
  void print(const char* word, const char* colour, const std::string& what) const {
    std::cout << (colours_ ? fmt::format("\033[{}m{:<8}\033[0m {}\n", colour, word, what)
                           : fmt::format("{:<8} {}\n", word, what));
  }

  static std::string counted(int number, const char* noun) {
    return fmt::format("{} {}{}", number == 0 ? "no" : std::to_string(number), noun, number == 1 ? "" : "s");
  }

  const bool colours_ = ::isatty(STDOUT_FILENO) != 0;
  int errors_ = 0;
  int warnings_ = 0;
};

std::shared_ptr<const House> check_configuration(const CommandLine& line, Findings& findings) {
  try {
    config::Loaded loaded = config::load(line.config, {});
    Ground ground;
    ground.log = make_logger(line.log_level.value_or(config::Level::warn), config::Format::text);
    ground.log->set_level(spdlog::level::off);  // its findings are printed here, not logged
    ground.telemetry = std::make_shared<metrics::Telemetry>(metrics::Build{version(), revision()});
    ground.results = std::make_shared<store::Results>(store::Results::Limits{});
    auto house = build_house(ground, std::move(loaded));
    findings.ok(fmt::format("configuration {}", fmt::join(house->configuration.files(), ", ")));
    findings.ok(fmt::format("business zone {}", house->zone->name()));
    return house;
  } catch (const config::Invalid& invalid) {
    for (const auto& problem : invalid.problems) findings.error(problem.text());
  } catch (const std::exception& error) {
    findings.error(error.what());
  }
  return nullptr;
}

void check_plugins(const House& house, Findings& findings) {
  for (const auto& collector : house.plugins.collectors) {
    const Description& description = collector->description();
    findings.ok(fmt::format("collector {}: {} families", description.name, description.families.size()));
  }
  for (const auto& failure : house.plugins.failed)
    findings.error(fmt::format("plugin {}: {}", failure.plugin, failure.what));
}

void check_view(const source::View& view, const source::Snapshot& snapshot, Findings& findings) {
  const std::string name = fmt::format("view {}.{}", snapshot.catalog().schema(), view.name);
  if (!snapshot.catalog().has_view(view.name)) {
    findings.warning(fmt::format("{} does not exist: its numbers are zero in JSON and absent from Prometheus", name));
    return;
  }
  source::Reads all;
  for (const source::Column& column : view.columns) all[std::string(view.name)].insert(std::string(column.name));
  const auto faults = snapshot.catalog().faults(all);
  for (const std::string& fault : faults) findings.error(fault);
  if (faults.empty()) findings.ok(fmt::format("{}: {} columns", name, view.columns.size()));
}

Deadline soon(const House& house) {
  return std::chrono::steady_clock::now() + house.values().api.timeout;
}

bool check_database(const House& house, Findings& findings) {
  if (!house.postgres) {
    findings.error("no database is configured: set database.url");
    return false;
  }
  try {
    const auto snapshot = house.postgres->open({Scope::everyone(), soon(house), {}, {}, source::Pool::For::sampling});
    findings.ok(
        fmt::format("database {}: connected, its clock says {}", house.postgres->place(), to_iso(snapshot->as_of())));
    for (const source::View& view : source::contract()) check_view(view, *snapshot, findings);
    return true;
  } catch (const std::exception& error) {
    findings.error(fmt::format("database {}: {}", house.postgres->place(), error.what()));
    return false;
  }
}

void check_collectors(const House& house, Findings& findings) {
  for (const auto& collector : house.plugins.collectors) {
    const Taken taken = take_report(house, sampling_ask(collector, soon(house)));
    const std::string name = collector->description().name;
    if (taken.outcome.fault != plugin::Fault::none) {
      findings.error(fmt::format("collector {}: {}", name, taken.outcome.what));
    } else {
      findings.ok(fmt::format("collector {} ran: {} samples in {:.0f} ms", name, taken.outcome.report->samples.size(),
                              std::chrono::duration<double, std::milli>(taken.outcome.duration).count()));
    }
  }
}

}  // namespace

int check(const CommandLine& line) {
  Findings findings;
  if (const auto house = check_configuration(line, findings)) {
    check_plugins(*house, findings);
    if (check_database(*house, findings)) check_collectors(*house, findings);
  }
  return findings.finish();
}

}  // namespace crm::app
