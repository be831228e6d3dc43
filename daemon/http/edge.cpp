#include "http/edge.h"

#include <algorithm>
#include <utility>

#include <sys/socket.h>

namespace crm::http {
namespace {

constexpr std::chrono::seconds drain_of_destructor{5};

Limits limits_of(const ListenerOptions& options) {
  Limits limits;
  limits.max_body = options.max_body;
  limits.max_target_bytes = options.max_target_bytes;
  limits.max_header_bytes = options.max_header_bytes;
  limits.max_headers = options.max_headers;
  limits.allowed_hosts = options.allowed_hosts;
  return limits;
}

}  // namespace

Edge::Edge(ListenerOptions options, Handler handler, Observe observe, Report report)
    : options_(std::move(options)),
      limits_(limits_of(options_)),
      handler_(std::move(handler)),
      observe_(std::move(observe)),
      report_(std::move(report)),
      listening_(listen_on(options_.host, options_.port)),
      queue_(static_cast<std::size_t>(options_.queue)),
      listeners_(listening_.sockets.size()),
      next_id_(listeners_ + 1) {
  for (std::size_t i = 0; i < listeners_; ++i) poller_.add(listening_.sockets[i].number(), i + 1);  // 0 wakes
  arm_listeners();
  try {
    start();
  } catch (...) {
    end();
    throw;
  }
}

Edge::~Edge() {
  stop(drain_of_destructor);
}

void Edge::start() {
  for (int i = 0; i < options_.threads; ++i) {
    workers_.emplace_back([this] { run_worker(); });
  }
  loop_ = std::jthread([this] { run_loop(); });
}

int Edge::stop(std::chrono::milliseconds drain) {
  const std::lock_guard once(stop_mutex_);
  if (abandoned_) return *abandoned_;
  {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    poller_.wake();
    changed_.wait_for(lock, drain, [this] { return drained(); });
    abandoned_ = in_flight_;
  }
  end();
  return *abandoned_;
}

// Lingering connections have had their answer, which the kernel delivers without us.
bool Edge::drained() const {
  const auto lingers = [](const auto& entry) { return entry.second->phase == Phase::lingering; };
  return listeners_closed_ && std::all_of(connections_.begin(), connections_.end(), lingers);
}

void Edge::end() {
  std::unordered_map<std::uint64_t, ConnectionPtr> left;
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
    for (const auto& [id, connection] : connections_) {
      if (connection->phase != Phase::lingering) ::shutdown(connection->socket.number(), SHUT_RDWR);
    }
    left.swap(connections_);
    connections_by_address_.clear();
  }
  poller_.wake();
  if (loop_.joinable()) loop_.join();
  listening_.sockets.clear();
  queue_.close();
}

int Edge::in_flight() const {
  const std::lock_guard lock(mutex_);
  return in_flight_;
}

}  // namespace crm::http
