#include "rollup/backfill_plan.h"

#include <algorithm>
#include <cmath>

namespace crm::rollup {
namespace {

constexpr double most_days = 400;  // of a turn: of facts without rows
constexpr double most_growth = 3;  // from turn to turn: days differ

}  // namespace

BackfillPlan::BackfillPlan(const std::vector<Wanted>& wanted) : all_(wanted.size()) {
  for (const Wanted& day : wanted) {
    facts_[day.fact].days.push_back(day.period);
    ++left_[day.period.start];
  }
  for (auto& [fact, of_fact] : facts_) {
    std::sort(of_fact.days.begin(), of_fact.days.end(),
              [](const StoredPeriod& a, const StoredPeriod& b) { return a.start < b.start; });
  }
}

std::optional<Turn> BackfillPlan::next() {
  const std::lock_guard lock(mutex_);
  const auto newest = std::max_element(facts_.begin(), facts_.end(), [](const auto& a, const auto& b) {
    if (a.second.days.empty() || b.second.days.empty()) return a.second.days.size() < b.second.days.size();
    return a.second.days.back().start < b.second.days.back().start;
  });
  if (newest == facts_.end() || newest->second.days.empty()) return std::nullopt;
  auto& days = newest->second.days;
  const auto share = static_cast<std::ptrdiff_t>(std::max(1.0, std::floor(newest->second.days_a_turn)));
  const auto first = days.end() - std::min<std::ptrdiff_t>(share, std::ssize(days));
  Turn turn{newest->first, {first, days.end()}};
  days.erase(first, days.end());
  return turn;
}

void BackfillPlan::done(const Turn& turn, std::chrono::milliseconds took, std::chrono::milliseconds length) {
  const std::lock_guard lock(mutex_);
  counted_ += turn.days.size();
  for (const StoredPeriod& day : turn.days) --left_[day.start];
  double& share = facts_[turn.fact].days_a_turn;
  const auto days = static_cast<double>(turn.days.size());
  const double fits = days * static_cast<double>(length.count()) / std::max(1.0, static_cast<double>(took.count()));
  share = std::clamp(fits, 1.0, std::min(most_days, std::max(share, days) * most_growth));
}

void BackfillPlan::put_back(const Turn& turn, bool took_too_long) {
  const std::lock_guard lock(mutex_);
  OfFact& of_fact = facts_[turn.fact];
  of_fact.days.insert(of_fact.days.end(), turn.days.begin(), turn.days.end());
  std::sort(of_fact.days.begin(), of_fact.days.end(),
            [](const StoredPeriod& a, const StoredPeriod& b) { return a.start < b.start; });
  if (took_too_long) of_fact.days_a_turn = std::max(1.0, static_cast<double>(turn.days.size()) / 4);
}

BackfillPlan::State BackfillPlan::state() const {
  const std::lock_guard lock(mutex_);
  State state{.counted = counted_, .all = all_, .days = left_.size()};
  for (auto day = left_.rbegin(); day != left_.rend(); ++day) {
    if (day->second == 0) ++state.days_counted;
    if (day->second == 0 && state.days_counted == static_cast<std::size_t>(std::distance(left_.rbegin(), day)) + 1)
      state.complete_from = day->first;
  }
  return state;
}

}  // namespace crm::rollup
