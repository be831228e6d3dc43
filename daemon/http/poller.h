#pragma once
// One epoll instance and its wake-up. arm(), disarm() and wake() may be called by any thread, wait() by one.

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "http/descriptor.h"

namespace crm::http {

class Poller {
 public:
  enum class Interest { read, write };

  Poller();  // std::system_error when descriptors have run out

  // Adds `socket`, not yet armed. It leaves by being closed.
  void add(int socket, std::uint64_t id);

  // Reports the socket once, when it is readable or writable, or broken; then it must be armed again.
  void arm(int socket, std::uint64_t id, Interest interest);

  // Ids of sockets that became ready; empty after wake() or when the time is over. No time: waits for as long as it
  // takes.
  std::vector<std::uint64_t> wait(std::optional<std::chrono::milliseconds> time);

  void wake();

 private:
  void drain_wake();

  Descriptor epoll_;
  Descriptor wake_;
};

}  // namespace crm::http
