#include "rollup/step.h"

#include <algorithm>

#include <fmt/format.h>

#include "rollup/conversation_metrics.h"
#include "rollup/snapshots.h"
#include "rollup/text_array.h"
#include "rollup/touched.h"
#include "source/sql_text.h"
#include "step_sql.h"

namespace crm::rollup {
namespace {

using std::chrono::steady_clock;

bool touches(const FactDefinition& fact, Touch touch) {
  return std::find(fact.touched_by.begin(), fact.touched_by.end(), touch) != fact.touched_by.end();
}

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
        conversations_(*snapshot_, settings_),
        house_(house) {
    result_.as_of = snapshot_->as_of();
  }

  StepResult take() {
    begin();
    take_rescans();
    take_changes();
    look_for_stale();
    count_minutes();
    count_hours();
    count_stale_days();
    if (rules_.look_everywhere) look_everywhere();
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
    std::optional<Instant> last_step;
    write(sql::begin_step, {{"counts", {rules_.begin_counters ? "true" : "false", "boolean"}}, {"fed", fed}})
        .each([&](const Row& row) {
          counting_since_ = row.maybe_instant("counting_since");
          result_.fed = !row.is_null("feed_since");
          feed_began = row.boolean("feed_began");
          last_step = row.maybe_instant("last_step");
        });
    counting_.emplace(*snapshot_, settings_, countable_facts(house_, *snapshot_), *house_.zone, result_.fed);
    if (!result_.fed && last_step) look_at_conversations_since(*last_step);
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
    write(sql::mark_all_stale, {});
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
    std::vector<Change> changes;
    std::vector<Change> prunings;
    const Instant horizon = now() - settings_.rollup.horizon;
    write(sql::take_changes, {{"most", {std::to_string(rules_.most_changes), "bigint"}}}).each([&](const Row& row) {
      Change change{std::string(row.text("entity")), std::nullopt, row.maybe_instant("at")};
      if (!row.is_null("id")) change.id = row.text("id");
      (is_pruning(change, horizon) ? prunings : changes).push_back(std::move(change));
    });
    result_.changes = changes.size() + prunings.size();
    result_.more = result_.changes >= static_cast<std::size_t>(rules_.most_changes);
    if (!prunings.empty()) mark(sql::freeze, touched_by(*snapshot_, prunings));
    if (!changes.empty()) mark(sql::mark_stale, touched_by(*snapshot_, changes));
    conversations_.derive(conversations_of(changes));
  }

  void mark(const Statement& statement, const Touched& touched) {
    std::vector<std::string> facts;
    std::vector<Instant> instants;
    for (const FactDefinition* fact : counting_->facts()) {
      std::set<Instant> of_fact;
      for (const auto& [touch, ats] : touched) {
        if (touches(*fact, touch)) of_fact.insert(ats.begin(), ats.end());
      }
      facts.insert(facts.end(), of_fact.size(), fact->name);
      instants.insert(instants.end(), of_fact.begin(), of_fact.end());
    }
    if (!facts.empty()) write(statement, {{"facts", text_array(facts)}, {"instants", source::bind_instants(instants)}});
  }

  // How far back periods are looked for one by one. Those that are known to be stale or due are found wherever they
  // are.
  std::chrono::minutes looked_back() const {
    return rules_.look_everywhere ? std::chrono::minutes(minutes_kept) : std::chrono::minutes(180);
  }

  // What is stored and does not hold any more.
  void look_for_stale() {
    constexpr std::int64_t most = 1'000;
    const Rows rows = snapshot_->run(sql::wanting_again.name, sql::wanting_again.text,
                                     {{"most", {std::to_string(most), "bigint"}}}, true);
    rows.each([&](const Row& row) {
      const auto& facts = counting_->facts();
      const auto fact =
          std::find_if(facts.begin(), facts.end(), [&](const auto* one) { return one->name == row.text("fact"); });
      if (fact == facts.end()) return;
      const auto grain = std::find(grain_names.begin(), grain_names.end(), row.text("grain")) - grain_names.begin();
      stale_[static_cast<Grain>(grain)].push_back(
          {*fact, {static_cast<Grain>(grain), row.instant("start"), row.instant("until")}});
    });
    result_.more = result_.more || rows.size() == static_cast<std::size_t>(most);
  }

  // By five minutes, up to now.
  void count_minutes() {
    std::map<const FactDefinition*, std::set<Instant>> starts;
    const Window recent{minutes_start(now() - looked_back()), now()};
    for (const Wanted& wanted : counting_->wanting(Counting::minutes(recent), counting_->facts())) {
      starts[wanted.fact].insert(wanted.period.start);
    }
    for (const Wanted& wanted : stale_[Grain::minutes]) starts[wanted.fact].insert(wanted.period.start);
    for (const auto& [fact, of_fact] : starts) {
      std::vector<StoredPeriod> run;
      for (const Instant start : of_fact) {
        if (!run.empty() && run.back().until != start) {
          counting_->count(*fact, run, counting_since_);
          run.clear();
        }
        run.push_back({Grain::minutes, start, std::min<Instant>(start + minutes_length, now())});
      }
      counting_->count(*fact, run, counting_since_);
    }
  }

  // Hours that have ended and are not there, and those that were right once.
  void count_hours() {
    const auto periods = counting_->hours({now() - looked_back(), last_hour_end()});
    std::map<const FactDefinition*, std::vector<StoredPeriod>> wanted;
    for (const Wanted& hour : counting_->wanting(periods, counting_->facts())) wanted[hour.fact].push_back(hour.period);
    for (const Wanted& stale : stale_[Grain::hour]) {
      if (stale.period.start < now() - looked_back()) wanted[stale.fact].push_back(stale.period);
    }
    for (auto& [fact, hours] : wanted) {
      if (out_of_time()) return;
      counting_->count_hours(*fact, std::move(hours), counting_since_);
    }
  }

  Instant last_hour_end() const {
    const auto starts = house_.zone->hours({now() - minutes_kept, now()});
    return starts.empty() ? now() : starts.back();
  }

  void count_stale_days() {
    for (const Wanted& wanted : stale_[Grain::day]) {
      if (out_of_time()) return;
      counting_->count_days(*wanted.fact, {wanted.period}, counting_since_);
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
    for (const Wanted& wanted : counting_->wanting(counting_->days({first, today}), counting_->facts())) {
      if (out_of_time()) return;
      counting_->count_days(*wanted.fact, {wanted.period}, counting_since_);
    }
    counting_->forget_minutes(now() - minutes_kept - std::chrono::hours(2));
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
  ConversationMetrics conversations_;
  const RollupHouse& house_;
  std::optional<Instant> counting_since_;
  std::optional<Counting> counting_;
  std::map<Grain, std::vector<Wanted>> stale_;
  StepResult result_;
};

}  // namespace

std::vector<const FactDefinition*> all_facts(const FactRegistry& registry) {
  std::vector<const FactDefinition*> facts;
  for (const auto& [name, fact] : registry.all()) facts.push_back(&fact);
  return facts;
}

std::vector<const FactDefinition*> countable_facts(const RollupHouse& house, const source::Snapshot& snapshot) {
  std::vector<const FactDefinition*> facts;
  const auto& catalog = snapshot.catalog();
  for (const FactDefinition* fact : house.facts) {
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
