#pragma once
// Counters as they would have stood in the past, had counting begun at `from`: what is known today of what happened up
// to each instant.

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "rollup/counters.h"

namespace crm::rollup {

// Asked for the instants in their order, for each by as many threads as you like.
class PastCounters final : public Counters {
 public:
  // `instants` ascend; counting begins at the first of them. `read` answers a query over all of that time, once for
  // each fact and its axes; `count` is given another one, which it does not need.
  PastCounters(std::vector<Instant> instants, Read read) : instants_(std::move(instants)), read_(std::move(read)) {}

  // `now` is one of the instants. UsageError for one before another that was asked for.
  FactTable count(const std::string& fact, const std::vector<Axis>& by, Instant now, const Read& read) override;

 private:
  using Group = std::pair<std::optional<std::string>, std::optional<std::string>>;  // agent, key

  struct Counter {
    FactTable counted;          // by bucket, which begins at each instant
    std::vector<FactRow> rows;  // of it, by their bucket
    std::size_t next = 0;       // the first of them that is not in the totals
    Instant now;                // they are of
    std::map<Group, FactRow> totals = {};
  };

  Counter& counter(const std::string& fact, const std::vector<Axis>& by);

  const std::vector<Instant> instants_;
  const Read read_;
  std::mutex mutex_;
  std::map<std::pair<std::string, std::vector<Axis>>, Counter> counters_;
};

}  // namespace crm::rollup
