#pragma once
// What is stored, for people: how much of each fact, whether it holds, and what waits.

#include <optional>
#include <string>
#include <vector>

#include <crm/sdk/settings.h>

#include "rollup/fact_file.h"
#include "source/snapshot.h"

namespace crm::rollup {

struct StoredFact {
  std::string name;
  bool known = true;  // by this configuration
  std::optional<Instant> from = {};
  std::optional<Instant> to = {};
  std::int64_t days = 0;
  std::int64_t hours = 0;
  std::int64_t minutes = 0;  // periods of five
  std::int64_t stale = 0;    // a row that they count has changed
  std::int64_t due = 0;      // time alone has changed them
  std::int64_t frozen = 0;
  std::int64_t of_other_version = 0;  // counted with other settings, or by another release
};

struct TableSize {
  std::string name;
  std::int64_t bytes = 0;
};

struct StoredState {
  std::vector<StoredFact> facts;  // by name
  std::vector<TableSize> tables;  // by name
  std::optional<Instant> stepped_at = {};
  std::optional<Instant> counting_since = {};
  std::optional<Instant> feed_since = {};  // as the last step found it
  std::int64_t rescans = 0;
  std::int64_t changes = 0;
  std::optional<Instant> waiting_since = {};
};

// The own schema must be readable. Throws what a snapshot throws.
StoredState look_at_stored(source::Snapshot& snapshot, const std::vector<const FactDefinition*>& facts,
                           const Settings& settings, const std::string& own_schema);

}  // namespace crm::rollup
