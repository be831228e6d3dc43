// `crm-metricsd rollup`.

#include <condition_variable>
#include <mutex>
#include <ostream>

#include <fmt/format.h>

#include "app/rollup.h"
#include "app/rollup_progress.h"
#include "rollup/backfill_span.h"
#include "rollup/change_feed.h"
#include "rollup/only_one.h"

namespace crm::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using Phase = rollup::BackfillState::Phase;

std::string counted(std::size_t number, const char* one, const char* many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

class Fill {
 public:
  Fill(const RollupOptions& options, const House& house, RollupConsole& console)
      : options_(options), house_(house), console_(console) {}

  int run() {
    rollup::OnlyOne only_one(*house_.writer, house_.values().rollup.schema);
    if (!wait_for_others(only_one)) return 1;
    if (!look_around()) {
      console_.out << "the CRM has no messages and no conversations yet: nothing to count\n";
      return 0;
    }
    console_.out << fmt::format("rollup of {} to {}, {}\n", date(rules_.span.from), date(rules_.span.to - Duration(1)),
                                house_.zone->name())
                 << std::flush;
    return fill();
  }

 private:
  std::string date(Instant t) const { return house_.zone->iso(t).substr(0, 10); }

  // False: stopped.
  bool wait_for_others(rollup::OnlyOne& only_one) {
    constexpr milliseconds again_after{300};
    bool said = false;
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    while (!only_one.try_to_be()) {
      if (!said) console_.err << "another crm-metricsd rollup is at work here: waiting for it to end\n" << std::flush;
      said = true;
      wake.wait_for(lock, console_.stop, again_after, [] { return false; });
      if (console_.stop.stop_requested()) return false;
    }
    return true;
  }

  // False: there are no rows.
  bool look_around() {
    const auto deadline = steady_clock::now() + std::chrono::minutes(2);
    const auto snapshot =
        house_.writer->open({.scope = Scope::everyone(), .deadline = deadline, .stop = console_.stop});
    const auto span = rollup::backfill_span({options_.from, options_.to}, *house_.zone, *snapshot);
    if (!span) return false;
    rules_.span = *span;
    rules_.stop = console_.stop;
    rules_.fed = rollup::feed_state(*snapshot, house_.values().rollup.schema).complete;
    if (!*rules_.fed) {
      console_.err << "the CRM's triggers do not note every change: what is written late is counted when the daemon "
                      "counts it again (crm-metricsd check prints what to do)\n";
    }
    return true;
  }

  int fill() {
    RollupProgress progress(console_.err, console_.terminal, *house_.zone, rules_.span, began_);
    const rollup::RollupHouse counted{house_.writer.get(), rollup::all_facts(house_.facts), house_.zone.get()};
    try {
      last_ = rollup::backfill(counted, rules_, [&](const rollup::BackfillState& state) {
        note_times(state);
        progress.show(state, steady_clock::now());
        last_ = state;
        if (console_.watcher) console_.watcher(state);
      });
    } catch (const std::exception&) {
      progress.end();
      if (last_.days > 0) console_.err << how_far();
      throw;
    }
    note_times(last_);
    progress.end();
    if (console_.stop.stop_requested()) {
      console_.err << "stopped: " << how_far();
      return 1;
    }
    summarize();
    return 0;
  }

  void note_times(const rollup::BackfillState& state) {
    const auto now = steady_clock::now();
    took_[static_cast<std::size_t>(last_.phase)] += now - reached_;
    reached_ = now;
    last_.phase = state.phase;
  }

  std::string how_far() const {
    if (last_.phase != Phase::facts) {
      return "all facts are stored; what was begun of the tables for other readers is undone; the same command goes "
             "on from here, and so does a daemon\n";
    }
    const std::string from =
        last_.complete_from ? fmt::format(", all from {} on", date(*last_.complete_from)) : std::string();
    return fmt::format("{} of {} stored{}; what was begun is undone; the same command goes on from here\n",
                       last_.days_counted, counted(last_.days, "day is", "days are"), from);
  }

  std::string seconds(Phase phase) const {
    return fmt::format("{:.1f} s", std::chrono::duration<double>(took_[static_cast<std::size_t>(phase)]).count());
  }

  void summarize() const {
    const auto there = last_.stored_before == 0
                           ? std::string()
                           : fmt::format(" ({} counted, {} stored already)", last_.counted, last_.stored_before);
    const auto days = house_.zone->days(rules_.span).size();
    console_.out << fmt::format(
        "stored: {} of {}{} in {}; analytics_snapshots of {} and conversation_metrics back to {} in {}\n",
        counted(days, "day", "days"), counted(last_.facts, "fact", "facts"), there, seconds(Phase::facts),
        counted(last_.weeks_shown, "week", "weeks"), date(rules_.span.from), seconds(Phase::tables));
  }

  const RollupOptions& options_;
  const House& house_;
  RollupConsole& console_;
  rollup::BackfillRules rules_;
  rollup::BackfillState last_;
  const steady_clock::time_point began_ = steady_clock::now();
  steady_clock::time_point reached_ = began_;
  std::array<steady_clock::duration, 2> took_{};
};

}  // namespace

int fill_history(const RollupOptions& options, const House& house, RollupConsole& console) {
  return Fill(options, house, console).run();
}

}  // namespace crm::app
