#include "rollup/step.h"

#include <algorithm>

#include <fmt/format.h>

#include "rollup/conversation_metrics.h"
#include "rollup/snapshots.h"
#include "rollup/stale.h"
#include "rollup/text_array.h"
#include "rollup/touched.h"
#include "rollup/waiting_changes.h"
#include "source/sql_text.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

using std::chrono::steady_clock;

class Step {
 public:
  Step(const RollupHouse& house, const StepRules& rules)
      : rules_(rules),
        until_(steady_clock::now() + rules.budget),
        snapshot_(house.writer->open({.scope = Scope::everyone(),
                                      .deadline = steady_clock::now() + rules.timeout,
                                      .stop = rules.stop,
                                      .as_of = rules.as_of,
                                      .purpose = source::Pool::For::sampling,
                                      .writing = source::Writing{"rollup_state", rules.lock_timeout}})),
        settings_(house.writer->settings()),
        waiting_(*snapshot_, settings_, rules.most_changes),
        conversations_(*snapshot_, settings_),
        house_(house) {
    result_.as_of = snapshot_->as_of();
  }

  StepResult take() {
    waiting_.look_at_messages();
    begin();
    take_rescans();
    take_changes();
    if (stale_->find_others()) result_.more = true;
    count_minutes();
    count_hours();
    count_stale_days();
    stale_->leave();
    if (everywhere_) look_everywhere();
    if (result_.changes > 0 || counting_->counted() > 0) write(sql::end_step, {});
    result_.periods = counting_->counted();
    result_.notes.insert(result_.notes.end(), conversations_.notes().begin(), conversations_.notes().end());
    snapshot_->commit();
    return std::move(result_);
  }

 private:
  Instant now() const { return snapshot_->as_of(); }
  bool spent() const { return steady_clock::now() >= until_ || rules_.stop.stop_requested(); }
  Rows write(const Statement& statement, const source::Binding& binding) {
    return snapshot_->write(statement.name, statement.text, binding);
  }

  void begin() {
    source::Bound fed{std::nullopt, "boolean"};
    if (rules_.fed) fed.text = *rules_.fed ? "true" : "false";
    bool feed_began = false;
    bool restored = false;
    write(sql::begin_step, {{"counts", {rules_.begin_counters ? "true" : "false", "boolean"}}, {"fed", fed}})
        .each([&](const Row& row) {
          counting_since_ = row.maybe_instant("counting_since");
          result_.fed = !row.is_null("feed_since");
          feed_began = row.boolean("feed_began");
          restored = row.boolean("restored");
          last_step_ = row.maybe_instant("last_step");
        });
    counting_.emplace(*snapshot_, settings_, countable_facts(house_, *snapshot_, result_.fed), *house_.zone,
                      result_.fed, rules_.crowd);
    stale_.emplace(*snapshot_, house_.facts, counting_->facts());
    const bool hour_ended = !last_step_ || last_hour_end() > *last_step_;
    everywhere_ = rules_.look_everywhere || (rules_.everywhere_after_an_hour && hour_ended);
    if (!result_.fed && last_step_) look_at_conversations_since(*last_step_);
    if (restored) {
      count_all_again();
      result_.notes.emplace_back("this database was restored from another server's: all is counted again");
    }
    if (!feed_began) return;
    // Whatever was counted before the triggers were there may have missed something.
    count_all_again();
    result_.notes.emplace_back("the CRM's triggers note every change from now on");
  }

  void take_rescans() {
    const Rows rows = write(sql::take_rescans, {});
    if (rows.empty()) return;
    count_all_again();
    result_.warnings.push_back(fmt::format(
        "a change of the CRM's was not noted ({}): the last {} days are counted again", rows[0].text_or("reason", ""),
        std::chrono::floor<std::chrono::days>(settings_.rollup.horizon).count()));
  }

  void count_all_again() {
    std::vector<std::string> of_now;
    for (const FactDefinition* fact : facts_of_now()) of_now.push_back(fact->name);
    write(sql::mark_all_stale, {{"facts_of_now", text_array(of_now)}});
    conversations_.begin_again();
  }

  // Without triggers: what has been written since then, as far as its times tell; and everything else once a day.
  void look_at_conversations_since(Instant last_step) {
    constexpr std::chrono::minutes latest_commit{1};
    if (house_.zone->start_of_day(now()) != house_.zone->start_of_day(last_step)) {
      conversations_.begin_again();
    } else {
      conversations_.derive_since(last_step - latest_commit);
    }
  }

  void take_changes() {
    const WaitingChanges::Taken taken = waiting_.take();
    result_.changes = taken.count;
    result_.more = taken.more;
    if (!taken.prunings.empty()) {
      const Touched pruned = touched_by(*snapshot_, taken.prunings);
      stale_->freeze(pruned, [](const FactDefinition& fact) { return !fact.of_now; });
      stale_->touch(pruned, [](const FactDefinition& fact) { return fact.of_now; });
    }
    if (!taken.changes.empty())
      stale_->touch(touched_by(*snapshot_, taken.changes), [](const FactDefinition&) { return true; });
    conversations_.derive(conversations_of(taken.changes));
  }

  // Since when periods are looked for one by one: those before the last step are there. Those that are known to be
  // stale or due are found wherever they are.
  Instant looked_back_to() const {
    const Instant furthest = now() - minutes_kept;
    return everywhere_ ? furthest : std::clamp(*last_step_, furthest, now());
  }

  // By the minute, up to now.
  void count_minutes() {
    std::map<const FactDefinition*, std::set<StoredPeriod>> wanted;
    const Window recent{minutes_start(looked_back_to()), now()};
    for (const Wanted& one : counting_->wanting(Counting::minutes(recent), counting_->facts())) {
      wanted[one.fact].insert(of_minute(one.period.start));
    }
    for (const auto& [fact, periods] : stale_->of(Grain::minutes)) {
      for (const StoredPeriod& period : periods) wanted[fact].insert(of_minute(period.start));
    }
    for (const auto& [fact, minutes] : wanted) {
      std::set<StoredPeriod> growing;
      std::set<StoredPeriod> others;
      for (const StoredPeriod& minute : minutes)
        (is_of_stale_old_hour(*fact, minute) ? others : growing).insert(minute);
      counting_->count_runs(*fact, growing, counting_since_);
      counting_->count_runs(*fact, others, std::nullopt);
      for (const StoredPeriod& minute : minutes) stale_->counted(*fact, minute);
    }
  }

  StoredPeriod of_minute(Instant start) const {
    return {Grain::minutes, start, std::min<Instant>(start + minutes_length, now())};
  }

  // Then that hour adds to the counters.
  bool is_of_stale_old_hour(const FactDefinition& fact, const StoredPeriod& minute) {
    const auto& hours = stale_->of(Grain::hour);
    const auto of_fact = hours.find(&fact);
    if (of_fact == hours.end()) return false;
    return std::any_of(of_fact->second.begin(), of_fact->second.end(), [&](const StoredPeriod& hour) {
      return hour.start <= minute.start && minute.start < hour.until && counting_->is_old(hour);
    });
  }

  // Hours that have ended and are not there, and those that were right once.
  void count_hours() {
    std::map<const FactDefinition*, std::set<StoredPeriod>> wanted;
    if (everywhere_) {
      const auto hours = counting_->hours({now() - minutes_kept, last_hour_end()});
      for (const Wanted& hour : counting_->wanting(hours, counting_->facts())) wanted[hour.fact].insert(hour.period);
    }
    for (const auto& [fact, stale] : stale_->of(Grain::hour)) wanted[fact].insert(stale.begin(), stale.end());
    for (auto& [fact, hours] : wanted) {
      if (out_of_time()) return;
      counting_->count_hours(*fact, {hours.begin(), hours.end()}, counting_since_);
      for (const StoredPeriod& hour : hours) stale_->counted(*fact, hour);
    }
  }

  Instant last_hour_end() const {
    const auto starts = house_.zone->hours({now() - minutes_kept, now()});
    return starts.empty() ? now() : starts.back();
  }

  void count_stale_days() {
    for (const auto& [fact, days] : stale_->of(Grain::day)) {
      for (const StoredPeriod& day : days) {
        if (out_of_time()) return;
        counting_->count_days(*fact, {day}, counting_since_);
        stale_->counted(*fact, day);
      }
    }
  }

  // What is not young or known to have changed. An hour that has just ended is shown before the past is counted, which
  // may take all the time there is.
  void look_everywhere() {
    show();
    count_days();
    show();
    while (!out_of_time() && conversations_.derive_more()) {
    }
  }

  void show() {
    AnalyticsSnapshots snapshots(*snapshot_, counting_->facts(), *house_.zone);
    while (!out_of_time() && snapshots.write_newest()) {
    }
  }

  // Whole business days, the newest first.
  void count_days() {
    const Instant today = house_.zone->start_of_day(now());
    const Instant first = house_.zone->shift_days(today, -static_cast<int>(rules_.fill.count()));
    count_days(counting_->facts(), {first, today});
    count_days(facts_of_now(), {first_open_day(first), first});
    counting_->forget_minutes();
  }

  // One day of all facts, and ever more at once while that takes little: of a small CRM a month takes as long as a day.
  void count_days(const std::vector<const FactDefinition*>& facts, const Window& window) {
    constexpr std::size_t most_days = 16;
    std::size_t days_at_once = 1;
    const std::vector<Wanted> wanted = counting_->wanting(counting_->days(window), facts);
    for (auto next = wanted.begin(); next != wanted.end();) {
      std::map<std::string, DaysOfFact> turn;
      for (std::set<Instant> days; next != wanted.end(); ++next) {
        days.insert(next->period.start);
        if (days.size() > days_at_once) break;
        DaysOfFact& of_fact = turn[next->fact->name];
        of_fact.fact = next->fact;
        of_fact.days.insert(of_fact.days.begin(), next->period);  // ascending
      }
      const auto began = steady_clock::now();
      for (const auto& [name, of_fact] : turn) {
        if (out_of_time()) return;
        counting_->count_days(*of_fact.fact, of_fact.days, counting_since_);
      }
      if (steady_clock::now() - began < rules_.budget / 4) days_at_once = std::min(2 * days_at_once, most_days);
    }
  }

  // They are asked for from the beginning of all conversations.
  std::vector<const FactDefinition*> facts_of_now() const {
    std::vector<const FactDefinition*> facts;
    std::copy_if(counting_->facts().begin(), counting_->facts().end(), std::back_inserter(facts),
                 [](const FactDefinition* fact) { return fact->of_now; });
    return facts;
  }

  Instant first_open_day(Instant latest) {
    constexpr std::chrono::days furthest{5 * 365};
    const Rows rows = snapshot_->run(sql::oldest_open_conversation.name, sql::oldest_open_conversation.text, {}, true);
    if (rows.absent() || rows.empty() || rows[0].is_null("at")) return latest;
    return house_.zone->start_of_day(std::clamp(rows[0].instant("at"), now() - furthest, latest));
  }

  bool out_of_time() {
    if (!spent()) return false;
    result_.more = true;
    return true;
  }

  struct DaysOfFact {
    const FactDefinition* fact = nullptr;
    std::vector<StoredPeriod> days;
  };

  const StepRules& rules_;
  const steady_clock::time_point until_;
  const std::unique_ptr<source::Snapshot> snapshot_;
  const Settings& settings_;
  WaitingChanges waiting_;
  ConversationMetrics conversations_;
  const RollupHouse& house_;
  std::optional<Instant> counting_since_;
  std::optional<Instant> last_step_;
  bool everywhere_ = true;  // look for what is missing, not only for what is young or known to be stale
  std::optional<Counting> counting_;
  std::optional<Stale> stale_;
  StepResult result_;
};

}  // namespace

std::vector<const FactDefinition*> all_facts(const FactRegistry& registry) {
  std::vector<const FactDefinition*> facts;
  for (const auto& [name, fact] : registry.all()) facts.push_back(&fact);
  return facts;
}

std::vector<const FactDefinition*> countable_facts(const RollupHouse& house, const source::Snapshot& snapshot,
                                                   bool fed) {
  std::vector<const FactDefinition*> facts;
  const auto& catalog = snapshot.catalog();
  for (const FactDefinition* fact : house.facts) {
    if (fact->of_now && !fed) continue;  // nobody would ask for it
    const auto reads = source::reads_of(fact->sql);
    if (!catalog.absent_view(reads) && catalog.faults(reads).empty() && catalog.hidden(reads).empty())
      facts.push_back(fact);
  }
  return facts;
}

StepResult take_step(const RollupHouse& house, const StepRules& rules) {
  return Step(house, rules).take();
}

}  // namespace crm::rollup
