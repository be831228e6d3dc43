#pragma once
// Which instants of the facts a batch of changes touches: told by the changes themselves and by the rows as they are
// now. Old numbers need not be known: whatever has moved was itself changed, and has its own change.

#include <map>
#include <set>
#include <string>
#include <vector>

#include "rollup/fact_file.h"
#include "source/snapshot.h"

namespace crm::rollup {

// A row of `changes`; what the entities are is said in deploy/migrations.
struct Change {
  std::string entity;
  std::optional<std::string> id;
  std::optional<Instant> at;
};

// By touch: beginnings of periods of minutes in which something has changed.
using Touched = std::map<Touch, std::set<Instant>>;

Touched touched_by(source::Snapshot& snapshot, const std::vector<Change>& changes);

// Deletions of what was created before `horizon`: the CRM prunes.
bool is_pruning(const Change& change, Instant horizon);

}  // namespace crm::rollup
