#include "schedule/scheduler.h"

#include <algorithm>
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

Scheduler::Scheduler(std::vector<Job> jobs, std::shared_ptr<const Calendar> calendar, Events events,
                     milliseconds grace) {
  for (Job& job : jobs) slots_.push_back(std::make_shared<Slot>(std::move(job)));
  for (const auto& slot : slots_) {
    threads_.emplace_back([slot, calendar](std::stop_token stop) { loop(slot, stop, calendar); });
  }
  watcher_ =
      std::jthread([this, events = std::move(events), grace](std::stop_token stop) { watch(stop, events, grace); });
}

Scheduler::~Scheduler() {
  if (!stopped_) stop(std::chrono::seconds(5));
}

void Scheduler::loop(const std::shared_ptr<Slot>& slot, std::stop_token stop,
                     const std::shared_ptr<const Calendar>& calendar) {
  std::minstd_rand random(std::random_device{}());
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  const Cadence& cadence = slot->job.cadence;
  std::unique_lock lock(slot->mutex);
  auto wait = milliseconds(static_cast<std::int64_t>(static_cast<double>(cadence.jitter.count()) * unit(random)));
  while (!stop.stop_requested()) {
    slot->wake.wait_for(lock, stop, wait, [&] { return slot->nudged; });
    if (stop.stop_requested()) break;
    slot->nudged = false;
    const auto began = steady_clock::now();
    slot->running_since = began;
    lock.unlock();
    slot->job.run(stop, began + slot->job.timeout);
    lock.lock();
    slot->running_since.reset();
    const auto since = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began);
    const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    wait = until_next(cadence, now, since, unit(random), *calendar);
    // An aligned tick is looked for again at least every minute: the wall clock may have been set meanwhile.
    if (cadence.aligned && wait > std::chrono::minutes(1)) {
      while (wait > std::chrono::minutes(1) && !stop.stop_requested() && !slot->nudged) {
        slot->wake.wait_for(lock, stop, std::chrono::minutes(1), [&] { return slot->nudged; });
        wait = until_next(cadence, std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()), since,
                          unit(random), *calendar);
      }
    }
  }
  slot->ended = true;
  slot->wake.notify_all();
}

void Scheduler::watch(std::stop_token stop, const Events& events, milliseconds grace) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    for (const auto& slot : slots_) {
      std::optional<bool> changed;
      {
        const std::lock_guard slot_lock(slot->mutex);
        const bool late = slot->running_since && steady_clock::now() > *slot->running_since + slot->job.timeout + grace;
        if (late != slot->stuck) changed = slot->stuck = late;
      }
      if (changed && events.stuck) events.stuck(slot->job.name, *changed);
    }
    wake_.wait_for(lock, stop, milliseconds(250), [] { return false; });
  }
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
  stopped_ = true;
  watcher_.request_stop();
  for (auto& thread : threads_) thread.request_stop();
  const auto until = steady_clock::now() + patience;
  bool all = true;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    std::unique_lock lock(slots_[i]->mutex);
    const bool ended = slots_[i]->wake.wait_until(lock, until, [&] { return slots_[i]->ended; });
    lock.unlock();
    if (ended) {
      threads_[i].join();
    } else {
      threads_[i].detach();
      all = false;
    }
  }
  if (watcher_.joinable()) watcher_.join();
  return all;
}

}  // namespace crm::schedule
