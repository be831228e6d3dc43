#pragma once
// Counters for Prometheus while facts are not stored: what facts have counted since the daemon began, in memory.
//
// A fact is counted again and again over its youngest periods, because rows arrive late and fates take their time; each
// time the counter grows by greatest(new − old, 0) of every period. So it never falls, counts nothing twice when a run
// is repeated, and counts nothing that happened before its first run. The last two hours are counted in every run, the
// last day once in a quarter of an hour; what changes later than that is lost to the counter (not to any fact).

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>
#include <vector>

#include <crm/sdk/facts.h>

#include "rollup/counters.h"

namespace crm::rollup {

// Thread-safe. Outlives reloads, so that counters do.
class LiveCounters final : public Counters {
 public:
  static constexpr std::chrono::minutes period{15};
  static constexpr std::chrono::hours every_run{2};
  static constexpr std::chrono::hours now_and_then{26};

  FactTable count(const std::string& fact, const std::vector<Axis>& by, Instant now, const Read& read) override;

  // The meaning of facts changed (another SLA target): the next count of each is a new beginning that adds nothing.
  // Totals stay.
  void begin_again();

 private:
  using Group = std::pair<std::optional<std::string>, std::optional<std::string>>;  // agent, key

  struct Numbers {
    std::vector<std::int64_t> values;
    std::vector<std::vector<std::int64_t>> histograms;
  };

  struct Counter {
    std::mutex mutex;
    std::map<Instant, std::map<Group, Numbers>> periods;
    std::map<Group, Numbers> totals;
    std::optional<Instant> counted_widely;  // nothing: not counted yet, or begun again
    FactTable table(const FactTable& shape) const;
  };

  std::shared_ptr<Counter> counter(const std::string& fact, const std::vector<Axis>& by);
  static void add(Counter& counter, const FactTable& counted, Instant from, bool first);

  std::mutex mutex_;
  std::map<std::pair<std::string, std::vector<Axis>>, std::shared_ptr<Counter>> counters_;
};

}  // namespace crm::rollup
