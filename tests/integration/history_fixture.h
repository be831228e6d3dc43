#pragma once
// A database with history, steps of the rollup at instants that the test says, and questions asked twice: of what is
// stored, and of the raw rows.

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "calendar/zone.h"
#include "cluster.h"
#include "history.h"
#include "history_world.h"
#include "rollup/fact_query.h"
#include "rollup/history.h"
#include "rollup/step.h"

namespace crm::testing {

using rollup::minutes_start;

// A group's numbers: values, then each histogram's counts.
using Answer = std::map<std::string, std::vector<std::int64_t>>;

struct Question {
  const rollup::FactDefinition* fact = nullptr;
  FactQuery query;
  Scope scope = Scope::everyone();
  Instant as_of{};

  std::string text() const {
    std::string axes;
    for (const Axis axis : query.by) axes += axis == Axis::agent ? " agent" : axis == Axis::key ? " key" : " bucket";
    return fmt::format("{} from {} to {} by{}{} for {}", query.fact, to_iso(query.window.from), to_iso(query.window.to),
                       axes, query.apart ? " apart" : "", scope.key());
  }
};

class HistoryTest : public ::testing::Test {
 protected:
  template <typename... Rows>
  void given(const Rows&... rows) {
    std::string all;
    ((all += sql(rows)), ...);
    execute(url_, all);
  }

  static Instant at(const std::string& text) { return parse_instant(text + "Z").value(); }

  void zone(const std::string& name) {
    settings_.timezone = name;
    zone_ = calendar::Zone::load(name);
  }

  source::PostgresOptions options() const {
    source::PostgresOptions options;
    options.url = daemon_url(url_);
    return options;
  }
  source::Postgres& postgres() {
    if (!postgres_) postgres_ = std::make_unique<source::Postgres>(options(), settings_);
    return *postgres_;
  }
  // The settings have changed: as a daemon that is started anew.
  void start_anew() { postgres_.reset(); }

  rollup::RollupHouse house() { return {&postgres(), rollup::all_facts(registry_), zone_.get()}; }

  rollup::StepResult take_step(rollup::StepRules rules) {
    if (!rules.fed) rules.fed = true;
    rules.fill = std::chrono::days(14);
    return rollup::take_step(house(), rules);
  }
  // Steps until there is nothing more to do.
  rollup::StepResult take_steps(Instant now, rollup::StepRules rules = {}) {
    rules.as_of = now;
    rollup::StepResult result;
    std::vector<std::string> notes;
    for (int i = 0; i < 200; ++i) {
      result = take_step(rules);
      notes.insert(notes.end(), result.notes.begin(), result.notes.end());
      result.notes = notes;
      if (!result.more) return result;
    }
    ADD_FAILURE() << "the rollup does not come to an end";
    return result;
  }

  Answer stored(const Question& question) {
    const auto snapshot = open(question);
    rollup::History history(*snapshot, settings_);
    EXPECT_TRUE(history.readable());
    const FactTable table = history.facts(*question.fact, question.query,
                                          [&](const FactQuery& part) { return live(*snapshot, *question.fact, part); });
    exact_ = exact_ && history.exact();
    rebuilding_ = history.rebuilding();
    stored_periods_read_ += history.periods_read();
    return canonical(table);
  }
  FactTable raw_table(const Question& question) {
    const auto snapshot = open(question);
    return live(*snapshot, *question.fact, question.query);
  }
  Answer raw(const Question& question) { return canonical(raw_table(question)); }

  // What waits may answer wrongly, and says so.
  void expect_raw_where_exact(const Question& question, const std::string& when) {
    const bool exact = std::exchange(exact_, true);
    const Answer answer = stored(question);
    if (exact_) {
      ASSERT_EQ(answer, raw(question)) << question.text() << "\n" << when;
    }
    exact_ = exact;
  }

  Question any_question(LivingCrm& crm, const rollup::FactDefinition& fact, const Window& world, Instant as_of) {
    Question question{&fact, {.fact = fact.name, .window = any_window(crm, world)}, any_scope(crm), as_of};
    if (crm.one_in(2)) question.query.by.push_back(Axis::agent);
    if (crm.one_in(3)) question.query.by.push_back(Axis::key);
    if (crm.one_in(2)) {
      question.query.by.push_back(Axis::bucket);
      question.query.buckets = crm.one_in(2) ? zone_->hours(question.query.window) : zone_->days(question.query.window);
      if (question.query.buckets.empty()) question.query.buckets = {question.query.window.from};
    }
    question.query.apart = question.query.by == std::vector{Axis::agent, Axis::bucket} && crm.one_in(2);
    return question;
  }

  std::unique_ptr<source::Snapshot> open(const Question& question) {
    return postgres().open(
        {question.scope, std::chrono::steady_clock::now() + std::chrono::seconds(60), {}, question.as_of});
  }

  // The statements that are prepared on the daemon's connection, and how often each was planned and used.
  Rows prepared() {
    const source::Compiled asked{
        "SELECT substring(p.statement FROM '/[*] (\\S+) [*]/') AS name, p.custom_plans, "
        "p.custom_plans + p.generic_plans AS uses FROM pg_prepared_statements p WHERE p.name LIKE 'crm%'",
        {}};
    return open(Question{})->inspect("test/prepared", asked);
  }

  Settings settings_;
  std::shared_ptr<const calendar::Zone> zone_ = calendar::Zone::load("UTC");
  rollup::FactRegistry registry_;
  bool exact_ = true;
  bool rebuilding_ = false;  // as the last answer says
  std::size_t stored_periods_read_ = 0;
  const std::string url_ = with_history(cluster().create_reference_database());

 private:
  static FactTable live(source::Snapshot& snapshot, const rollup::FactDefinition& fact, const FactQuery& query) {
    return rollup::to_table(
        fact, query,
        snapshot.run("raw/" + fact.name, rollup::aggregate_sql(fact, query), rollup::bind_query(query), false));
  }

  static Answer canonical(const FactTable& table) {
    Answer answer;
    for (const FactRow& row : table.rows()) {
      std::vector<std::int64_t> numbers = row.values;
      for (const auto& counts : row.histograms) numbers.insert(numbers.end(), counts.begin(), counts.end());
      answer[fmt::format("{} {} {}", row.bucket ? to_iso(*row.bucket) : "-", row.agent.value_or("-"),
                         row.key.value_or("-"))] = numbers;
    }
    return answer;
  }

  // Of business days, of whole hours, or of any instants at all.
  Window any_window(LivingCrm& crm, const Window& world) {
    const auto any = [&] {
      const auto span = (world.to - world.from) / 1'000'000;
      return world.from + std::chrono::seconds(crm.pick(static_cast<int>(span.count())));
    };
    Instant from = any();
    Instant to = any();
    if (from > to) std::swap(from, to);
    const int kind = crm.pick(4);
    if (kind < 2) from = zone_->start_of_day(from);
    if (kind == 0) to = zone_->start_of_day(to);
    if (kind == 1) to = world.to;
    if (kind == 2) from = minutes_start(from);
    if (from >= to) to = from + std::chrono::minutes(7);
    return {from, std::min(to, world.to)};
  }

  static Scope any_scope(LivingCrm& crm) {
    switch (crm.pick(4)) {
      case 0:
        return {Role::agent, id("ann")};
      case 1:
        return {Role::supervisor, id("sue")};
      default:
        return Scope::everyone();
    }
  }

  std::unique_ptr<source::Postgres> postgres_;
};

}  // namespace crm::testing
