#include "app/house.h"

#include <algorithm>

#include <fmt/format.h>

#include "app/infrastructure.h"
#include "calendar/unknown_zone.h"
#include "metrics/families.h"

namespace crm::app {
namespace {

using config::Invalid;
using config::Problem;

std::shared_ptr<const calendar::Zone> load_zone(const config::Loaded& loaded) {
  try {
    return calendar::Zone::load(loaded.values().settings.timezone);
  } catch (const calendar::UnknownZone& error) {
    throw Invalid({loaded.problem("timezone", error.what())});
  }
}

source::PostgresObserver observe(const Ground& ground, const std::string& place) {
  source::PostgresObserver observer;
  observer.query_finished = [telemetry = ground.telemetry](const std::string& statement,
                                                           std::chrono::nanoseconds duration, std::size_t rows) {
    telemetry->query_finished(statement, duration, rows);
  };
  observer.availability = [ground, place](bool up, const std::string& why) {
    ground.telemetry->postgres_up(up);
    if (up) {
      ground.log->info("database {}: connected", place);
    } else {
      ground.log->error("database {}: {}; trying again", place, why);
    }
  };
  return observer;
}

source::PostgresOptions options_of(const config::Config& values, const std::string& url) {
  const config::Database& database = values.database;
  source::PostgresOptions options;
  options.url = url;
  options.own_schema = values.rollup.schema;
  options.schema = database.schema;
  options.application_name = database.application_name;
  options.pool = static_cast<std::size_t>(database.pool);
  options.connect_timeout = database.connect_timeout;
  options.statement_timeout = database.statement_timeout;
  options.acquire_timeout = database.acquire_timeout;
  options.catalog_refresh = database.catalog_refresh;
  return options;
}

std::unique_ptr<source::Postgres> open_database(const Ground& ground, const config::Loaded& loaded) {
  const config::Database& database = loaded.values().database;
  if (database.url.empty()) return nullptr;
  try {
    return std::make_unique<source::Postgres>(options_of(loaded.values(), database.url), loaded.values().settings,
                                              observe(ground, source::place_of(database.url)));
  } catch (const std::invalid_argument& error) {
    throw Invalid({loaded.problem("database.url", error.what())});
  }
}

// The rollup's steps have connections of their own, so that they never take those of people. Whether the database is
// there is told by the others.
std::unique_ptr<source::Postgres> open_writer(const Ground& ground, const config::Loaded& loaded) {
  const config::Database& database = loaded.values().database;
  if (database.url.empty() || !loaded.values().rollup.store) return nullptr;
  const std::string& url = database.write_url.empty() ? database.url : database.write_url;
  source::PostgresOptions options = options_of(loaded.values(), url);
  options.pool = 2;
  options.statement_timeout = std::max<std::chrono::milliseconds>(options.statement_timeout, std::chrono::minutes(1));
  source::PostgresObserver observer = observe(ground, source::place_of(url));
  observer.availability = {};
  try {
    return std::make_unique<source::Postgres>(options, loaded.values().settings, std::move(observer));
  } catch (const std::invalid_argument& error) {
    throw Invalid({loaded.problem("database.write_url", error.what())});
  }
}

// What other rooms ask of a description before its plugin may join.
std::vector<plugin::Rule> rules(rollup::FactRegistry& facts) {
  return {[](const Description& description) { return metrics::problems_of(description.families); },
          [&facts](const Description& description) {
            std::vector<std::string> faults;
            for (const FactFile& file : description.facts) {
              try {
                facts.add(file);
              } catch (const std::invalid_argument& error) {
                faults.emplace_back(error.what());
              }
            }
            for (const std::string& fact : description.facts_read) {
              if (!facts.knows(fact)) faults.push_back(fmt::format("it reads the fact '{}', which nobody has", fact));
            }
            return faults;
          }};
}

void load_plugins(House& house) {
  const config::Loaded& loaded = house.configuration;
  const config::Plugins& plugins = loaded.values().plugins;
  std::vector<Problem> problems;
  const auto options_of = [&](const std::string& plugin) -> std::unique_ptr<Config> {
    return loaded.plugin_options(plugin);
  };
  const auto used = [&](const std::string&, const Config& options) {
    for (Problem& problem : static_cast<const config::PluginOptions&>(options).unknown())
      problems.push_back(std::move(problem));
  };
  try {
    house.plugins = plugin::load(plugins.directory, plugins.load, options_of, rules(house.facts), used);
  } catch (const plugin::PluginConfigError& error) {
    throw Invalid({static_cast<const config::PluginOptions&>(error.options()).problem(error)});
  }
  std::vector<std::string> offered;
  for (const auto& collector : house.plugins.collectors) offered.push_back(collector->description().name);
  // With a plugin missing it cannot be told whose collectors those would be.
  if (house.plugins.failed.empty()) {
    for (Problem& problem : loaded.unknown_collectors(offered)) problems.push_back(std::move(problem));
  }
  if (!problems.empty()) throw Invalid(std::move(problems));
  std::erase_if(house.plugins.collectors, [&](const auto& collector) {
    return !loaded.values().collector(collector->description().name).enabled;
  });
}

}  // namespace

std::shared_ptr<const plugin::LoadedCollector> House::collector(const std::string& name) const {
  const auto found = std::find_if(plugins.collectors.begin(), plugins.collectors.end(),
                                  [&](const auto& collector) { return collector->description().name == name; });
  return found == plugins.collectors.end() ? nullptr : *found;
}

std::shared_ptr<const House> build_house(const Ground& ground, config::Loaded loaded) {
  auto house = std::make_shared<House>(ground, std::move(loaded));
  house->zone = load_zone(house->configuration);
  house->postgres = open_database(ground, house->configuration);
  house->writer = open_writer(ground, house->configuration);
  house->infrastructure = open_infrastructure(ground, house->configuration);
  load_plugins(*house);
  return house;
}

}  // namespace crm::app
