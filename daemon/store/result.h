#pragma once
// What a run of a collector left behind: rendered once, never changed, shared by all who serve it.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <crm/sdk/instant.h>

#include "store/block.h"

namespace crm::store {

using SteadyTime = std::chrono::steady_clock::time_point;

struct Result {
  std::string collector;
  Instant as_of;     // the instant that its rows were counted at
  SteadyTime taken;  // the same moment of the clock that never jumps: ages are measured with it
  std::shared_ptr<const std::string> document = nullptr;  // JSON bytes
  BlockPtr block = nullptr;                               // only of scheduled runs
  bool partial = false;
  bool exact = true;                   // false: some numbers may lag behind the CRM's rows
  bool rebuilding = false;             // the history that it was asked of is being counted again
  std::vector<std::string> next = {};  // keys of the page's last row, where there is another page
  Instant window_end = {};             // where its window ended, and that of the pages behind it
};

using ResultPtr = std::shared_ptr<const Result>;

// Never negative.
inline std::chrono::steady_clock::duration age(const Result& result, SteadyTime now) {
  return now > result.taken ? now - result.taken : std::chrono::steady_clock::duration::zero();
}

}  // namespace crm::store
