#include "schedule/scheduler.h"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <random>

namespace crm::schedule {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What a job's thread and the scheduler share. Owned by both, so that a thread left behind touches nothing that is
// gone.
struct Scheduler::Slot {
  explicit Slot(Job given) : job(std::move(given)) {}

  Job job;
  std::mutex mutex;
  std::condition_variable_any wake;
  bool nudged = false;
  std::optional<steady_clock::time_point> running_since;
  bool stuck = false;
  bool ended = false;
};

Scheduler::Scheduler(std::vector<Job> jobs, const std::shared_ptr<const Calendar>& calendar, Events events,
                     milliseconds grace) {
  for (Job& job : jobs) slots_.push_back(std::make_shared<Slot>(std::move(job)));
  for (const auto& slot : slots_) {
    threads_.emplace_back([slot, calendar](const std::stop_token& stop) { loop(*slot, stop, *calendar); });
  }
  watcher_ = std::jthread(
      [this, events = std::move(events), grace](const std::stop_token& stop) { watch(stop, events, grace); });
}

Scheduler::~Scheduler() {
  if (watcher_.joinable()) stop(std::chrono::seconds(5));
}

// Until the job is due or nudged. False: it is to stop.
bool Scheduler::pause(Slot& slot, std::unique_lock<std::mutex>& lock, const std::stop_token& stop, Wait& wait) {
  while (!stop.stop_requested() && !slot.nudged) {
    const Duration left = wait.remaining(Clocks::read());
    if (left <= Duration(0)) break;
    // Not longer than a minute, because the wall clock may be set meanwhile.
    slot.wake.wait_for(lock, stop, std::min<Duration>(left, std::chrono::minutes(1)), [&] { return slot.nudged; });
  }
  return !stop.stop_requested();
}

void Scheduler::loop(Slot& slot, const std::stop_token& stop, const Calendar& calendar) {
  std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  std::unique_lock lock(slot.mutex);
  Wait wait = Wait::first(slot.job.cadence, unit(random), Clocks::read(), calendar);
  while (pause(slot, lock, stop, wait)) {
    slot.nudged = false;
    const auto began = steady_clock::now();
    slot.running_since = began;
    lock.unlock();
    slot.job.run(stop, began + slot.job.timeout);
    const auto missed = (steady_clock::now() - began) / slot.job.cadence.every;
    if (missed > 0 && slot.job.missed && !stop.stop_requested()) slot.job.missed(missed);
    lock.lock();
    slot.running_since.reset();
    wait = Wait(slot.job.cadence, unit(random), Clocks::read(), began, calendar);
  }
  slot.ended = true;
  slot.wake.notify_all();
}

void Scheduler::look_for_stuck_runs(const Events& events, milliseconds grace) {
  for (const auto& slot : slots_) {
    bool late = false;
    {
      const std::lock_guard lock(slot->mutex);
      late = slot->running_since && steady_clock::now() > *slot->running_since + slot->job.timeout + grace;
      if (late == slot->stuck) continue;
      slot->stuck = late;
    }
    if (events.stuck) events.stuck(slot->job.name, late);
  }
}

void Scheduler::watch(const std::stop_token& stop, const Events& events, milliseconds grace) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  while (!stop.stop_requested()) {
    look_for_stuck_runs(events, grace);
    wake.wait_for(lock, stop, milliseconds(250), [] { return false; });
  }
  look_for_stuck_runs(events, grace);  // those that came back while they were being stopped
}

void Scheduler::nudge(const std::string& job) {
  for (const auto& slot : slots_) {
    if (slot->job.name != job) continue;
    const std::lock_guard lock(slot->mutex);
    slot->nudged = true;
    slot->wake.notify_all();
  }
}

bool Scheduler::stop(milliseconds patience) {
  for (auto& thread : threads_) thread.request_stop();
  const auto until = steady_clock::now() + patience;
  bool all = true;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    std::unique_lock lock(slots_[i]->mutex);
    const bool ended = slots_[i]->wake.wait_until(lock, until, [&] { return slots_[i]->ended; });
    lock.unlock();
    all = all && ended;
    if (!threads_[i].joinable()) continue;  // stopped before
    if (ended) {
      threads_[i].join();
    } else {
      threads_[i].detach();
    }
  }
  watcher_.request_stop();
  if (watcher_.joinable()) watcher_.join();
  return all;
}

}  // namespace crm::schedule
