// Stored facts against the same facts over the raw rows, to the unit: whatever the CRM does, in whatever order,
// whenever the rollup takes its steps.

#include <cstdlib>
#include <map>
#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history_fixture.h"
#include "history_world.h"

namespace crm::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct Case {
  std::string name;
  std::string zone;
  std::string begin;  // the world's first day: a change of clocks lies in what follows
  unsigned seed;
  friend void PrintTo(const Case& world, std::ostream* out) { *out << world.name; }
};

// A plugin's: with a key and a histogram, it lies in fact_values.
const FactFile efforts{"plugin/efforts.sql", R"(-- Conversations resolved, by whether the bot had handed them over.
--
-- fact: efforts
-- clock: happened
-- touched_by: resolution
-- columns: resolved count, took_ms sum, took histogram(took_ms: 600000 7200000 86400000)
-- settings: none
-- next_due: none
SELECT
  c.resolved_at AS at,
  c.agent_id AS agent,
  CASE WHEN c.escalated_at IS NULL THEN 'direct' ELSE 'escalated' END AS key,
  true AS resolved,
  (extract(EPOCH FROM greatest(c.resolved_at - c.created_at, '0'::interval)) * 1000)::bigint AS took_ms
FROM conversations c
WHERE c.resolved_at >= :from
  AND c.resolved_at < :to
  AND (:agents IS NULL OR c.agent_id = ANY (:agents))
)"};

class StoredIsRaw : public HistoryTest, public ::testing::WithParamInterface<Case> {
 protected:
  // Steps that have no time. What they leave for later may answer wrongly, and says so.
  void hurry(LivingCrm& crm, const Window& world, Instant now) {
    for (int steps = crm.pick(3); steps > 0; --steps) {
      take_step(
          {.budget = std::chrono::milliseconds(0), .look_everywhere = crm.one_in(3), .hurries_from = 0, .as_of = now});
      for (const auto& [name, fact] : registry_.all()) {
        expect_raw_where_exact(any_question(crm, fact, world, now), "hurried, at " + to_iso(now));
        if (HasFatalFailure()) return;
      }
    }
  }

  // Of a team and of an agent, whatever waits.
  void contacts_are_those_of_the_rows(LivingCrm& crm, const Window& world, Instant now) {
    const std::map<std::string, std::string> agents{{"ann", quoted("ann")},
                                                    {"sue", quoted("ann") + ", " + quoted("ben")}};
    for (const auto& [name, whose] : agents) {
      Question asked = any_question(crm, registry_.get("customers"), world, now);
      asked.scope = {name == "ann" ? Role::agent : Role::supervisor, id(name)};
      const Window& window = asked.query.window;
      const auto snapshot = open(asked);
      rollup::History history(*snapshot, settings_);
      const auto told = history.contacts(window);
      if (!told) {
        ++contacts_not_kept_;
        continue;
      }
      EXPECT_EQ(fmt::format("{} {}", told->contacts, told->came_before),
                scalar(url_, fmt::format("SELECT count(*) || ' ' || count(*) FILTER (WHERE first < '{0}') FROM (SELECT "
                                         "min(created_at AT TIME ZONE 'UTC') AS first, bool_or(assigned_agent_id IN "
                                         "({2}) AND created_at AT TIME ZONE 'UTC' "
                                         ">= '{0}' AND created_at AT TIME ZONE 'UTC' < '{1}') AS came FROM "
                                         "conversations WHERE contact_id IS NOT NULL "
                                         "GROUP BY contact_id) c WHERE came",
                                         to_iso(window.from), to_iso(window.to), whose)))
          << name << ' ' << asked.text() << " at " << to_iso(now);
    }
  }
  static std::string quoted(const std::string& name) { return "'" + id(name) + "'"; }

  int contacts_not_kept_ = 0;
};

TEST_P(StoredIsRaw, WhateverHappens) {
  registry_.add(efforts);
  zone(GetParam().zone);
  LivingCrm crm(url_, GetParam().seed);
  Instant now = parse_instant(GetParam().begin + "T08:00:00Z").value();
  const Instant first = now - hours(24 * 11);
  constexpr int rounds = 6;
  int compared = 0;
  for (int round = 0; round < rounds; ++round) {
    crm.live(now, 60);
    if (crm.one_in(4)) take_steps(now, {.most_changes = 7});
    now += crm.one_in(3)   ? hours(5 + crm.pick(20))
           : crm.one_in(2) ? minutes(20 + crm.pick(90))
                           : seconds(40 + crm.pick(400));
    if (crm.one_in(5)) now = minutes_start(now);
    crm.live(now, 10);
    // Changes wait: what they touch is not taken from storage.
    for (const auto& [name, fact] : registry_.all()) {
      const Question question = any_question(crm, fact, {first, now}, now);
      ASSERT_EQ(stored(question), raw(question)) << question.text() << "\nround " << round << ", before the step";
    }
    if (round > 0) contacts_are_those_of_the_rows(crm, {first, now}, now);
    hurry(crm, {first, now}, now);
    take_steps(now);
    for (int i = 0; i < 4; ++i) contacts_are_those_of_the_rows(crm, {first, now}, now);
    for (const auto& [name, fact] : registry_.all()) {
      for (int i = 0; i < 4; ++i) {
        const Question question = any_question(crm, fact, {first, now}, now);
        ++compared;
        ASSERT_EQ(stored(question), raw(question)) << question.text() << "\nround " << round << " at " << to_iso(now);
      }
    }
    EXPECT_TRUE(exact_) << "everything was noted and counted";
  }
  EXPECT_EQ(contacts_not_kept_, 0);
  EXPECT_EQ(compared, rounds * 19 * 4);
  EXPECT_GT(stored_periods_read_, 500) << "windows are answered from storage";
}

// Through a pooler the same statements arrive: two worlds tell whether a session's state reaches them.
std::vector<Case> worlds() {
  std::vector<Case> all{{"Utc", "UTC", "2026-03-10", 1},
                        {"BerlinSpring", "Europe/Berlin", "2026-03-28", 2},
                        {"BerlinAutumn", "Europe/Berlin", "2026-10-24", 3},
                        {"Kolkata", "Asia/Kolkata", "2026-03-10", 4},
                        {"LordHowe", "Australia/Lord_Howe", "2026-04-03", 5},
                        {"NewYork", "America/New_York", "2026-03-07", 6}};
  if (std::getenv("CRM_TEST_POOLED") != nullptr) all.resize(2);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Worlds, StoredIsRaw, ::testing::ValuesIn(worlds()),
                         [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace crm::testing
