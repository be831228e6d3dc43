#pragma once
// Ends calls that outlive their deadline: first a cancel request, then, if the call still has not returned, its socket.
// PostgreSQL's own statement_timeout comes first; this is for servers that no longer answer.

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <crm/sdk/instant.h>

#include "source/connection.h"

namespace crm::source {

class Watchdog {
 public:
  // `grace`: how long a cancelled call may take to return before its socket is shut down.
  explicit Watchdog(std::chrono::milliseconds grace = std::chrono::seconds(1));
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // Watches a connection until it is destroyed. The connection must outlive it.
  class Watch {
   public:
    Watch() = default;
    Watch(Watchdog& dog, std::uint64_t id) : dog_(&dog), id_(id) {}
    Watch(Watch&& other) noexcept : dog_(std::exchange(other.dog_, nullptr)), id_(other.id_) {}
    Watch& operator=(Watch&& other) noexcept;
    ~Watch();

    // Brings the deadline forward to now: the run was stopped.
    void expire() const;
    // Has a cancel been sent? The connection is then not to be used again: the cancel may still be on its way.
    bool fired() const;
    // To be called before the transaction ends: no cancel is sent from now on, and one that was is waited for, at most
    // the grace. PgBouncer 1.18 and 1.19 die of a cancel request whose sender goes before it is taken ("bad client
    // state"), and of a server that is given back while one for it is on its way ("server in bad state"). What is
    // called afterwards has the grace to return in.
    void settle() const;
    // Watches no more, once settled, and says whether it had fired: nothing can be sent after the answer.
    bool end();

   private:
    Watchdog* dog_ = nullptr;
    std::uint64_t id_ = 0;
  };
  Watch watch(Connection& connection, Deadline deadline);

 private:
  // Is a cancel request taken by the server, or failed? Shared by who sends it and who waits for it.
  class Taken;

  struct Entry {
    Connection* connection;
    Deadline due;
    bool cancelled = false;
    bool settled = false;
    bool shut_down = false;
    std::shared_ptr<Taken> taken = nullptr;
  };

  // Sends cancel requests. PQcancel may block for ever on a stopped server, so it has a thread that nobody joins: the
  // thread owns what it uses, and there is never more than one of them.
  class Canceller;

  void run(const std::stop_token& stop);
  void act(Entry& entry);

  std::chrono::milliseconds grace_;
  std::shared_ptr<Canceller> canceller_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::map<std::uint64_t, Entry> entries_;
  std::uint64_t next_id_ = 1;
  std::jthread thread_;  // last: joined before the members that it uses are gone
};

}  // namespace crm::source
