// Steps that run side by side, and connections that are cut: through a pooler, too.

#include <atomic>
#include <thread>

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "history_scenario.h"

namespace crm::testing {
namespace {

using std::chrono::hours;

class HistoryConnections : public HistoryScenario {};

TEST_F(HistoryConnections, OneStepAtATime) {
  take_steps(at("2026-03-10T12:00:00"));
  pqxx::connection other(url_);
  pqxx::work holder(other);
  holder.exec("LOCK TABLE crm_metrics.rollup_state IN EXCLUSIVE MODE");
  rollup::StepRules rules;
  rules.as_of = at("2026-03-10T12:01:00");
  rules.lock_timeout = std::chrono::milliseconds(20);
  EXPECT_THROW(rollup::take_step(house(), rules), source::Busy);
  holder.commit();
  EXPECT_NO_THROW(rollup::take_step(house(), rules));
}

// Steps of two daemons, whose connections are cut now and then, while the CRM writes.
// A daemon of a newer version that was started before `crm-metricsd migrate`: all is read from the raw rows until then.
TEST_F(HistoryConnections, WhereAMigrationIsPendingThereIsNoHistoryYet) {
  const Question any = question("messages", "2026-03-10T08:00:00", "2026-03-10T09:00:00", "2026-03-10T09:00:00");
  const auto readable = [&] {
    const auto snapshot = open(any);
    return rollup::History(*snapshot, settings_).readable();
  };
  EXPECT_TRUE(readable());
  execute(url_, "DROP TABLE crm_metrics.contact_visits");
  start_anew();
  EXPECT_FALSE(readable());
}

TEST_F(HistoryConnections, TwoDaemonsAndCutConnectionsLoseNothing) {
  const auto clock = [] { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); };
  LivingCrm crm(url_, 7);
  std::atomic<int> steps = 0;
  std::atomic<int> lost = 0;
  const auto daemon = [&](const std::stop_token& stop) {
    source::Postgres own(options(), settings_);
    const rollup::RollupHouse house{&own, rollup::all_facts(registry_), zone_.get()};
    rollup::StepRules rules;
    rules.fed = true;
    rules.fill = std::chrono::days(11);
    rules.most_changes = 20;
    rules.budget = std::chrono::milliseconds(30);
    while (!stop.stop_requested()) {
      try {
        rollup::take_step(house, rules);
        ++steps;
      } catch (const std::exception&) {
        ++lost;  // busy, outrun, or cut off
      }
    }
  };
  {
    std::jthread one(daemon);
    std::jthread two(daemon);
    for (int round = 0; round < 40; ++round) {
      crm.live(clock(), 8);
      if (round % 4 == 3) {
        execute(url_,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                "application_name = 'crm-metricsd' AND state <> 'idle'");
      }
    }
    ASSERT_TRUE(eventually([&] { return steps > 20; }, std::chrono::seconds(90)));
  }
  EXPECT_GT(lost, 0);
  rollup::StepRules rules;
  rules.fed = true;
  rules.fill = std::chrono::days(11);
  while (rollup::take_step(house(), rules).more) {
  }
  const Instant now = clock();
  for (const auto& [name, fact] : registry_.all()) {
    for (const int days : {11, 3, 1}) {
      const Question asked{&fact,
                           {.fact = name, .window = {now - hours(24 * days), now}, .by = {Axis::agent, Axis::key}},
                           Scope::everyone(),
                           now};
      EXPECT_EQ(stored(asked), raw(asked)) << name << ", " << days << " days";
    }
  }
  EXPECT_GT(stored_periods_read_, 100u);
}

}  // namespace
}  // namespace crm::testing
