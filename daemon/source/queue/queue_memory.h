#pragma once
// What is remembered of queues from one sample to the next.

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "source/queue/ended_count.h"

namespace crm::source {

// Thread-safe. Outlives reloads, so that totals never fall: a queue of the same name in another Redis goes on from the
// total of the one before.
class QueueMemory {
 public:
  // Scores for the next sample's commands.
  NewestEnded newest(const std::string& place, const BullQueue& queue);

  struct Ends {
    std::int64_t completed_total;
    std::int64_t completed_last_minute;
    std::int64_t failed_total;
    std::int64_t failed_last_minute;
  };
  // Adds a sample whose commands were made with `asked`.
  Ends add(const std::string& place, const BullQueue& queue, Instant at, const BullSample& sample,
           const NewestEnded& asked);

 private:
  struct Entry {
    std::string place;  // and prefix
    EndedCount completed;
    EndedCount failed;
  };

  Entry& entry(const std::string& place, const BullQueue& queue);

  std::mutex mutex_;
  std::map<std::string, Entry> entries_;  // by the queue's name, which is all that labels show
};

}  // namespace crm::source
