#pragma once
// How many jobs of a queue have ended, and how many in the last full minute, from one sample to the next.

#include <deque>
#include <optional>
#include <string>

#include <crm/sdk/instant.h>

#include "source/queue/bullmq.h"

namespace crm::source {

// Not thread-safe. Three things are known of what ended between two samples, and none of them is ever too high: how
// much the set has grown, how many in it are newer than the newest was, and how much the workers' own count has grown.
// The greatest is taken. Where nothing is trimmed the first is exact; where jobs are removed as they end, only the last
// knows of them.
class EndedCount {
 public:
  // `newest_asked`: what the sample's since_newest was counted from. Samples that were overtaken by a later one are
  // ignored.
  void add(Instant at, const Ended& sample, const std::optional<std::string>& newest_asked);

  // The queue is another one now (another Redis): what it has is no growth. The total stays.
  void begin_again();

  // The newest score seen, for the next sample; nothing before the first.
  const std::optional<std::string>& newest() const { return newest_; }
  // Since the first sample; never falls.
  std::int64_t total() const { return total_; }
  // During the minute that was full at the last sample.
  std::int64_t last_minute() const;

 private:
  struct Point {
    Instant at;
    std::int64_t total;
    std::int64_t trimmed;  // how many of them the set did not keep, since the first sample
  };

  double total_at(Instant instant) const;

  std::int64_t total_ = 0;
  std::int64_t trimmed_ = 0;
  std::int64_t kept_ = 0;
  std::int64_t kept_of_minute_ = 0;
  std::optional<std::int64_t> counted_;
  std::optional<std::string> newest_;
  std::deque<Point> points_;  // of the last minutes, ascending; the first is older than they are
};

}  // namespace crm::source
