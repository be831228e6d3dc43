#pragma once
// One client's connection. At any moment it has one owner: the loop while it waits for the socket, a worker while it
// answers; only the owner touches it, except for `phase` and `deadline`, which the loop reads under the edge's mutex.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "http/descriptor.h"
#include "http/listen.h"
#include "http/outgoing.h"
#include "http/request_reader.h"

namespace crm::http {

struct Connection {
  using Clock = std::chrono::steady_clock;

  enum class Phase {
    idle,      // no byte of a next request
    reading,   // a part of one
    busy,      // a worker has it, or it waits for one
    writing,   // the client is slow to take the answer
    lingering  // answered and half closed; reads on, so that the client gets the answer rather than a reset
  };

  Connection(std::uint64_t number, Descriptor accepted, Peer from, const Limits& limits)
      : id(number), socket(std::move(accepted)), peer(std::move(from)), reader(limits) {}

  const std::uint64_t id;
  const Descriptor socket;
  const Peer peer;
  RequestReader reader;
  std::optional<RequestReader::Stage> stage;  // whose deadline is running
  Clock::time_point stage_deadline;
  Outgoing out;

  Phase phase = Phase::idle;
  Clock::time_point deadline;
  bool in_flight = false;  // a request has come and its answer has not gone
  bool counted = false;    // towards its address's share
};

}  // namespace crm::http
