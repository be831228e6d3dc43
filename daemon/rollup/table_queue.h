#pragma once
// The queue of a CRM that has no Redis: its own messages that are pending.

#include <chrono>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

#include <crm/sdk/rows.h>
#include <crm/sdk/sources.h>

#include "source/compiled.h"

namespace crm::rollup {

// Thread-safe. Outlives reloads, because its totals never fall: as LiveCounters do, it looks again and again at the
// youngest minutes, and adds what each has grown by: at the current one and the one before with each look, at all of
// them once in a minute. What becomes known of a minute later than that is lost to the
// totals, and what left the queue before the first look is none of theirs.
class TableQueue {
 public:
  static constexpr const char* name = "messages";
  static constexpr int minutes_looked_at = 15;

  // Runs a statement of the house.
  using Read = std::function<Rows(const Statement& statement, const source::Binding& binding)>;

  // Depth, age and rate at `as_of`, of messages created at most `max_age` before. Nothing where the CRM has no
  // messages. What `read` throws leaves the totals as they were.
  std::vector<QueueState> look(Instant as_of, std::chrono::seconds max_age, const Read& read);

  // Another database: what it has is no growth. Totals stay.
  void begin_again();

 private:
  struct Gone {
    std::int64_t sent = 0;
    std::int64_t failed = 0;
  };
  using Minutes = std::map<Instant, Gone>;

  struct Look {
    Instant as_of{};
    Duration took{};
    Minutes minutes;
  };

  std::optional<Minutes> seen_just_now(Instant as_of);
  Minutes recent_minutes(Instant as_of, Instant since, const Read& read);
  int minutes_to_look_at(Instant as_of);
  static Minutes minutes_before(Instant as_of, int before, Instant since, const Read& read);
  Gone add(const Minutes& now);

  std::mutex mutex_;
  Minutes known_;
  std::optional<Instant> looked_;           // the newest minute then
  std::optional<Instant> looked_far_back_;  // the same, of a look at all the minutes
  Gone total_;
  std::optional<Look> last_;
};

}  // namespace crm::rollup
