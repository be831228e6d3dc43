#include "source/queue/queue_memory.h"

namespace crm::source {

QueueMemory::Entry& QueueMemory::entry(const std::string& place, const BullQueue& queue) {
  Entry& entry = entries_[queue.name];
  const std::string here = place + " " + queue.prefix;
  if (entry.place != here) {
    entry.completed.begin_again();
    entry.failed.begin_again();
    entry.place = here;
  }
  return entry;
}

NewestEnded QueueMemory::newest(const std::string& place, const BullQueue& queue) {
  const std::lock_guard lock(mutex_);
  const Entry& known = entry(place, queue);
  return {known.completed.newest(), known.failed.newest()};
}

QueueMemory::Ends QueueMemory::add(const std::string& place, const BullQueue& queue, Instant at,
                                   const BullSample& sample, const NewestEnded& asked) {
  const std::lock_guard lock(mutex_);
  Entry& known = entry(place, queue);
  known.completed.add(at, sample.completed, asked.completed);
  known.failed.add(at, sample.failed, asked.failed);
  return {known.completed.total(), known.completed.last_minute(), known.failed.total(), known.failed.last_minute()};
}

}  // namespace crm::source
