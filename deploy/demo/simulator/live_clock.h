#pragma once
// The time that live traffic goes by.

#include <chrono>

#include <crm/sdk/instant.h>

namespace crm::simulator {

inline Instant now() {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace crm::simulator
