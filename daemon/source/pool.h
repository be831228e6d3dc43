#pragma once
// A bounded pool of connections. A server that is away is not asked by everyone: after a failed attempt all callers get
// the same answer at once until the next attempt is due.

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include <crm/sdk/errors.h>
#include <crm/sdk/instant.h>

#include "source/connection.h"

namespace crm::source {

struct PoolOptions {
  std::string url;  // with defaults
  std::string place;
  std::size_t size = 4;
  std::chrono::milliseconds acquire_timeout{2'000};
  std::chrono::milliseconds first_backoff{250};
  std::chrono::milliseconds last_backoff{10'000};
};

// All connections are in use: the server is well, the daemon busy.
class PoolExhausted final : public SourceUnavailable {
 public:
  using SourceUnavailable::SourceUnavailable;
};

// Thread-safe. Must outlive its leases.
class Pool {
 public:
  explicit Pool(PoolOptions options);
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  class Lease {
   public:
    Lease(Pool& pool, std::unique_ptr<Connection> connection, bool fresh)
        : pool_(&pool), connection_(std::move(connection)), fresh_(fresh) {}
    Lease(Lease&& other) noexcept = default;
    Lease& operator=(Lease&&) = delete;
    ~Lease();

    Connection& operator*() const { return *connection_; }
    // Opened for this lease, not taken from the pool: a failure is the server's, not its age's.
    bool fresh() const { return fresh_; }
    // Do not put it back: it is broken, or a cancel for it may still be on its way.
    void discard() { discard_ = true; }

   private:
    Pool* pool_;
    std::unique_ptr<Connection> connection_;
    bool fresh_;
    bool discard_ = false;
  };

  // Sampling may take the last connection, people may not: however many ask, the metrics go on.
  enum class For { people, sampling };

  // Waits for a connection no longer than acquire_timeout and the deadline. PoolExhausted: none was returned in time;
  // SourceUnavailable: none could be opened.
  Lease acquire(Deadline deadline, For purpose);

  // Idle connections are of a server that went away: forget them.
  void discard_idle();

  struct Usage {
    std::size_t idle = 0;
    std::size_t busy = 0;
  };
  Usage usage() const;

 private:
  std::unique_ptr<Connection> open();
  void failed(const std::string& why);
  void give_back(std::unique_ptr<Connection> connection, bool discard);

  const PoolOptions options_;
  mutable std::mutex mutex_;
  std::condition_variable returned_;
  std::vector<std::unique_ptr<Connection>> idle_;
  std::size_t busy_ = 0;
  std::chrono::milliseconds backoff_{0};
  std::chrono::steady_clock::time_point next_attempt_{};
  std::string last_failure_;
  std::minstd_rand jitter_;
};

}  // namespace crm::source
