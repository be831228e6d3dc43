#pragma once
// Rows that are dated later than they were written. The change feed tells of a row when it is written, so a minute may
// be known to be empty only if no row was written before its time. (Messages wait in the queue for theirs:
// take_changes.sql.)

#include <optional>
#include <vector>

#include "rollup/fact_file.h"
#include "rollup/touched.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Of one step; used by its thread.
class Dated {
 public:
  // `before`: as the last step left it.
  Dated(source::Snapshot& snapshot, std::optional<Instant> before) : snapshot_(snapshot), before_(before) {}

  // Nobody knows: every fact is asked for what it would count after now.
  void find_out(const std::vector<const FactDefinition*>& facts);

  // What this step has taken, for the next one.
  void take(const std::vector<Change>& changes);

  // Did no step up to then take anything that is dated after it?
  bool none_after(Instant then) const { return before_ && *before_ <= then; }
  bool known() const { return before_.has_value(); }

 private:
  void write(Instant until);

  source::Snapshot& snapshot_;
  const std::optional<Instant> before_;
};

}  // namespace crm::rollup
