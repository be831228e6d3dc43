#pragma once
// The configured queues, sampled: two round trips for all of them together, however many jobs they hold and however
// many people ask.

#include <functional>
#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include <crm/sdk/instant.h>
#include <crm/sdk/sources.h>

#include "source/queue/queue_memory.h"
#include "source/redis/redis.h"
#include "source/shared_sample.h"

namespace crm::source {

struct QueueOptions {
  std::string prefix = "bull";
  std::vector<std::string> names;
  std::vector<std::string> dead_letter = {};  // nobody is meant to take from them: they have no age
  std::chrono::milliseconds max_age{1'000};   // of a sample that is shared
  std::function<Instant()> clock = {};        // the machine's if empty
};

// Told what happens; called from the threads of the runs. May be empty.
struct QueueObserver {
  // A queue cannot be read, or, without a reason, can be again. Only when it changes.
  std::function<void(const std::string& queue, const std::string& why)> readable;
};

// Thread-safe.
class Queues {
 public:
  Queues(std::shared_ptr<Redis> redis, QueueOptions options, std::shared_ptr<QueueMemory> memory,
         QueueObserver observer = {});

  // As configured, those of dead letters last. A queue that Redis refuses to show is left out; SourceUnavailable if all
  // are, or Redis is away; DeadlineExceeded. Whoever asks while a sample is being taken waits for that one.
  std::vector<QueueState> read(Deadline deadline, const std::stop_token& stop = {});

 private:
  using States = std::vector<QueueState>;
  struct Sampled;

  States sample(Deadline deadline, const std::stop_token& stop);
  std::vector<Sampled> ask(Deadline deadline, const std::stop_token& stop);
  void add_ages(std::vector<Sampled>& queues, Instant now, Deadline deadline, const std::stop_token& stop);
  void tell(const std::string& queue, const std::string& why);

  const std::shared_ptr<Redis> redis_;
  const QueueOptions options_;
  const std::shared_ptr<QueueMemory> memory_;
  const QueueObserver observer_;

  SharedSample<States> shared_;
  std::map<std::string, std::string> unreadable_;  // queue → why; touched by whoever takes the sample
};

}  // namespace crm::source
