#pragma once
// Runs jobs when they are due, each in a thread of its own: a job that hangs costs itself its turns and nobody else
// anything, and no job ever runs twice at once.

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include <crm/sdk/window.h>

#include "schedule/cadence.h"
#include "schedule/wait.h"

namespace crm::schedule {

struct Job {
  std::string name;
  Cadence cadence;
  std::chrono::milliseconds timeout{10'000};
  std::function<void(std::stop_token, Deadline)> run;  // must not throw
  std::function<void(std::int64_t)> missed = {};       // how often it was due while a run that has ended went on
};

// Told by the scheduler's own thread, which must not be kept waiting and must not throw.
struct Events {
  std::function<void(const std::string& job, bool stuck)> stuck;  // a run is past its deadline and grace; or came back
};

class Scheduler {
 public:
  // Starts at once: every job's first run is now (plus its jitter). Throws nothing of a job's.
  Scheduler(std::vector<Job> jobs, const std::shared_ptr<const Calendar>& calendar, Events events,
            std::chrono::milliseconds grace = std::chrono::seconds(2));

  // Asks all jobs to stop and waits up to `patience` for them. False if one is still running: its thread is then left
  // behind, with everything that the job's closure owns. Asked again, it waits again. For one thread at a time.
  bool stop(std::chrono::milliseconds patience);

  // stop() with five seconds of patience, if it was not called.
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Runs a job now rather than at its next tick (on a change); once more, if it is running. Nothing for an unknown
  // name. Any thread may call it.
  void nudge(const std::string& job);

 private:
  struct Slot;

  static bool pause(Slot& slot, std::unique_lock<std::mutex>& lock, const std::stop_token& stop, Wait& wait);
  static void loop(Slot& slot, const std::stop_token& stop, const Calendar& calendar);
  void look_for_stuck_runs(const Events& events, std::chrono::milliseconds grace);
  void watch(const std::stop_token& stop, const Events& events, std::chrono::milliseconds grace);

  std::vector<std::shared_ptr<Slot>> slots_;
  std::vector<std::jthread> threads_;  // one for each slot
  std::jthread watcher_;
};

}  // namespace crm::schedule
