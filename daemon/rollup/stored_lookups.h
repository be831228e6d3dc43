#pragma once
// Which periods of facts are stored, as one run finds out: with few statements, of which each costs as much as the
// sums.

#include <map>
#include <string>
#include <vector>

#include <crm/sdk/settings.h>

#include "rollup/fact_file.h"
#include "rollup/grain.h"
#include "source/snapshot.h"

namespace crm::rollup {

struct Lookup {
  StoredPeriod period;
  bool frozen = false;  // of rows that the CRM has deleted since
  bool holds = false;   // else it is a day that was counted by other settings
  bool late = false;    // a change in it waits to be counted, which may take a while (late_minutes.h)
};

// Of one run; used by its thread.
class StoredLookups {
 public:
  StoredLookups(source::Snapshot& snapshot, const Settings& settings) : snapshot_(snapshot), settings_(settings) {}

  // Facts that the run is going to ask for, if it does: their periods are looked up with the first one's, where they
  // are few.
  void expect(std::vector<const FactDefinition*> facts) { expected_ = std::move(facts); }

  struct Wanted {
    Grain grain = Grain::day;
    Window window;
  };

  // Looks up whatever is not known yet of these. Periods that end after `trusted_until` are not found.
  void look_up(const FactDefinition& fact, const std::vector<Wanted>& wanted, Instant trusted_until);

  // The stored periods that lie within one of the windows, which must have been looked up.
  std::vector<Lookup> within(const FactDefinition& fact, Grain grain, const std::vector<Window>& windows) const;

 private:
  struct Known {
    std::vector<Window> windows;
    std::map<Instant, Lookup> found;  // by start
  };
  using Knowledge = std::map<std::pair<std::string, Grain>, Known>;

  bool knows(const std::string& fact, const Wanted& wanted) const;
  const std::string& version(const FactDefinition& fact);

  source::Snapshot& snapshot_;
  const Settings& settings_;
  std::vector<const FactDefinition*> expected_;
  std::map<std::string, std::string> versions_;
  Knowledge known_;
};

}  // namespace crm::rollup
