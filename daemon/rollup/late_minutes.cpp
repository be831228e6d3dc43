#include "rollup/late_minutes.h"

#include <algorithm>
#include <iterator>

#include "step_sql.h"

namespace crm::rollup {
namespace {

using std::chrono::steady_clock;

constexpr std::ptrdiff_t few = 4;  // at first: a minute may have a hundred thousand rows

std::vector<StoredPeriod>& minutes_of(LateMinutes::Minutes& all, const FactDefinition* fact) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.first == fact; });
  return found != all.end() ? found->second : all.emplace_back(fact, std::vector<StoredPeriod>()).second;
}

// Those behind the ones that wait already, the newest first.
void queue_up(std::vector<StoredPeriod>& waiting, const std::set<StoredPeriod>& minutes) {
  const std::set<StoredPeriod> there(waiting.begin(), waiting.end());
  std::copy_if(minutes.rbegin(), minutes.rend(), std::back_inserter(waiting),
               [&](const StoredPeriod& minute) { return !there.contains(minute); });
}

}  // namespace

LateMinutes::LateMinutes(source::Snapshot& snapshot, const Counting& counting, Stale& stale)
    : snapshot_(snapshot), stale_(stale) {
  for (const Wanted& minute : counting.late_minutes()) minutes_of(found_, minute.fact).push_back(minute.period);
}

Stale::Periods LateMinutes::take(const std::function<bool(Instant)>& is_taken) {
  Stale::Periods taken;
  for (auto& [fact, minutes] : found_) {
    const auto last = std::stable_partition(minutes.begin(), minutes.end(),
                                            [&](const StoredPeriod& minute) { return !is_taken(minute.start); });
    if (last != minutes.end()) taken[fact].insert(last, minutes.end());
    minutes.erase(last, minutes.end());
  }
  return taken;
}

void LateMinutes::count(const Stale::Periods& wanted, std::chrono::milliseconds time, const Count& count) {
  Minutes queue = found_;
  for (const auto& [fact, minutes] : wanted) queue_up(minutes_of(queue, fact), minutes);
  const auto began = steady_clock::now();
  const auto spent = [&] { return steady_clock::now() - began; };
  bool counted = false;
  for (const auto& [fact, minutes] : queue) {
    std::ptrdiff_t at_once = few;
    for (auto next = minutes.begin(); next != minutes.end();) {
      if (counted && spent() >= time) {
        std::transform(next, minutes.end(), std::inserter(left_[fact], left_[fact].end()),
                       [](const StoredPeriod& minute) { return minute.start; });
        break;
      }
      const auto before = spent();
      const auto last = next + std::min(at_once, minutes.end() - next);
      count(*fact, {next, last});
      counted = true;
      next = last;
      if (spent() - before < time / 8) at_once *= 2;
    }
  }
  leave();
}

void LateMinutes::leave() {
  for (const auto& [fact, minutes] : left_) {
    std::vector<Instant> starts;
    for (const Instant minute : minutes) {
      if (!stale_.is_touched(*fact, minute)) continue;  // it waits already, or for another reason
      starts.push_back(minute);
      stale_.counted(*fact, {Grain::minutes, minute, minute});  // noted here, and not otherwise
    }
    if (starts.empty()) continue;
    snapshot_.write(sql::mark_late.name, sql::mark_late.text,
                    {{"fact", {fact->name, "text"}}, {"starts", source::bind_instants(starts)}});
  }
}

bool LateMinutes::any_in(const FactDefinition& fact, const StoredPeriod& period) const {
  const auto left = left_.find(&fact);
  if (left == left_.end()) return false;
  const auto first = left->second.lower_bound(period.start);
  return first != left->second.end() && *first < period.until;
}

}  // namespace crm::rollup
