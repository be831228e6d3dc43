#include "http/listener.h"

#include <stdexcept>
#include <utility>

#include "http/edge.h"

namespace crm::http {
namespace {

ListenerOptions checked(ListenerOptions options) {
  const auto require = [](bool holds, const char* what) {
    if (!holds) throw std::invalid_argument(what);
  };
  require(options.threads > 0, "a listener needs at least one thread");
  require(options.queue > 0, "a listener needs a queue of at least one request");
  require(options.max_connections >= 0 && options.max_connections_per_address >= 0,
          "a listener's connection limits are at least 0, which is no limit");
  require(options.max_target_bytes > 0 && options.max_header_bytes > options.max_target_bytes,
          "a listener's header limit must be larger than its limit for the target");
  for (const auto timeout :
       {options.header_timeout, options.body_timeout, options.write_timeout, options.idle_timeout}) {
    require(timeout.count() > 0, "a listener's timeouts must be longer than 0");
  }
  return options;
}

}  // namespace

Listener::Listener(ListenerOptions options, Handler handler, Observe observe, Report report) {
  if (!handler) throw std::invalid_argument("a listener needs a handler");
  edge_ =
      std::make_unique<Edge>(checked(std::move(options)), std::move(handler), std::move(observe), std::move(report));
}

Listener::~Listener() = default;

std::uint16_t Listener::port() const {
  return edge_->port();
}

int Listener::stop(std::chrono::milliseconds drain) {
  return edge_->stop(drain);
}

int Listener::in_flight() const {
  return edge_->in_flight();
}

}  // namespace crm::http
