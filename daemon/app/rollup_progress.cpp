#include "app/rollup_progress.h"

#include <algorithm>

#include <fmt/format.h>

namespace crm::app {
namespace {

using std::chrono::milliseconds;
using Phase = rollup::BackfillState::Phase;

constexpr milliseconds redrawn_every{100};
constexpr milliseconds lines_every{5'000};
constexpr std::size_t bar_width = 24;

std::string bar(double share) {
  const auto full = static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * bar_width);
  return fmt::format("[{}{}]", std::string(full, '#'), std::string(bar_width - full, '.'));
}

// Whole percents, and 100 only when nothing is left.
int percent(double share) {
  return static_cast<int>(std::clamp(share, 0.0, 1.0) * 100);
}

}  // namespace

std::string how_long(milliseconds time) {
  const auto seconds = (time.count() + 999) / 1000;
  if (seconds < 100) return fmt::format("{} s", seconds);
  const auto whole_minutes = (seconds + 59) / 60;
  if (whole_minutes < 100) return fmt::format("{} min", whole_minutes);
  return fmt::format("{} h {} min", whole_minutes / 60, whole_minutes % 60);
}

void RollupProgress::show(const rollup::BackfillState& state, Time now) {
  const bool anew = state.phase != phase_;
  if (anew) {
    end();
    phase_ = state.phase;
    phase_began_ = now;
  }
  if (!anew && now - shown_ < (terminal_ ? redrawn_every : lines_every)) return;
  shown_ = now;
  drawn_ = terminal_;
  out_ << (terminal_ ? "\r" : "") << text(state, now) << (terminal_ ? "\x1b[K" : "\n") << std::flush;
}

void RollupProgress::end() {
  if (drawn_) out_ << '\n' << std::flush;
  drawn_ = false;
}

std::string RollupProgress::text(const rollup::BackfillState& state, Time now) const {
  const auto seconds = std::chrono::duration<double>(now - phase_began_).count();
  const std::string waits = state.waits ? ", waits for its turn" : "";
  switch (state.phase) {
    case Phase::facts: {
      const double share =
          state.wanted == 0 ? 1.0 : static_cast<double>(state.counted) / static_cast<double>(state.wanted);
      const double days = share * static_cast<double>(state.days);
      return with_time_left(fmt::format("facts {} {} of {} days", bar(share), state.days_counted, state.days),
                            fmt::format("{:.1f} days/s", days / std::max(seconds, 0.001)), share, now) +
             waits;
    }
    case Phase::tables:
      break;
  }
  const std::string weeks =
      fmt::format("analytics_snapshots: {} week{}; ", state.weeks_shown, state.weeks_shown == 1 ? "" : "s");
  if (!state.derived_from) return weeks + "conversation_metrics" + waits;
  if (*state.derived_from <= span_.from) return weeks + "conversation_metrics: all" + waits;
  const Instant from = std::min(*state.derived_from, span_.to);
  const double share = std::chrono::duration<double>(span_.to - from) / std::chrono::duration<double>(span_.length());
  return with_time_left(
             fmt::format("{}conversation_metrics {} back to {}", weeks, bar(share), zone_.iso(from).substr(0, 10)),
             fmt::format("{:.1f} days/s",
                         std::chrono::duration<double>(span_.to - from).count() / 86'400 / std::max(seconds, 0.001)),
             share, now) +
         waits;
}

std::string RollupProgress::with_time_left(const std::string& what, const std::string& rate, double share,
                                           Time now) const {
  std::string text = fmt::format("{:3} % {}", percent(share), what);
  if (share <= 0) return text;
  const auto took = std::chrono::duration<double, std::milli>(now - phase_began_).count();
  const milliseconds left(static_cast<std::int64_t>(took * (1 - share) / share));
  return fmt::format("{}, {}, {} left", text, rate, how_long(left));
}

}  // namespace crm::app
