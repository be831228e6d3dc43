#pragma once
// Which business days of which facts a backfill has yet to count.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include "rollup/counting.h"

namespace crm::rollup {

// Days of one fact, ascending: as many as one turn should take.
struct Turn {
  const FactDefinition* fact = nullptr;
  std::vector<StoredPeriod> days;
};

// Thread-safe.
class BackfillPlan {
 public:
  // Facts that are counted beside one another, all newest day first.
  explicit BackfillPlan(const std::vector<Wanted>& wanted);

  // The newest days of the fact whose newest day is the newest. Nothing: all days are given out.
  std::optional<Turn> next();
  // A turn is to take about `length`, which the next one of this fact is cut to.
  void done(const Turn& turn, std::chrono::milliseconds took, std::chrono::milliseconds length);
  // Not counted: its days are given out again, fewer at a time if it `took_too_long`.
  void put_back(const Turn& turn, bool took_too_long = false);

  struct State {
    std::size_t counted = 0;  // facts' days
    std::size_t all = 0;
    std::size_t days_counted = 0;  // of all facts
    std::size_t days = 0;
    std::optional<Instant> complete_from = {};  // the oldest day from which on all are counted
  };
  State state() const;

 private:
  struct OfFact {
    std::vector<StoredPeriod> days;  // to be given out, ascending
    double days_a_turn = 1;
  };

  mutable std::mutex mutex_;
  std::map<const FactDefinition*, OfFact> facts_;
  std::map<Instant, std::size_t> left_;  // by day: how many facts lack it
  std::size_t all_ = 0;
  std::size_t counted_ = 0;
};

}  // namespace crm::rollup
