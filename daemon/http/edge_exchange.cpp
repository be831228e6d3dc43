// One exchange: from a whole request to an answer that has left, on the thread of whoever owns the connection.

#include <string_view>
#include <utility>

#include <sys/socket.h>

#include "http/edge.h"
#include "http/error.h"
#include "http/request_id.h"

namespace crm::http {
namespace {

constexpr std::chrono::seconds linger_time{1};
constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace

void Edge::run_worker() {
  while (auto job = queue_.pop()) {
    try {
      serve(*job);
    } catch (const std::exception& error) {
      drop(job->connection, error);
    }
  }
}

void Edge::serve(Job& job) {
  const Request& request = job.incoming.request;
  const Response response = answer(handler_, request, report_);
  Framing framing{.head_only = request.method == "HEAD", .http_1_0 = job.incoming.http_1_0};
  {
    const std::lock_guard lock(mutex_);
    framing.close = stopping_ || !job.incoming.keep_alive;
  }
  Outgoing out(response, request.id, framing);
  const auto duration = Clock::now() - request.received;
  observe(
      {request.method, response.route.empty() ? "other" : response.route, response.status, duration, out.body_bytes()});
  send(job.connection, std::move(out));
}

void Edge::advance(const ConnectionPtr& connection) {
  try {
    if (auto incoming = connection->reader.next()) return enqueue(connection, std::move(*incoming));
  } catch (const Refused& refused) {
    return refuse(connection, refused, make_request_id());
  }
  if (connection->reader.take_continue()) {
    const ssize_t sent = ::send(connection->socket.number(), go_on.data(), go_on.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent != static_cast<ssize_t>(go_on.size())) return retire(connection);
  }
  await_bytes(connection);
}

// The deadline belongs to the stage: a drip does not move it.
void Edge::await_bytes(const ConnectionPtr& connection) {
  const auto stage = connection->reader.stage();
  if (connection->stage != stage) {
    connection->stage = stage;
    const auto allowed = stage == RequestReader::Stage::between ? options_.idle_timeout
                         : stage == RequestReader::Stage::head  ? options_.header_timeout
                                                                : options_.body_timeout;
    connection->stage_deadline = Clock::now() + allowed;
  }
  const Phase phase = stage == RequestReader::Stage::between ? Phase::idle : Phase::reading;
  wait_for(connection, phase, Poller::Interest::read, connection->stage_deadline);
}

void Edge::enqueue(const ConnectionPtr& connection, Incoming incoming) {
  incoming.request.remote = connection->peer.address;
  incoming.request.received = Clock::now();
  const std::string id = incoming.request.id;
  {
    const std::lock_guard lock(mutex_);
    connection->phase = Phase::busy;
    connection->in_flight = true;
    ++in_flight_;
  }
  Job job{connection, std::move(incoming)};
  if (!queue_.push(job)) refuse(connection, Refused(503, "overloaded", "too many requests are waiting; try again"), id);
}

void Edge::refuse(const ConnectionPtr& connection, const Refused& refused, const std::string& request_id) {
  Response response = json_error(refused.status(), refused.code(), refused.what(), request_id);
  if (refused.status() == 503) response.headers.emplace_back("Retry-After", "1");
  Outgoing out(response, request_id, Framing{.close = true});
  observe({"other", "other", refused.status(), {}, out.body_bytes()});
  send(connection, std::move(out));
}

void Edge::send(const ConnectionPtr& connection, Outgoing out) {
  connection->out = std::move(out);
  connection->stage.reset();
  connection->stage_deadline = Clock::now() + options_.write_timeout;
  flush(connection);
}

void Edge::flush(const ConnectionPtr& connection) {
  switch (connection->out.send(connection->socket.number())) {
    case Outgoing::Progress::blocked:
      return wait_for(connection, Phase::writing, Poller::Interest::write, connection->stage_deadline);
    case Outgoing::Progress::broken:
      return retire(connection);
    case Outgoing::Progress::done:
      break;
  }
  {
    const std::lock_guard lock(mutex_);
    if (std::exchange(connection->in_flight, false)) --in_flight_;
  }
  if (connection->out.closes()) return linger(connection);
  connection->out = Outgoing();
  advance(connection);
}

void Edge::linger(const ConnectionPtr& connection) {
  ::shutdown(connection->socket.number(), SHUT_WR);
  {
    const std::lock_guard lock(mutex_);
    release_share(*connection);
  }
  connection->stage_deadline = Clock::now() + linger_time;
  wait_for(connection, Phase::lingering, Poller::Interest::read, connection->stage_deadline);
}

void Edge::wait_for(const ConnectionPtr& connection, Phase phase, Poller::Interest interest,
                    Clock::time_point deadline) {
  {
    const std::lock_guard lock(mutex_);
    const bool keep = !ended_ && !(stopping_ && phase == Phase::idle);
    if (keep) {
      connection->phase = phase;
      connection->deadline = deadline;
      // From here on the loop owns it; the mutex keeps the loop from looking before phase and deadline are set.
      poller_.arm(connection->socket.number(), connection->id, interest);
      if (stopping_) changed_.notify_all();
      return;
    }
  }
  retire(connection);
}

void Edge::retire(const ConnectionPtr& connection) {
  const std::lock_guard lock(mutex_);
  connections_.erase(connection->id);
  release_share(*connection);
  if (std::exchange(connection->in_flight, false)) --in_flight_;
  changed_.notify_all();
}

// Out of memory or descriptors; anything else has been made an answer before it comes here.
void Edge::drop(const ConnectionPtr& connection, const std::exception& why) {
  retire(connection);
  report(std::string("a connection was closed without an answer: ") + why.what());
}

void Edge::release_share(Connection& connection) {
  if (!std::exchange(connection.counted, false)) return;
  const auto share = connections_by_address_.find(connection.peer.key);
  if (share != connections_by_address_.end() && --share->second <= 0) connections_by_address_.erase(share);
}

void Edge::observe(const Observation& observation) const {
  try {
    if (observe_) observe_(observation);
  } catch (const std::exception& error) {
    report(std::string("an observation was lost: ") + error.what());
  }
}

void Edge::report(const std::string& what) const {
  try {
    if (report_) report_(Failure{.request_id = {}, .method = {}, .path = {}, .what = what});
  } catch (...) {
    // The log itself failed; serving goes on.
  }
}

}  // namespace crm::http
