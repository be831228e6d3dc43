#pragma once
// The edge: accepts connections, guards, hands whole requests to a handler, answers.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>

#include "http/answer.h"
#include "http/message.h"

namespace crm::http {

struct ListenerOptions {
  std::string host = "127.0.0.1";  // an address, or a name; "localhost" is both loopbacks
  std::uint16_t port = 0;          // 0 takes a free one
  int threads = 4;                 // handlers that run at once
  int queue = 64;                  // requests that may wait for one; further ones get 503

  std::size_t max_body = 1 << 20;           // bytes; more: 413
  std::size_t max_target_bytes = 8 << 10;   // 414
  std::size_t max_header_bytes = 16 << 10;  // the whole head: 431
  std::size_t max_headers = 100;            // 431

  // Each is for the whole of its part, not for one read; they are kept to within 0.1 s.
  std::chrono::milliseconds header_timeout{10'000};  // connection or first byte → end of the head: 408
  std::chrono::milliseconds body_timeout{30'000};    // end of the head → end of the body: 408
  std::chrono::milliseconds write_timeout{30'000};   // handler's answer → taken by the client
  std::chrono::milliseconds idle_timeout{60'000};    // between requests of one connection

  int max_connections = 4096;  // beyond: 503; 0 = no limit
  int max_connections_per_address =
      64;  // beyond: 503 (an IPv6 /64 is one address); 0 = no limit, for use behind a proxy

  std::set<std::string> allowed_hosts = {};  // Host without its port; others get 421; empty: any
};

// One answer, for metrics. Method and route are from closed sets: a client cannot invent values.
struct Observation {
  std::string method;  // "other" for a request that the guard refused
  std::string route;   // the pattern that matched, or "other"
  int status = 0;
  std::chrono::nanoseconds duration{};  // from the whole request to its answer's first attempt to leave
  std::size_t bytes = 0;                // of the body sent
};

// Called on the listener's threads, several at once; should be quick. What it throws is dropped.
using Observe = std::function<void(const Observation&)>;

class Edge;

// Threads: one loop that owns every waiting socket, and `threads` workers that call the handler. All are joined by the
// destructor. Every member may be called from any thread, stop() from any but a handler's.
class Listener {
 public:
  // Binds and begins to answer. std::runtime_error: "cannot listen on 127.0.0.1:9464: address already in use".
  // std::invalid_argument for options that make no sense.
  Listener(ListenerOptions options, Handler handler, Observe observe = {}, Report report = {});

  // stop(5 s), then waits for handlers that are still running: they must honour deadlines of their own.
  ~Listener();

  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::uint16_t port() const;

  // Accepts no more, closes idle connections, and waits up to `drain` for requests that have begun to arrive; their
  // answers say Connection: close. Then closes what is left and returns how many requests that had come in full stay
  // unanswered. Later calls return the same at once.
  int stop(std::chrono::milliseconds drain);

  // Requests that have come in full and whose answers have not gone.
  int in_flight() const;

 private:
  std::unique_ptr<Edge> edge_;
};

}  // namespace crm::http
