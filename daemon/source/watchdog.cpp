#include "source/watchdog.h"

#include <algorithm>
#include <array>
#include <deque>

namespace crm::source {

class Watchdog::Canceller : public std::enable_shared_from_this<Canceller> {
 public:
  void cancel(std::shared_ptr<PGcancel> handle) {
    const std::lock_guard lock(mutex_);
    queue_.push_back(std::move(handle));
    if (running_) return;
    running_ = true;
    std::thread([self = shared_from_this()] { self->drain(); }).detach();
  }

 private:
  void drain() {
    while (const auto handle = next()) {
      std::array<char, 256> error{};
      // A failed cancel needs no answer: the socket is shut down next.
      PQcancel(handle.get(), error.data(), static_cast<int>(error.size()));
    }
  }

  std::shared_ptr<PGcancel> next() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) {
      running_ = false;
      return nullptr;
    }
    auto handle = std::move(queue_.front());
    queue_.pop_front();
    return handle;
  }

  std::mutex mutex_;
  std::deque<std::shared_ptr<PGcancel>> queue_;
  bool running_ = false;
};

Watchdog::Watchdog(std::chrono::milliseconds grace)
    : grace_(grace),
      canceller_(std::make_shared<Canceller>()),
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

Watchdog::~Watchdog() = default;

Watchdog::Watch Watchdog::watch(Connection& connection, Deadline deadline) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t id = next_id_++;
  entries_.emplace(id, Entry{&connection, deadline});
  wake_.notify_one();
  return {*this, id};
}

void Watchdog::act(Entry& entry) {
  if (!entry.cancelled) {
    entry.cancelled = true;
    entry.due = std::chrono::steady_clock::now() + grace_;
    canceller_->cancel(entry.connection->cancel_handle());
  } else {
    entry.shut_down = true;
    entry.connection->shut_down();
  }
}

void Watchdog::run(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto now = std::chrono::steady_clock::now();
    auto next = now + std::chrono::hours(1);
    for (auto& [id, entry] : entries_) {
      if (entry.shut_down) continue;
      if (entry.due <= now) act(entry);
      if (!entry.shut_down) next = std::min(next, entry.due);
    }
    // Woken by a new watch, an expiry or the stop; the predicate only says "look again".
    wake_.wait_until(lock, stop, next, [&, known = next_id_] { return next_id_ != known; });
  }
}

Watchdog::Watch& Watchdog::Watch::operator=(Watch&& other) noexcept {
  std::swap(dog_, other.dog_);
  std::swap(id_, other.id_);
  return *this;
}

Watchdog::Watch::~Watch() {
  end();
}

bool Watchdog::Watch::end() {
  if (dog_ == nullptr) return false;
  const std::lock_guard lock(dog_->mutex_);
  const auto entry = std::exchange(dog_, nullptr)->entries_.extract(id_);
  return !entry.empty() && entry.mapped().cancelled;
}

void Watchdog::Watch::expire() const {
  if (dog_ == nullptr) return;
  const std::lock_guard lock(dog_->mutex_);
  const auto entry = dog_->entries_.find(id_);
  if (entry == dog_->entries_.end() || entry->second.cancelled) return;
  entry->second.due = std::chrono::steady_clock::now();
  ++dog_->next_id_;
  dog_->wake_.notify_one();
}

bool Watchdog::Watch::fired() const {
  if (dog_ == nullptr) return false;
  const std::lock_guard lock(dog_->mutex_);
  const auto entry = dog_->entries_.find(id_);
  return entry != dog_->entries_.end() && entry->second.cancelled;
}

}  // namespace crm::source
