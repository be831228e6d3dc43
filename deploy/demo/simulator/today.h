#pragma once
// What today must show, however early it is and however little chance brings: each outcome of the SLA, each way in
// which bots and humans share a conversation, customers about to have waited too long, and each reason for which a
// message fails.

#include <vector>

#include "conversation.h"

namespace crm::simulator {

struct TodaysScene {
  Scene scene;
  Duration length;                          // until it shows what it is for
  bool assigned = true;                     // to an agent
  Duration spread = std::chrono::hours{1};  // how much earlier it may have been opened
};

// Always the same, in the same order.
std::vector<TodaysScene> scenes_of_today();

// When to open it: so that it has had its length by now, and perhaps earlier, but not before the day began.
Instant opening_of(Random& random, const TodaysScene& scene, Instant day_start, Instant now);

}  // namespace crm::simulator
