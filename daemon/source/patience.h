#pragma once
// How long a conversation with a server may take, as a whole.

#include <algorithm>
#include <chrono>
#include <stop_token>

#include <fmt/format.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/instant.h>

namespace crm::source {

struct Patience {
  std::chrono::steady_clock::time_point until;
  std::stop_token stop = {};
};

// At most `most`, and at most half of what is left until the deadline, so that whoever asks can still answer without.
// DeadlineExceeded, naming whom nobody asked, where next to nothing is left: whose fault that is, nobody can say.
inline Patience patience_for(const std::string& whom, std::chrono::milliseconds most, Deadline deadline,
                             const std::stop_token& stop) {
  constexpr std::chrono::milliseconds least_time{20};
  const auto now = std::chrono::steady_clock::now();
  if (deadline - now < least_time) {
    throw DeadlineExceeded(fmt::format("{} was not asked: the run's time is over", whom));
  }
  return {std::min(now + most, now + (deadline - now) / 2), stop};
}

// What is left, at least a millisecond, or SourceUnavailable.
inline std::chrono::steady_clock::duration left(const Patience& patience, const char* doing) {
  using std::chrono::milliseconds;
  if (patience.stop.stop_requested()) throw SourceUnavailable(fmt::format("stopped while {}", doing));
  const auto left = patience.until - std::chrono::steady_clock::now();
  if (left <= milliseconds(0)) throw SourceUnavailable(fmt::format("timed out while {}", doing));
  return std::max<std::chrono::steady_clock::duration>(left, milliseconds(1));
}

}  // namespace crm::source
