#include "rollup/step_minutes.h"

#include <algorithm>

namespace crm::rollup {

StepMinutes::StepMinutes(source::Snapshot& snapshot, const MinutesOfStep& step)
    : snapshot_(snapshot),
      step_(step),
      late_(snapshot, step.counting, step.stale),
      shares_(snapshot, step.counting, step.fed && !step.all_again),
      hurried_(step.last_step && step.rules.hurries_from &&
               (!late_.found().empty() || step.changes >= *step.rules.hurries_from)) {
  if (step.rules.shares_from && step.changes >= *step.rules.shares_from) step.counting.begin_shares();
}

void StepMinutes::count() {
  Stale::Periods at_once;
  Stale::Periods later;
  Stale::Periods followed;
  const auto queue_up = [&](const FactDefinition* fact, Instant start, bool stored) {
    const StoredPeriod minute = of_minute(start);
    Stale::Periods& queue = follows(*fact, minute) ? followed : stored && may_wait(start) ? later : at_once;
    queue[fact].insert(minute);
  };
  for (const Wanted& one : to_count()) queue_up(one.fact, one.period.start, one.stored);
  for (const auto& [fact, minutes] : step_.stale.of(Grain::minutes)) {
    for (const StoredPeriod& minute : minutes) queue_up(fact, minute.start, true);
  }
  // Of an old hour that is not known to be stale it is not known, either, what adds to the counters: hour or minutes.
  if (step_.some_stale_unknown) {
    late_.take([&](Instant minute) { return minute < now() - minutes_kept && !step_.grown_old.has(minute); });
  }
  for (auto& [fact, minutes] : late_.take([&](Instant minute) { return !may_wait(minute); }))
    at_once[fact].merge(minutes);
  for (const auto& [fact, minutes] : followed) follow(*fact, minutes);
  for (const auto& [fact, minutes] : at_once) count(*fact, minutes);
  late_.count(later, step_.rules.budget / 2, [this](const auto& fact, const auto& minutes) { count(fact, minutes); });
}

// Since when periods are looked for one by one: those before the last step are there. Those that are known to be stale
// or due are found wherever they are.
Instant StepMinutes::looked_back_to() const {
  const Instant furthest = now() - minutes_kept;
  return step_.everywhere ? furthest : std::clamp(*step_.last_step, furthest, now());
}

// All that was written since then, this step knows, and nothing written before is of a later time: minutes that were
// counted to then, and in which nothing has changed, go on as they are. Nothing: who knows.
std::optional<Instant> StepMinutes::known_since() const {
  const auto& last_step = step_.last_step;
  const bool known = step_.changes_known && last_step && *last_step <= now() && step_.dated.none_after(*last_step);
  return known ? last_step : std::nullopt;
}

// Nothing that this fact counts was written since the last step, or else this step knows it: its minutes that go on,
// and those that have begun, need no counting.
bool StepMinutes::is_quiet(const Wanted& minute) const {
  const auto since = known_since();
  if (!since || minute.fact->lasts()) return false;
  const bool begins = !minute.stored && minute.period.start >= *since;
  const bool goes_on = minute.counted_to && *minute.counted_to >= *since;
  return (begins || goes_on) && !step_.stale.is_touched(*minute.fact, minute.period.start);
}

bool StepMinutes::follows(const FactDefinition& fact, const StoredPeriod& minute) const {
  return shares_.follow(fact, minute, step_.stale.touched_in(fact, minute.start), known_since());
}

bool StepMinutes::may_wait(Instant minute) const {
  return hurried_ && minute < minutes_start(*step_.last_step) && !grows_old(minute) && !step_.grown_old.has(minute);
}

bool StepMinutes::grows_old(Instant start) const {
  return start < now() - minutes_kept + std::chrono::hours(1) && start >= now() - minutes_kept;
}

// Those that go on, begin, or are missing, and have not been quiet.
std::vector<Wanted> StepMinutes::to_count() {
  const Window recent{minutes_start(looked_back_to()), now()};
  std::vector<Wanted> wanted = step_.counting.wanting(Counting::minutes(recent), step_.counting.facts());
  const auto quiet = std::partition(wanted.begin(), wanted.end(), [&](const Wanted& one) { return !is_quiet(one); });
  step_.counting.carry_on({quiet, wanted.end()});
  wanted.erase(quiet, wanted.end());
  return wanted;
}

// Those whose growth counters take, and those of which their hours tell it.
std::pair<std::set<StoredPeriod>, std::set<StoredPeriod>> StepMinutes::by_growth(
    const FactDefinition& fact, const std::set<StoredPeriod>& minutes) const {
  std::pair<std::set<StoredPeriod>, std::set<StoredPeriod>> parted;
  for (const StoredPeriod& minute : minutes)
    (is_of_stale_old_hour(fact, minute) ? parted.second : parted.first).insert(minute);
  return parted;
}

void StepMinutes::count(const FactDefinition& fact, const std::set<StoredPeriod>& minutes) {
  const auto [growing, others] = by_growth(fact, minutes);
  step_.counting.count_runs(fact, growing, step_.counting_since);
  step_.counting.count_runs(fact, others, std::nullopt);
  for (const StoredPeriod& minute : minutes) step_.stale.counted(fact, minute);
}

void StepMinutes::follow(const FactDefinition& fact, const std::set<StoredPeriod>& minutes) {
  const auto [growing, others] = by_growth(fact, minutes);
  shares_.count(fact, growing, step_.stale, step_.counting_since);
  shares_.count(fact, others, step_.stale, std::nullopt);
  for (const StoredPeriod& minute : minutes) step_.stale.counted(fact, minute);
}

StoredPeriod StepMinutes::of_minute(Instant start) const {
  return {Grain::minutes, start, std::min<Instant>(start + minutes_length, now())};
}

// Then that hour adds to the counters.
bool StepMinutes::is_of_stale_old_hour(const FactDefinition& fact, const StoredPeriod& minute) const {
  const auto among = [&](const auto& all) {
    const auto hours = all.find(&fact);
    return hours != all.end() && std::any_of(hours->second.begin(), hours->second.end(), [&](const auto& hour) {
             return hour.start <= minute.start && minute.start < hour.until && step_.counting.is_old(hour);
           });
  };
  return among(step_.stale.of(Grain::hour)) || among(step_.grown_old.hours());
}

}  // namespace crm::rollup
