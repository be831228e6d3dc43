#include "rollup/step.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include <fmt/format.h>

#include "rollup/contact_visits.h"
#include "rollup/conversation_metrics.h"
#include "rollup/dated.h"
#include "rollup/grown_old.h"
#include "rollup/past.h"
#include "rollup/stale.h"
#include "rollup/step_minutes.h"
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
        visits_(*snapshot_),
        house_(house) {
    result_.as_of = snapshot_->as_of();
  }

  StepResult take() {
    waiting_.look_at_messages();
    begin();
    take_rescans();
    take_changes();
    if (stale_->find_others()) result_.more = some_stale_unknown_ = true;
    grown_old_.emplace(*snapshot_, *counting_);
    if (last_step_) grown_old_->settle(*last_step_);
    count_minutes();
    count_hours();
    count_stale_days();
    stale_->leave();
    if (everywhere_) look_everywhere();
    if (result_.changes > 0 || counting_->counted() > 0) write(sql::end_step, {});
    result_.periods = counting_->counted();
    result_.followed = counting_->followed();
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
          dated_.emplace(*snapshot_, row.maybe_instant("dated_until"));
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
    for (const FactDefinition* fact : facts_of_now(counting_->facts())) of_now.push_back(fact->name);
    write(sql::mark_all_stale, {{"facts_of_now", text_array(of_now)}});
    all_again_ = true;
    visits_.begin_again();
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
    all_taken_ = !taken.more;
    if (result_.fed && (all_again_ || !dated_->known())) {
      dated_->find_out(counting_->facts());
    } else if (result_.fed) {
      dated_->take(taken.changes);
    }
    if (!taken.prunings.empty()) {
      Touched pruned = touched_by(*snapshot_, taken.prunings);
      stale_->freeze(pruned, [](const FactDefinition& fact) { return !fact.of_now; });
      stale_->touch(std::move(pruned), [](const FactDefinition& fact) { return fact.of_now; });
    }
    if (!taken.changes.empty())
      stale_->touch(touched_by(*snapshot_, taken.changes), [](const FactDefinition&) { return true; });
    visits_.refresh(taken.changes);
    conversations_.derive(conversations_of(taken.changes));
  }

  void count_minutes() {
    minutes_.emplace(*snapshot_, MinutesOfStep{.rules = rules_,
                                               .counting = *counting_,
                                               .stale = *stale_,
                                               .grown_old = *grown_old_,
                                               .dated = *dated_,
                                               .counting_since = counting_since_,
                                               .last_step = last_step_,
                                               .changes = result_.changes,
                                               .fed = result_.fed,
                                               .all_again = all_again_,
                                               .changes_known = result_.fed && !all_again_ && all_taken_,
                                               .some_stale_unknown = some_stale_unknown_,
                                               .everywhere = everywhere_});
    minutes_->count();
    result_.hurried = minutes_->hurried();
    if (minutes_->any_late()) result_.more = true;
  }

  // Hours that have ended and are not there, and those that were right once.
  void count_hours() {
    std::map<const FactDefinition*, std::set<StoredPeriod>> wanted;
    if (everywhere_) {
      const auto hours = counting_->hours({now() - minutes_kept, last_hour_end()});
      for (const Wanted& hour : counting_->wanting(hours, counting_->facts())) wanted[hour.fact].insert(hour.period);
    }
    for (const auto& [fact, stale] : stale_->of(Grain::hour)) wanted[fact].insert(stale.begin(), stale.end());
    for (const auto& [fact, hours] : grown_old_->hours()) wanted[fact].insert(hours.begin(), hours.end());
    for (auto& [fact, hours] : wanted) {
      std::erase_if(hours, [&, of = fact](const StoredPeriod& hour) { return minutes_->any_late_in(*of, hour); });
      std::set<StoredPeriod> in_any_case;
      std::copy_if(
          hours.begin(), hours.end(), std::inserter(in_any_case, in_any_case.end()),
          [&](const StoredPeriod& hour) { return minutes_->grows_old(hour.start) || grown_old_->has(hour.start); });
      count_hours(*fact, in_any_case);
      for (const StoredPeriod& hour : in_any_case) hours.erase(hour);
    }
    for (const auto& [fact, hours] : wanted) {
      if (out_of_time()) return;
      count_hours(*fact, hours);
    }
  }

  void count_hours(const FactDefinition& fact, const std::set<StoredPeriod>& hours) {
    counting_->count_hours(fact, {hours.begin(), hours.end()}, counting_since_);
    for (const StoredPeriod& hour : hours) stale_->counted(fact, hour);
  }

  Instant last_hour_end() const {
    const auto starts = house_.zone->hours({now() - minutes_kept, now()});
    return starts.empty() ? now() : starts.back();
  }

  void count_stale_days() {
    for (const auto& [fact, days] : stale_->of(Grain::day)) {
      for (const StoredPeriod& day : days) {
        if (out_of_time()) return;
        if (minutes_->any_late_in(*fact, day)) continue;
        counting_->count_days(*fact, {day}, counting_since_);
        stale_->counted(*fact, day);
      }
    }
  }

  // What is not young or known to have changed.
  void look_everywhere() {
    const auto out = [this] { return out_of_time(); };
    minutes_->forget();
    fill_past({*snapshot_, *counting_, *house_.zone, rules_, counting_since_, out});
    while (result_.fed && !out_of_time() && visits_.fill_more()) {
    }
    while (!out_of_time() && conversations_.derive_more()) {
    }
  }

  bool out_of_time() {
    if (!spent()) return false;
    result_.more = true;
    return true;
  }

  const StepRules& rules_;
  const steady_clock::time_point until_;
  const std::unique_ptr<source::Snapshot> snapshot_;
  const Settings& settings_;
  WaitingChanges waiting_;
  ConversationMetrics conversations_;
  ContactVisits visits_;
  const RollupHouse& house_;
  std::optional<Instant> counting_since_;
  std::optional<Instant> last_step_;
  std::optional<Dated> dated_;
  bool all_taken_ = false;  // that has been noted
  bool some_stale_unknown_ = false;
  bool all_again_ = false;  // what is stored may lack anything
  bool everywhere_ = true;  // look for what is missing, not only for what is young or known to be stale
  std::optional<Counting> counting_;
  std::optional<Stale> stale_;
  std::optional<GrownOld> grown_old_;
  std::optional<StepMinutes> minutes_;
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
