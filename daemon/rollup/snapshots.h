#pragma once
// The table analytics_snapshots: the stored hours once more, as JSON, with their sums by business day and week. What is
// in it is said in deploy/migrations.

#include <map>
#include <string_view>
#include <vector>

#include "calendar/zone.h"
#include "rollup/fact_file.h"
#include "rollup/grain.h"
#include "source/snapshot.h"

namespace crm::rollup {

// Of one step; `snapshot` is a writing one.
class AnalyticsSnapshots {
 public:
  AnalyticsSnapshots(source::Snapshot& snapshot, std::vector<const FactDefinition*> facts, const calendar::Zone& zone)
      : snapshot_(snapshot), facts_(std::move(facts)), zone_(zone) {}

  // Writes what is due of the newest week in which something is: its hours that were counted since they were written
  // last, the days and the week that those are in, as far as they have ended. All at once, so that a day's row is
  // at any time the sum of its hours' rows, and a week's of its days'. False: nothing is due.
  bool write_newest();

 private:
  struct Stored;

  Window week_of(Instant t) const;
  Stored stored_in(const Window& week);
  void write(std::string_view type, const std::vector<Window>& periods, const Stored& stored);
  void forget_others(std::string_view type, const std::vector<Window>& periods, const Window& week);

  source::Snapshot& snapshot_;
  const std::vector<const FactDefinition*> facts_;
  const calendar::Zone& zone_;
};

}  // namespace crm::rollup
