#include "rollup/backfill.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <thread>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "backfill_sql.h"
#include "rollup/backfill_plan.h"
#include "rollup/contact_visits.h"
#include "rollup/conversation_metrics.h"
#include "rollup/history.h"
#include "rollup/snapshots.h"

namespace crm::rollup {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Lock = source::Writing::Lock;

milliseconds since(steady_clock::time_point then) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - then);
}

class Backfill {
 public:
  Backfill(const RollupHouse& house, const BackfillRules& rules, const BackfillWatcher& watcher)
      : house_(house), rules_(rules), watcher_(watcher), pass_on_(rules.stop, [this] { stop_.request_stop(); }) {}

  BackfillState run() {
    repeat([this] { return step(); });
    in_turn([this] { make_plan(); });
    count_facts();
    repeat([this] { return step(); });
    enter(BackfillState::Phase::tables);
    {
      const std::jthread beside([this] { work([this] { repeat([this] { return derive(); }); }); });
      work([this] {
        repeat([this] { return fill_visits(); });
        repeat([this] { return show(); });
      });
    }
    if (failure_) std::rethrow_exception(failure_);
    return state_;
  }

 private:
  const Settings& settings() const { return house_.writer->settings(); }
  bool stopped() const { return stop_.stop_requested(); }

  // Its numbers are right whatever steps do: none runs between the lock, than which the snapshot is younger, and the
  // commit. What a step has taken from the queue before is in the snapshot; what one takes later marks what is counted
  // here.
  std::unique_ptr<source::Snapshot> open(Lock lock) const {
    return house_.writer->open({.scope = Scope::everyone(),
                                .deadline = steady_clock::now() + rules_.timeout,
                                .stop = stop_.get_token(),
                                .as_of = rules_.as_of,
                                .purpose = source::Pool::For::sampling,
                                .writing = source::Writing{"rollup_state", rules_.lock_timeout, lock}});
  }

  void tell(bool waits = false) {
    const std::lock_guard lock(mutex_);
    state_.waits = waits;
    if (plan_) {
      const BackfillPlan::State plan = plan_->state();
      state_.counted = plan.counted;
      state_.wanted = plan.all;
      state_.days_counted = plan.days_counted;
      state_.days = plan.days;
      state_.complete_from = plan.complete_from;
    }
    if (watcher_) watcher_(state_);
  }

  void enter(BackfillState::Phase phase) {
    if (stopped()) return;
    note([&] { state_.phase = phase; });
    tell();
  }

  template <typename Change>
  void note(const Change& change) {
    const std::lock_guard lock(mutex_);
    change();
  }

  // On one of several threads: the first that fails stops all.
  template <typename Work>
  void work(const Work& work) {
    try {
      work();
    } catch (const std::exception&) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
      stop_.request_stop();
    }
  }

  // Until it has had its turn, or is stopped. False: stopped.
  template <typename Work>
  bool in_turn(const Work& work) {
    while (!stopped()) {
      try {
        work();
        return true;
      } catch (const source::Busy&) {
        tell(true);
      } catch (const source::Outrun&) {
        // Whoever was first has counted the same, or noted it: look again.
      } catch (const SourceUnavailable&) {
        if (!stopped()) throw;
      }
    }
    return false;
  }

  template <typename Work>
  void repeat(const Work& work) {
    bool more = true;
    while (more && in_turn([&] { more = work(); })) tell();
  }

  // What waits in the queue is taken first, so that it is counted once; and what has come meanwhile at the end.
  bool step() const {
    StepRules rules;
    rules.timeout = rules_.timeout;
    rules.lock_timeout = rules_.lock_timeout;
    rules.look_everywhere = false;
    rules.everywhere_after_an_hour = false;
    rules.begin_counters = false;
    rules.fed = rules_.fed;
    rules.as_of = rules_.as_of;
    rules.stop = stop_.get_token();
    return take_step(house_, rules).more;
  }

  void make_plan() {
    const auto snapshot = open(Lock::alone);
    const bool fed = History(*snapshot, settings()).state().fed;
    facts_ = countable_facts(house_, *snapshot, fed);
    Counting counting(*snapshot, settings(), facts_, *house_.zone, fed);
    auto days = counting.days(rules_.span);
    state_.facts = facts_.size();
    const std::size_t all = days.size() * facts_.size();
    std::vector<Wanted> wanted = wanted_today(counting, days, snapshot->as_of());
    const auto whole = counting.wanting(days, facts_);
    wanted.insert(wanted.end(), whole.begin(), whole.end());
    state_.stored_before = all - wanted.size();
    plan_.emplace(wanted);
    snapshot->commit();
  }

  // The day that is not over is wanted where some of its hours that are over are.
  std::vector<Wanted> wanted_today(Counting& counting, std::vector<StoredPeriod>& days, Instant now) const {
    if (days.empty() || days.back().until <= now) return {};
    const StoredPeriod today = days.back();
    days.pop_back();
    auto hours = counting.hours({today.start, today.until});
    std::erase_if(hours, [&](const StoredPeriod& hour) { return hour.until > now; });
    std::vector<Wanted> wanted;
    for (const Wanted& hour : counting.wanting(hours, facts_)) {
      const bool there =
          std::any_of(wanted.begin(), wanted.end(), [&](const Wanted& day) { return day.fact == hour.fact; });
      if (!there) wanted.push_back({hour.fact, today});
    }
    return wanted;
  }

  void count_facts() {
    if (!plan_) return;
    tell();
    std::vector<std::jthread> lanes;
    for (std::size_t i = 1; i < rules_.lanes; ++i) lanes.emplace_back([this] { take_turns(); });
    take_turns();
    lanes.clear();  // joined
    if (failure_) std::rethrow_exception(failure_);
  }

  // A lane: until all days are given out.
  void take_turns() {
    work([this] {
      while (const auto turn = stopped() ? std::nullopt : plan_->next()) {
        if (in_turn([&] { take(*turn); })) tell();
      }
    });
  }

  void take(const Turn& turn) {
    try {
      const auto snapshot = open(Lock::beside);
      const auto began = steady_clock::now();
      count(*snapshot, turn);
      snapshot->commit();
      plan_->done(turn, since(began), turn_length());
    } catch (const DeadlineExceeded&) {
      if (turn.days.size() == 1) throw;
      plan_->put_back(turn, true);
    }
  }

  void look_for_daemons(source::Snapshot& snapshot) {
    const Rows rows = snapshot.run(sql::steps_taken.name, sql::steps_taken.text, {}, true);
    const std::int64_t steps = rows.empty() ? 0 : rows[0].integer("steps");
    const std::lock_guard lock(daemons_);
    if (steps_ && steps > *steps_) daemon_seen_ = steady_clock::now();
    steps_ = std::max(steps, steps_.value_or(0));
  }

  milliseconds turn_length() const {
    constexpr std::chrono::seconds remembered{20};
    const std::lock_guard lock(daemons_);
    return daemon_seen_ && since(*daemon_seen_) < remembered ? rules_.turn : rules_.turn_alone;
  }

  // Some of them may have been counted by a step meanwhile.
  void count(source::Snapshot& snapshot, const Turn& turn) {
    look_for_daemons(snapshot);
    const HistoryState state = History(snapshot, settings()).state();
    Counting counting(snapshot, settings(), facts_, *house_.zone, state.fed);
    std::vector<StoredPeriod> days;
    for (const Wanted& day : counting.wanting(turn.days, {turn.fact})) days.insert(days.begin(), day.period);
    counting.count_days(*turn.fact, days, state.counting_since);
  }

  // False: nothing is due.
  bool show() {
    const auto snapshot = open(Lock::beside);
    const bool shown = AnalyticsSnapshots(*snapshot, facts_, *house_.zone).write_newest();
    snapshot->commit();
    if (shown) note([&] { ++state_.weeks_shown; });
    return shown;
  }

  // False: all of the span are in contact_visits.
  bool fill_visits() {
    const auto snapshot = open(Lock::beside);
    const auto until = steady_clock::now() + rules_.turn;
    ContactVisits visits(*snapshot);
    const auto wanted = [&] { return visits.filled_from().value_or(Instant::min()) > rules_.span.from; };
    bool more = History(*snapshot, settings()).state().fed && wanted();
    if (more) {
      do {
        visits.fill_more();
        more = wanted();
      } while (more && steady_clock::now() < until);  // one at the least, however short the turn
    }
    snapshot->commit();
    return more;
  }

  // False: all of the span have been derived.
  bool derive() {
    const auto snapshot = open(Lock::beside);
    const auto until = steady_clock::now() + rules_.turn;
    ConversationMetrics conversations(*snapshot, settings());
    std::optional<Instant> left = conversations.underived_before();
    const auto is_more = [&] { return left && *left >= rules_.span.from; };
    if (is_more()) {
      do {
        conversations.derive_more();
        left = conversations.underived_before();
      } while (is_more() && steady_clock::now() < until);
    }
    snapshot->commit();
    const bool more = is_more();
    note([&] { state_.derived_from = more ? *left : rules_.span.from; });
    return more;
  }

  const RollupHouse& house_;
  const BackfillRules& rules_;
  const BackfillWatcher& watcher_;
  std::stop_source stop_;  // of the lanes: one that fails stops the others
  std::stop_callback<std::function<void()>> pass_on_;
  std::vector<const FactDefinition*> facts_;
  std::optional<BackfillPlan> plan_;
  std::mutex mutex_;  // of what the watcher is told; held while it is, so never asked for within a turn
  mutable std::mutex daemons_;
  std::optional<std::int64_t> steps_;
  std::optional<steady_clock::time_point> daemon_seen_;
  std::exception_ptr failure_;
  BackfillState state_;
};

}  // namespace

BackfillState backfill(const RollupHouse& house, const BackfillRules& rules, const BackfillWatcher& watcher) {
  return Backfill(house, rules, watcher).run();
}

}  // namespace crm::rollup
