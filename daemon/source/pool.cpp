#include "source/pool.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace crm::source {

using std::chrono::steady_clock;

Pool::Pool(PoolOptions options) : options_(std::move(options)), jitter_(std::random_device{}()) {}

Pool::Lease::~Lease() {
  if (connection_) pool_->give_back(std::move(connection_), discard_);
}

Pool::Lease Pool::acquire(Deadline deadline, For purpose) {
  const std::size_t most = purpose == For::people && options_.size > 1 ? options_.size - 1 : options_.size;
  const auto until = std::min(deadline, steady_clock::now() + options_.acquire_timeout);
  {
    std::unique_lock lock(mutex_);
    const bool free = returned_.wait_until(lock, until, [&] { return busy_ < most; });
    if (!free) {
      throw PoolExhausted(fmt::format("all {} connections to PostgreSQL are in use (database.pool)", most));
    }
    ++busy_;
    if (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      return {*this, std::move(connection), false};
    }
  }
  try {
    return {*this, open(), true};
  } catch (...) {
    give_back(nullptr, true);
    throw;
  }
}

std::unique_ptr<Connection> Pool::open() {
  {
    const std::lock_guard lock(mutex_);
    const auto now = steady_clock::now();
    if (now < next_attempt_) throw SourceUnavailable(last_failure_);
    // One asks again; what it hears is everybody's answer.
    if (backoff_.count() > 0) next_attempt_ = now + options_.last_backoff;
  }
  try {
    auto connection = std::make_unique<Connection>(options_.url);
    const std::lock_guard lock(mutex_);
    backoff_ = std::chrono::milliseconds(0);
    next_attempt_ = {};
    return connection;
  } catch (const SourceUnavailable& unavailable) {
    failed(unavailable.what());
    throw;
  }
}

void Pool::failed(const std::string& why) {
  const std::lock_guard lock(mutex_);
  backoff_ = std::clamp(backoff_ * 2, options_.first_backoff, options_.last_backoff);
  // Half to all of it, so that replicas that lost the same server do not return together.
  std::uniform_int_distribution<std::int64_t> spread(backoff_.count() / 2, backoff_.count());
  next_attempt_ = steady_clock::now() + std::chrono::milliseconds(spread(jitter_));
  last_failure_ = why;
}

void Pool::give_back(std::unique_ptr<Connection> connection, bool discard) {
  if (discard) connection.reset();
  const std::lock_guard lock(mutex_);
  --busy_;
  if (connection) idle_.push_back(std::move(connection));
  returned_.notify_all();
}

void Pool::discard_idle() {
  std::vector<std::unique_ptr<Connection>> old;
  const std::lock_guard lock(mutex_);
  old.swap(idle_);
}

Pool::Usage Pool::usage() const {
  const std::lock_guard lock(mutex_);
  return {idle_.size(), busy_};
}

}  // namespace crm::source
