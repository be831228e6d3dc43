#pragma once
// Which instants of the facts a batch of changes touches, and whose rows: told by the changes themselves
// and by the rows as they are now. Old numbers need not be known: whatever has moved was itself changed, and has its
// own change.

#include <map>
#include <set>
#include <string>
#include <string_view>
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

// Of a minute: whose rows of it have changed, some more than once, and whether that is all. A part is a conversation's
// id, or "message " and the id of one without a conversation (a broadcast). The texts belong to the Touched that they
// come from.
struct TouchedMinute {
  std::vector<const std::string*> parts = {};
  bool elsewhere = false;  // or nobody knows whose

  void merge(const TouchedMinute& other) {
    parts.insert(parts.end(), other.parts.begin(), other.parts.end());
    elsewhere = elsewhere || other.elsewhere;
  }
};
using TouchedMinutes = std::map<Instant, TouchedMinute>;  // by their beginnings

class Touched {
 public:
  Touched() = default;
  Touched(Touched&&) = default;
  Touched& operator=(Touched&&) = default;

  void note(Touch touch, Instant at, std::string_view part = {});  // empty: nobody knows whose
  const std::map<Touch, TouchedMinutes>& minutes() const { return minutes_; }

 private:
  std::map<Touch, TouchedMinutes> minutes_;
  std::set<std::string, std::less<>> parts_;
};

Touched touched_by(source::Snapshot& snapshot, const std::vector<Change>& changes);

// Deletions of what was created before `horizon`: the CRM prunes.
bool is_pruning(const Change& change, Instant horizon);

}  // namespace crm::rollup
