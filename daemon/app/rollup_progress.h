#pragma once
// How far a backfill has got: one line that is drawn anew on a terminal, a line every few seconds elsewhere.

#include <chrono>
#include <ostream>
#include <string>

#include "calendar/zone.h"
#include "rollup/backfill.h"

namespace crm::app {

// "38 s", "12 min", "3 h 20 min".
std::string how_long(std::chrono::milliseconds time);

// Of one thread at a time.
class RollupProgress {
 public:
  using Time = std::chrono::steady_clock::time_point;

  RollupProgress(std::ostream& out, bool terminal, const calendar::Zone& zone, const Window& span, Time now)
      : out_(out), terminal_(terminal), zone_(zone), span_(span), phase_began_(now), shown_(now) {}

  void show(const rollup::BackfillState& state, Time now);
  void end();  // the line stays, and the next output begins behind it

 private:
  std::string text(const rollup::BackfillState& state, Time now) const;
  std::string with_time_left(const std::string& what, const std::string& rate, double share, Time now) const;

  std::ostream& out_;
  const bool terminal_;
  const calendar::Zone& zone_;
  const Window span_;
  rollup::BackfillState::Phase phase_ = rollup::BackfillState::Phase::facts;
  Time phase_began_;
  Time shown_;
  bool drawn_ = false;
};

}  // namespace crm::app
