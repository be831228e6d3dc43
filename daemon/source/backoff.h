#pragma once
// When a server that failed is asked again: each failure waits longer, up to a limit, and none waits exactly as long as
// another, so that replicas that lost the same server do not return together. Not thread-safe.

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace crm::source {

class Backoff {
 public:
  Backoff(std::chrono::milliseconds first, std::chrono::milliseconds last)
      : first_(first), last_(last), jitter_(std::random_device{}()) {}

  bool waits(std::chrono::steady_clock::time_point now) const { return now < next_; }

  void failed(std::chrono::steady_clock::time_point now) {
    length_ = std::clamp(length_ * 2, first_, last_);
    std::uniform_int_distribution<std::int64_t> spread(length_.count() / 2, length_.count());
    next_ = now + std::chrono::milliseconds(spread(jitter_));
  }

  void succeeded() {
    length_ = std::chrono::milliseconds(0);
    next_ = {};
  }

 private:
  std::chrono::milliseconds first_;
  std::chrono::milliseconds last_;
  std::chrono::milliseconds length_{0};
  std::chrono::steady_clock::time_point next_{};
  std::minstd_rand jitter_;
};

}  // namespace crm::source
