#pragma once
// Which periods of facts are to be counted: those that are not stored, and those that do not hold.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <crm/sdk/settings.h>

#include "rollup/fact_file.h"
#include "rollup/grain.h"
#include "source/snapshot.h"

namespace crm::rollup {

// A fact's period that is to be counted.
struct Wanted {
  const FactDefinition* fact = nullptr;
  StoredPeriod period;
  bool stored = true;                      // something is, which does not hold
  std::optional<Instant> counted_to = {};  // it does, of what lies before that instant
};

// Of one step; used by its thread.
class WantedPeriods {
 public:
  WantedPeriods(source::Snapshot& snapshot, const Settings& settings) : snapshot_(snapshot), settings_(settings) {}

  // Of the fact's definition and the settings that it depends on.
  const std::string& version(const FactDefinition& fact);

  // Of these periods of one grain (ascending), those that some of the facts lack or that do not hold; the newest first.
  std::vector<Wanted> wanting(const std::vector<StoredPeriod>& periods,
                              const std::vector<const FactDefinition*>& facts);

 private:
  source::Binding about(const std::vector<StoredPeriod>& periods, const std::vector<const FactDefinition*>& facts);
  std::vector<Wanted> wanting_each(const std::vector<StoredPeriod>& periods,
                                   const std::vector<const FactDefinition*>& facts);
  std::vector<const FactDefinition*> lacking_minutes(const std::vector<StoredPeriod>& minutes,
                                                     const std::vector<const FactDefinition*>& facts);

  source::Snapshot& snapshot_;
  const Settings& settings_;
  std::map<std::string, std::string> versions_;
};

}  // namespace crm::rollup
