#pragma once
// What is behind Listener: one loop that waits for all sockets, and workers that call the handler.
//
//   accept → idle ⇄ reading → busy → (writing) → idle, or lingering → closed
//
// A connection is handed from owner to owner (connection.h): loop → queue → worker → epoll → loop. The loop never
// blocks on a client, a worker blocks in the handler only.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "http/connection.h"
#include "http/listener.h"
#include "http/poller.h"
#include "http/refused.h"
#include "http/work_queue.h"

namespace crm::http {

class Edge {
 public:
  Edge(ListenerOptions options, Handler handler, Observe observe, Report report);
  ~Edge();
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  std::uint16_t port() const { return listening_.port; }
  int stop(std::chrono::milliseconds drain);
  int in_flight() const;

 private:
  using Clock = Connection::Clock;
  using Phase = Connection::Phase;
  using ConnectionPtr = std::shared_ptr<Connection>;

  // edge.cpp: threads and their end
  void start();
  void end();
  bool drained() const;

  // edge_loop.cpp: on the loop's thread
  void run_loop();
  void turn();
  void close_listeners();
  void arm_listeners();
  void accept_from(std::size_t listener);
  bool accept_failed(int error);
  void admit(Descriptor socket, Peer peer);
  bool enter(const ConnectionPtr& connection);
  void turn_away(const Descriptor& socket);
  void handle(std::uint64_t id);
  void receive(const ConnectionPtr& connection);
  void discard(const ConnectionPtr& connection);
  void sweep(Clock::time_point now);
  void expire(const ConnectionPtr& connection);

  // edge_exchange.cpp: on the thread of the connection's owner
  void run_worker();
  void serve(Job& job);
  void advance(const ConnectionPtr& connection);
  void await_bytes(const ConnectionPtr& connection);
  void enqueue(const ConnectionPtr& connection, Incoming incoming);
  void refuse(const ConnectionPtr& connection, const Refused& refused, const std::string& request_id);
  void send(const ConnectionPtr& connection, Outgoing out);
  void flush(const ConnectionPtr& connection);
  void linger(const ConnectionPtr& connection);
  void wait_for(const ConnectionPtr& connection, Phase phase, Poller::Interest interest, Clock::time_point deadline);
  void retire(const ConnectionPtr& connection);
  void drop(const ConnectionPtr& connection, const std::exception& why);
  void release_share(Connection& connection);  // the mutex is held
  void observe(const Observation& observation) const;
  void report(const std::string& what) const;

  const ListenerOptions options_;
  const Limits limits_;
  const Handler handler_;
  const Observe observe_;
  const Report report_;

  Listening listening_;  // the sockets are the loop's, once it runs
  Poller poller_;
  WorkQueue queue_;

  const std::size_t listeners_;  // their ids are 1…listeners_

  // The loop's own.
  std::uint64_t next_id_;
  Clock::time_point next_sweep_ = {};
  bool accept_paused_ = false;
  bool accept_failing_ = false;

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::unordered_map<std::uint64_t, ConnectionPtr> connections_;
  std::map<std::string, int> connections_by_address_;
  int in_flight_ = 0;
  bool stopping_ = false;
  bool listeners_closed_ = false;
  bool ended_ = false;

  std::mutex stop_mutex_;
  std::optional<int> abandoned_;

  std::vector<std::jthread> workers_;  // joined by the destructor, after end()
  std::jthread loop_;                  // joined by stop()
};

}  // namespace crm::http
