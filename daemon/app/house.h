#pragma once
// Everything that one configuration makes: zone, database, plugins, facts. Immutable once built; shared by the
// scheduler's jobs and by the requests that began with it, so that a reload pulls nothing from under them.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/logging.h"
#include "app/one_at_a_time.h"
#include "calendar/zone.h"
#include "config/config.h"
#include "metrics/label_cap.h"
#include "metrics/telemetry.h"
#include "plugin/plugins.h"
#include "rollup/fact_registry.h"
#include "rollup/infrastructure.h"
#include "rollup/live_counters.h"
#include "source/postgres.h"
#include "store/results.h"

namespace crm::app {

// Agents that have a place in a collector's counters keep it while the daemon lives. Touched by the collector's one
// job, and looked up where jobs are made.
using SlotsByCollector = std::map<std::string, std::shared_ptr<metrics::LabelSlots>>;

// What outlives a reload.
struct Ground {
  Logger log;
  std::shared_ptr<metrics::Telemetry> telemetry;
  std::shared_ptr<store::Results> results;
  std::shared_ptr<SlotsByCollector> slots = std::make_shared<SlotsByCollector>();
  std::shared_ptr<rollup::LiveCounters> counters = std::make_shared<rollup::LiveCounters>();
  std::shared_ptr<rollup::TableQueue> table_queue = std::make_shared<rollup::TableQueue>();
  std::shared_ptr<source::QueueMemory> queue_memory = std::make_shared<source::QueueMemory>();
  std::shared_ptr<rollup::SeenSessions> seen_sessions = std::make_shared<rollup::SeenSessions>();
  OneAtATime turns = {};
  std::optional<config::Level> level = {};  // of the command line: a reload does not change it
};

struct House {
  House(Ground given, config::Loaded loaded) : ground(std::move(given)), configuration(std::move(loaded)) {}

  Ground ground;
  config::Loaded configuration;
  std::shared_ptr<const calendar::Zone> zone;
  std::unique_ptr<source::Postgres> writer;  // the same database, for the daemon's own schema; null: nothing is stored
  std::unique_ptr<source::Postgres> postgres;  // thread-safe; null where no database is configured (`check` says so)
  rollup::Infrastructure infrastructure;
  rollup::FactRegistry facts;
  plugin::Plugins plugins;  // enabled collectors only

  const config::Config& values() const { return configuration.values(); }
  std::shared_ptr<const plugin::LoadedCollector> collector(const std::string& name) const;
};

// Throws config::Invalid for whatever the user can mend in the configuration: an unknown zone, a bad URL, a plugin's
// options, collectors that no plugin offers. A plugin that cannot be loaded is in plugins.failed, and the rest stands.
std::shared_ptr<const House> build_house(const Ground& ground, config::Loaded loaded);

}  // namespace crm::app
