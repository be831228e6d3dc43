// The configuration, the zone, the plugins.

#include <fmt/format.h>

#include "app/check/subjects.h"
#include "app/version.h"

namespace crm::app {
namespace {

Ground silent_ground(const CommandLine& line) {
  Ground ground;
  ground.log = make_logger(line.log_level.value_or(config::Level::warn), config::Format::text);
  ground.log->set_level(spdlog::level::off);  // findings are printed, not logged
  ground.telemetry = std::make_shared<metrics::Telemetry>(metrics::Build{version(), revision()});
  ground.results = std::make_shared<store::Results>(store::Results::Limits{});
  return ground;
}

std::string counted(std::size_t number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

}  // namespace

std::shared_ptr<const House> check_configuration(const CommandLine& line, Findings& findings) {
  findings.heading("Configuration");
  try {
    auto house = build_house(silent_ground(line), config::load(line.config, {}));
    for (const std::string& file : house->configuration.files()) findings.ok("file", file);
    findings.ok("timezone", house->zone->name());
    return house;
  } catch (const config::Invalid& invalid) {
    for (const auto& problem : invalid.problems) findings.error("configuration", problem.text());
    if (invalid.left_out > 0) findings.error("configuration", fmt::format("and {} more", invalid.left_out));
  } catch (const std::exception& error) {
    findings.error("configuration", error.what());
  }
  return nullptr;
}

void check_plugins(Checkup& checkup) {
  checkup.findings.heading("Plugins");
  for (const auto& collector : checkup.house.plugins.collectors) {
    const Description& description = collector->description();
    checkup.findings.ok(
        description.name,
        fmt::format("{}: {}, {}", description.title, counted(description.families.size(), "family", "families"),
                    counted(description.statements.size(), "statement", "statements")));
  }
  for (const auto& failure : checkup.house.plugins.failed) {
    checkup.findings.error(failure.plugin, failure.what,
                           {say("The others go on without it. Mend it, or take it out of plugins.load.")});
  }
  for (const std::string& plugin : checkup.house.plugins.without_collectors) {
    checkup.findings.warning(plugin, "has no collector: its options ask for none",
                             {say("Its README says how to define one; or take it out of plugins.load.")});
  }
  if (checkup.house.plugins.loaded.empty() && checkup.house.plugins.failed.empty()) {
    checkup.findings.warning("plugins", "none is loaded: there will be no metrics of the CRM",
                             {say("Name them in plugins.load.")});
  }
}

}  // namespace crm::app
