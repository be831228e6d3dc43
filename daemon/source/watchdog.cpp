#include "source/watchdog.h"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>

namespace crm::source {

class Watchdog::Taken {
 public:
  void tell() {
    const std::lock_guard lock(mutex_);
    told_ = true;
    wake_.notify_all();
  }

  void wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    wake_.wait_for(lock, at_most, [&] { return told_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable wake_;
  bool told_ = false;
};

class Watchdog::Canceller : public std::enable_shared_from_this<Canceller> {
 public:
  void cancel(std::shared_ptr<PGcancel> handle, std::shared_ptr<Taken> taken) {
    const std::lock_guard lock(mutex_);
    queue_.push_back({std::move(handle), std::move(taken)});
    if (running_) return;
    running_ = true;
    std::thread([self = shared_from_this()] { self->drain(); }).detach();
  }

 private:
  struct Request {
    std::shared_ptr<PGcancel> handle;
    std::shared_ptr<Taken> taken;
  };

  void drain() {
    while (const auto request = next()) {
      std::array<char, 256> error{};
      // A failed cancel needs no answer: the socket is shut down next.
      PQcancel(request->handle.get(), error.data(), static_cast<int>(error.size()));
      request->taken->tell();
    }
  }

  std::optional<Request> next() {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) {
      running_ = false;
      return std::nullopt;
    }
    Request request = std::move(queue_.front());
    queue_.pop_front();
    return request;
  }

  std::mutex mutex_;
  std::deque<Request> queue_;
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
  if (!entry.cancelled && !entry.settled) {
    entry.cancelled = true;
    entry.due = std::chrono::steady_clock::now() + grace_;
    entry.taken = std::make_shared<Taken>();
    canceller_->cancel(entry.connection->cancel_handle(), entry.taken);
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
  settle();
  const std::lock_guard lock(dog_->mutex_);
  const auto entry = std::exchange(dog_, nullptr)->entries_.extract(id_);
  return !entry.empty() && entry.mapped().cancelled;
}

void Watchdog::Watch::expire() const {
  if (dog_ == nullptr) return;
  const std::lock_guard lock(dog_->mutex_);
  const auto entry = dog_->entries_.find(id_);
  if (entry == dog_->entries_.end() || entry->second.cancelled || entry->second.settled) return;
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

void Watchdog::Watch::settle() const {
  if (dog_ == nullptr) return;
  std::shared_ptr<Taken> taken;
  {
    const std::lock_guard lock(dog_->mutex_);
    const auto found = dog_->entries_.find(id_);
    if (found == dog_->entries_.end()) return;
    Entry& entry = found->second;
    if (!entry.settled && !entry.cancelled)
      entry.due = std::max(entry.due, std::chrono::steady_clock::now() + dog_->grace_);
    entry.settled = true;
    if (!entry.shut_down) taken = entry.taken;
  }
  if (taken) taken->wait(dog_->grace_);
}

}  // namespace crm::source
