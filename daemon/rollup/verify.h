#pragma once
// Stored facts, and the contacts of teams and agents, held against the CRM's rows: windows at random, for everyone,
// teams and agents, by all axes; each pair of answers in one snapshot, the stored one put together as a report's is.

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "rollup/step.h"

namespace crm::rollup {

struct VerifyRules {
  int windows = 100;
  std::uint64_t seed = 0;
  std::chrono::milliseconds timeout{600'000};  // of one window
  std::optional<Instant> as_of = {};           // the database's clock if not given
  std::stop_token stop = {};
};

// One number that is stored otherwise than the rows say.
struct Difference {
  std::string fact;  // or "contacts"
  Window window;
  std::string scope;   // "everyone", "supervisor <id>", "agent <id>"
  std::string group;   // "agent <id>, key 131026", empty: the total
  std::string column;  // of a histogram: "response[3]", from 1
  std::int64_t stored = 0;
  std::int64_t raw = 0;
};

struct Verified {
  std::uint64_t seed = 0;
  std::int64_t windows = 0;
  std::int64_t answers = 0;  // pairs that were compared
  std::int64_t numbers = 0;
  std::int64_t differences = 0;
  std::size_t periods = 0;                     // stored, read for them
  std::int64_t left_out = 0;                   // answers over what the CRM has pruned
  bool exact = true;                           // everything that the CRM has written was noted and counted
  std::optional<Instant> stored_from = {};     // nothing: nothing is stored
  std::vector<std::string> not_compared = {};  // what could not be, and why
};

using OnDifference = std::function<void(const Difference&)>;
using OnWindow = std::function<void(const Verified&)>;  // after each

// Reads only. Throws what a snapshot throws; when stopped, it returns with what has been compared.
Verified verify(const RollupHouse& house, const VerifyRules& rules, const OnDifference& on_difference,
                const OnWindow& on_window);

}  // namespace crm::rollup
