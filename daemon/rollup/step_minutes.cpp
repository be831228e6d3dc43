#include "rollup/step_minutes.h"

#include <algorithm>

namespace crm::rollup {

StepMinutes::StepMinutes(source::Snapshot& snapshot, const MinutesOfStep& step)
    : snapshot_(snapshot),
      step_(step),
      late_(snapshot, step.counting, step.stale),
      hurried_(step.last_step && step.rules.hurries_from &&
               (!late_.found().empty() || step.changes >= *step.rules.hurries_from)) {}

void StepMinutes::count() {
  Stale::Periods at_once;
  Stale::Periods later;
  for (const Wanted& one : to_count())
    (one.stored && may_wait(one.period.start) ? later : at_once)[one.fact].insert(of_minute(one.period.start));
  for (const auto& [fact, minutes] : step_.stale.of(Grain::minutes)) {
    for (const StoredPeriod& minute : minutes)
      (may_wait(minute.start) ? later : at_once)[fact].insert(of_minute(minute.start));
  }
  // Of an old hour that is not known to be stale it is not known, either, what adds to the counters: hour or minutes.
  if (step_.some_stale_unknown) {
    late_.take([&](Instant minute) { return minute < now() - minutes_kept && !step_.grown_old.has(minute); });
  }
  for (auto& [fact, minutes] : late_.take([&](Instant minute) { return !may_wait(minute); }))
    at_once[fact].merge(minutes);
  for (const auto& [fact, minutes] : at_once) count(*fact, minutes);
  late_.count(later, step_.rules.budget / 2, [this](const auto& fact, const auto& minutes) { count(fact, minutes); });
}

// Since when periods are looked for one by one: those before the last step are there. Those that are known to be stale
// or due are found wherever they are.
Instant StepMinutes::looked_back_to() const {
  const Instant furthest = now() - minutes_kept;
  return step_.everywhere ? furthest : std::clamp(*step_.last_step, furthest, now());
}

// Nothing that this fact counts was written since the last step, or else this step knows it: its minutes that go on,
// and those that have begun, need no counting.
bool StepMinutes::is_quiet(const Wanted& minute) const {
  const auto& last_step = step_.last_step;
  if (!step_.changes_known || !last_step || *last_step > now()) return false;
  if (!step_.dated.none_after(*last_step) || minute.fact->lasts()) return false;
  const bool begins = !minute.stored && minute.period.start >= *last_step;
  const bool goes_on = minute.counted_to && *minute.counted_to >= *last_step;
  return (begins || goes_on) && !step_.stale.is_touched(*minute.fact, minute.period.start);
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

void StepMinutes::count(const FactDefinition& fact, const std::set<StoredPeriod>& minutes) {
  std::set<StoredPeriod> growing;
  std::set<StoredPeriod> others;
  for (const StoredPeriod& minute : minutes) (is_of_stale_old_hour(fact, minute) ? others : growing).insert(minute);
  step_.counting.count_runs(fact, growing, step_.counting_since);
  step_.counting.count_runs(fact, others, std::nullopt);
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
