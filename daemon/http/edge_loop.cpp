// The loop's side of the edge: accepting, reading, deadlines.

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "http/edge.h"
#include "http/error.h"
#include "http/request_id.h"

namespace crm::http {
namespace {

constexpr std::chrono::milliseconds sweep_interval{100};
constexpr int accepts_in_a_row = 64;   // then other sockets get their turn
constexpr int last_accept_rounds = 8;  // before the listeners close
constexpr int discards_in_a_row = 16;

using Buffer = std::array<char, 16 << 10>;

bool would_block(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

}  // namespace

void Edge::run_loop() {
  for (;;) {
    {
      const std::lock_guard lock(mutex_);
      if (ended_) return;
    }
    try {
      turn();
    } catch (const std::exception& error) {
      report(std::string("the listener's loop goes on after: ") + error.what());
      std::this_thread::sleep_for(sweep_interval);  // out of memory or descriptors: no spin
    }
  }
}

void Edge::turn() {
  std::optional<std::chrono::milliseconds> time = sweep_interval;
  bool begin_to_stop = false;
  {
    const std::lock_guard lock(mutex_);
    if (connections_.empty() && !accept_paused_) time.reset();
    begin_to_stop = stopping_ && !listeners_closed_;
  }
  if (begin_to_stop) return close_listeners();
  for (const std::uint64_t id : poller_.wait(time)) {
    if (id <= listeners_) {
      accept_from(static_cast<std::size_t>(id - 1));
    } else {
      handle(id);
    }
  }
  const auto now = Clock::now();
  if (now >= next_sweep_) sweep(now);
}

// Whoever is in the backlog has connected in good faith and is still served; idle connections whose next request has
// arrived, too. The others end in wait_for(), which keeps nobody idle from now on.
void Edge::close_listeners() {
  for (int round = 0; round < last_accept_rounds; ++round) {
    for (std::size_t i = 0; i < listening_.sockets.size(); ++i) accept_from(i);
  }
  listening_.sockets.clear();
  std::vector<ConnectionPtr> idle;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, connection] : connections_) {
      if (connection->phase == Phase::idle) idle.push_back(connection);
    }
  }
  for (const ConnectionPtr& connection : idle) receive(connection);
  {
    const std::lock_guard lock(mutex_);
    listeners_closed_ = true;
  }
  changed_.notify_all();
}

void Edge::arm_listeners() {
  for (std::size_t i = 0; i < listening_.sockets.size(); ++i) {
    poller_.arm(listening_.sockets[i].number(), i + 1, Poller::Interest::read);
  }
}

void Edge::accept_from(std::size_t listener) {
  if (listener >= listening_.sockets.size()) return;
  const int socket = listening_.sockets[listener].number();
  for (int i = 0; i < accepts_in_a_row; ++i) {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    Descriptor accepted(::accept4(socket, generic, &length, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (accepted.number() < 0) {
      if (errno == EINTR || errno == ECONNABORTED) continue;
      if (would_block(errno)) break;
      if (accept_failed(errno)) return;
      break;
    }
    accept_failing_ = false;
    try {
      admit(std::move(accepted), peer_of(address));
    } catch (const std::exception& error) {
      report(std::string("a connection could not be taken: ") + error.what());
    }
  }
  poller_.arm(socket, listener + 1, Poller::Interest::read);
}

// True when accepting must pause: without a descriptor or memory the backlog stays readable, and asking again at once
// would spin. sweep() arms the listeners again.
bool Edge::accept_failed(int error) {
  const bool exhausted = error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
  if (!std::exchange(accept_failing_, true)) {
    report(std::string("cannot accept connections for now: ") + std::strerror(error));
  }
  accept_paused_ = accept_paused_ || exhausted;
  return exhausted;
}

void Edge::admit(Descriptor socket, Peer peer) {
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const auto connection = std::make_shared<Connection>(next_id_++, std::move(socket), std::move(peer), limits_);
  if (!enter(connection)) return turn_away(connection->socket);
  try {
    poller_.add(connection->socket.number(), connection->id);
    connection->stage = RequestReader::Stage::between;
    connection->stage_deadline = Clock::now() + options_.header_timeout;
    if (connection->counted) return receive(connection);
    refuse(connection, Refused(503, "too_many_connections", "this address has too many connections open; try again"),
           make_request_id());
  } catch (const std::exception& error) {
    drop(connection, error);
  }
}

// A place in the table, and one of its address's share if that is not used up. False: the table is full.
bool Edge::enter(const ConnectionPtr& connection) {
  const std::lock_guard lock(mutex_);
  const int most = options_.max_connections;
  if (most != 0 && connections_.size() >= static_cast<std::size_t>(most)) return false;
  connections_.emplace(connection->id, connection);
  const int share = options_.max_connections_per_address;
  int& of_address = connections_by_address_[connection->peer.key];
  connection->counted = share == 0 || of_address < share;
  if (connection->counted) ++of_address;
  return true;
}

// As much of an answer as costs no place in the table.
void Edge::turn_away(const Descriptor& socket) {
  const std::string id = make_request_id();
  Response response =
      json_error(503, "too_many_connections", "the server has too many connections open; try again", id);
  response.headers.emplace_back("Retry-After", "1");
  Outgoing out(response, id, Framing{.close = true});
  observe({"other", "other", 503, {}, out.body_bytes()});
  out.send(socket.number());
  ::shutdown(socket.number(), SHUT_WR);
  Buffer unread;
  while (::recv(socket.number(), unread.data(), unread.size(), MSG_DONTWAIT) > 0) {
  }
}

void Edge::handle(std::uint64_t id) {
  ConnectionPtr connection;
  Phase phase = Phase::busy;
  {
    const std::lock_guard lock(mutex_);
    const auto found = connections_.find(id);
    if (found == connections_.end()) return;
    connection = found->second;
    phase = connection->phase;
  }
  try {
    if (phase == Phase::idle || phase == Phase::reading) receive(connection);
    if (phase == Phase::writing) flush(connection);
    if (phase == Phase::lingering) discard(connection);
  } catch (const std::exception& error) {
    drop(connection, error);
  }
}

void Edge::receive(const ConnectionPtr& connection) {
  Buffer bytes;
  const ssize_t got = ::recv(connection->socket.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got > 0) {
    connection->reader.feed({bytes.data(), static_cast<std::size_t>(got)});
    return advance(connection);
  }
  if (got < 0 && would_block(errno)) return await_bytes(connection);
  retire(connection);
}

void Edge::discard(const ConnectionPtr& connection) {
  Buffer bytes;
  for (int i = 0; i < discards_in_a_row; ++i) {
    const ssize_t got = ::recv(connection->socket.number(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && would_block(errno)) break;
    if (got <= 0) return retire(connection);
  }
  wait_for(connection, Phase::lingering, Poller::Interest::read, connection->stage_deadline);
}

void Edge::sweep(Clock::time_point now) {
  next_sweep_ = now + sweep_interval;
  if (std::exchange(accept_paused_, false)) arm_listeners();
  std::vector<ConnectionPtr> expired;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [id, connection] : connections_) {
      if (connection->phase != Phase::busy && connection->deadline <= now) expired.push_back(connection);
    }
  }
  for (const ConnectionPtr& connection : expired) expire(connection);
}

void Edge::expire(const ConnectionPtr& connection) {
  if (connection->phase != Phase::reading) return retire(connection);
  const bool in_body = connection->reader.stage() == RequestReader::Stage::body;
  const auto allowed = in_body ? options_.body_timeout : options_.header_timeout;
  const std::string what = std::string(in_body ? "the body" : "the head of the request") + " did not arrive within " +
                           std::to_string(allowed.count()) + " ms";
  try {
    refuse(connection, Refused(408, "request_timeout", what), make_request_id());
  } catch (const std::exception& error) {
    drop(connection, error);
  }
}

}  // namespace crm::http
