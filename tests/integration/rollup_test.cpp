// A backfill: what it stores is what the raw rows say, whatever the CRM writes and whatever steps are taken meanwhile.

#include <map>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include "history_fixture.h"
#include "rollup/backfill.h"
#include "rollup/verify.h"

namespace crm::testing {
namespace {

using rollup::BackfillState;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::Field;
using ::testing::Ge;
using ::testing::IsEmpty;

class Rollup : public HistoryTest {
 protected:
  static Instant at(const std::string& text) { return parse_instant(text + "Z").value(); }

  template <typename... Rows>
  void given(const Rows&... rows) {
    std::string all;
    ((all += sql(rows)), ...);
    execute(url_, all);
  }

  // Of the business days up to the one of `now`.
  rollup::BackfillRules rules(Instant now, int days) const {
    const Instant today = zone_->start_of_day(now);
    rollup::BackfillRules rules;
    rules.span = {zone_->start_of_day(zone_->shift_days(today, -days)),
                  zone_->start_of_day(zone_->shift_days(today, 1))};
    rules.fed = true;
    rules.as_of = now;
    return rules;
  }
  BackfillState fill(const rollup::BackfillRules& rules, const rollup::BackfillWatcher& watcher = {}) {
    return rollup::backfill(house(), rules, watcher);
  }

  std::string all_counters() const {
    return scalar(url_,
                  "SELECT coalesce(string_agg(k::text, E'\\n' ORDER BY k::text), '') FROM crm_metrics.counters k");
  }
  std::int64_t number(const std::string& sql) const { return std::stoll(scalar(url_, sql)); }
  std::int64_t stored_days() const {
    return number("SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day' AND stale_since IS NULL");
  }

  void hold_against_rows(LivingCrm& crm, Instant first, Instant now, int questions) {
    for (const auto& [name, fact] : registry_.all()) {
      for (int i = 0; i < questions; ++i) {
        const Question question = any_question(crm, fact, {first, now}, now);
        ASSERT_EQ(stored(question), raw(question)) << question.text() << " at " << to_iso(now);
      }
    }
  }

  std::vector<rollup::Difference> differences(Instant now, std::uint64_t seed = 1, int windows = 90) {
    std::vector<rollup::Difference> found;
    verified_ = rollup::verify(house(), {.windows = windows, .seed = seed, .as_of = now},
                               [&](const rollup::Difference& one) { found.push_back(one); }, {});
    return found;
  }

  rollup::Verified verified_;
};

struct World {
  std::string name;
  std::string zone;
  std::string now;  // a change of clocks lies in the days before
  unsigned seed;
  std::size_t lanes;
  friend void PrintTo(const World& world, std::ostream* out) { *out << world.name; }
};

class BackfillIsRaw : public Rollup, public ::testing::WithParamInterface<World> {};

// Writes of the CRM and steps of a daemon between its turns.
TEST_P(BackfillIsRaw, WhateverIsWrittenMeanwhile) {
  zone(GetParam().zone);
  LivingCrm crm(url_, GetParam().seed);
  const Instant now = parse_instant(GetParam().now + "T13:27:00Z").value();
  constexpr int days = 9;
  for (int day = days; day >= 0; --day) crm.live(now - hours(24 * day), 40);
  auto rules = this->rules(now, days);
  rules.lanes = GetParam().lanes;
  rules.turn = rules.turn_alone = std::chrono::milliseconds(1);  // a day or few
  int steps = 0;
  int turns = 0;
  const BackfillState end = fill(rules, [&](const BackfillState&) {
    ++turns;
    if (crm.one_in(3)) crm.live(now, 4);
    if (!crm.one_in(6)) return;
    rollup::StepRules step{.as_of = now};
    step.lock_timeout = seconds(30);
    step.look_everywhere = crm.one_in(2);
    step.budget = std::chrono::milliseconds(20);
    take_step(step);
    ++steps;
  });
  EXPECT_GT(turns, 20);
  EXPECT_GT(steps, 2);
  EXPECT_EQ(end.facts, registry_.all().size());
  EXPECT_EQ(end.counted, end.wanted);
  hold_against_rows(crm, now - hours(24 * 11), now, 12);
  EXPECT_GT(stored_periods_read_, 200u);
  EXPECT_TRUE(exact_);
  take_steps(now);
  hold_against_rows(crm, now - hours(24 * 11), now, 6);
  EXPECT_THAT(differences(now), IsEmpty());
  EXPECT_GT(verified_.periods, 300u);
  EXPECT_TRUE(verified_.exact);
}

INSTANTIATE_TEST_SUITE_P(Worlds, BackfillIsRaw,
                         ::testing::Values(World{"Utc", "UTC", "2026-03-12", 11, 2},
                                           World{"BerlinSpring", "Europe/Berlin", "2026-04-02", 12, 1},
                                           World{"Kolkata", "Asia/Kolkata", "2026-03-12", 13, 2},
                                           World{"LordHowe", "Australia/Lord_Howe", "2026-04-09", 14, 2}),
                         [](const auto& one) { return one.param.name; });

TEST_F(Rollup, StoresEveryDayOfEveryFactOnce) {
  LivingCrm crm(url_, 21);
  const Instant now = at("2026-03-12T13:27:00");
  for (int day = 6; day >= 0; --day) crm.live(now - hours(24 * day), 40);
  const BackfillState first = fill(rules(now, 6));
  const auto facts = static_cast<std::int64_t>(registry_.all().size());
  EXPECT_EQ(stored_days(), facts * 6) << "today is not over";
  EXPECT_EQ(number("SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'hour'"), facts * (6 * 24 + 13));
  EXPECT_EQ(first.counted, static_cast<std::size_t>(facts * 7));
  EXPECT_EQ(first.days_counted, 7u);
  EXPECT_EQ(first.stored_before, 0u);
  const BackfillState second = fill(rules(now, 6));
  EXPECT_EQ(second.counted, 0u) << "all that is stored holds";
  EXPECT_EQ(second.stored_before, static_cast<std::size_t>(facts * 7));
  const BackfillState further = fill(rules(now, 8));
  EXPECT_EQ(further.counted, static_cast<std::size_t>(facts * 2));
}

TEST_F(Rollup, CountsTheNewestDaysFirst) {
  LivingCrm crm(url_, 22);
  const Instant now = at("2026-03-12T13:27:00");
  for (int day = 6; day >= 0; --day) crm.live(now - hours(24 * day), 20);
  auto all = rules(now, 6);
  all.lanes = 1;
  all.turn = all.turn_alone = std::chrono::milliseconds(1);
  std::string oldest = "2026-03-13";
  fill(all, [&](const BackfillState& state) {
    if (!state.complete_from) return;
    EXPECT_LE(to_iso(*state.complete_from), oldest);
    oldest = to_iso(*state.complete_from);
    EXPECT_EQ(number("SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'hour' AND start = '" + oldest + "'"),
              static_cast<std::int64_t>(registry_.all().size()));
  });
  EXPECT_EQ(oldest, "2026-03-06T00:00:00Z");
}

TEST_F(Rollup, FillsTheTablesForOtherReaders) {
  LivingCrm crm(url_, 23);
  const Instant now = at("2026-03-12T13:27:00");
  for (int day = 6; day >= 0; --day) crm.live(now - hours(24 * day), 40);
  const BackfillState end = fill(rules(now, 20));
  EXPECT_EQ(end.weeks_shown, 4u);
  EXPECT_EQ(number("SELECT count(*) FROM crm_metrics.analytics_snapshots WHERE snapshot_type = 'daily'"), 20);
  EXPECT_EQ(number("SELECT count(*) FROM crm_metrics.fact_periods WHERE grain = 'day' AND NOT shown"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM crm_metrics.conversation_metrics"),
            number("SELECT count(*) FROM conversations WHERE created_at <= '2026-03-12 13:27'"));
}

// Counters.

TEST_F(Rollup, WhatWasBeforeCountersBeganNeverReachesThem) {
  LivingCrm crm(url_, 24);
  const Instant now = at("2026-03-12T13:27:00");
  for (int day = 9; day >= 0; --day) crm.live(now - hours(24 * day), 40);
  fill(rules(now, 3));
  EXPECT_EQ(all_counters(), "");
  EXPECT_EQ(scalar(url_, "SELECT counting_since IS NULL FROM crm_metrics.rollup_state"), "t")
      << "they begin with a daemon's first step";
  take_step({.look_everywhere = false, .as_of = now});
  crm.live(now + minutes(5), 30);
  take_steps(now + minutes(10), {.look_everywhere = false});
  const std::string before = all_counters();
  EXPECT_NE(before, "");
  fill(rules(now + minutes(10), 9));
  EXPECT_EQ(all_counters(), before);
  settings_.sla.first_response_seconds = 60;
  settings_.sla.count_bot_replies = true;
  start_anew();
  EXPECT_GT(fill(rules(now + minutes(10), 9)).counted, 0u);
  EXPECT_EQ(all_counters(), before) << "other settings are no event";
}

// What happened while no daemon ran, and what was committed late: as a step would count it, and once.
TEST_F(Rollup, WhatHappenedSinceIsCountedOnceWhoeverStoresIt) {
  take_steps(at("2026-03-10T09:02:00"));
  given(Conversation{.name = "same hour", .created = "2026-03-10 09:01:30"},
        Conversation{.name = "night", .created = "2026-03-11 03:00"},
        Conversation{.name = "day", .created = "2026-03-12 12:00"});
  const auto created = [&] {
    return number(
        "SELECT coalesce(sum(n[array_position(names, 'created')]), 0) FROM crm_metrics.counters WHERE fact = "
        "'conversations' "
        "AND agent = '*'");
  };
  fill(rules(at("2026-03-14T10:00:00"), 5));
  take_steps(at("2026-03-14T10:00:00"));
  EXPECT_EQ(created(), 3);
  fill(rules(at("2026-03-14T10:00:00"), 5));
  EXPECT_EQ(created(), 3);
}

// Rows that are gone.

TEST_F(Rollup, WhatTheCrmHasPrunedStaysCounted) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-01-05 09:00"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-01-05 09:10"},
        Message{.conversation = "c", .sender = "agent", .at = "2026-01-05 09:12"},
        Message{.conversation = "c", .sender = "customer", .at = "2026-01-06 09:10"});
  const Instant now = at("2026-03-10T12:00:00");
  fill(rules(now, 70));
  execute(url_, "DELETE FROM messages");
  take_steps(now);
  ASSERT_GT(number("SELECT count(*) FROM crm_metrics.fact_periods WHERE frozen"), 0);
  const auto january = [&](const std::string& fact) {
    const Question asked{&registry_.get(fact),
                         {.fact = fact, .window = {at("2026-01-05T00:00:00"), at("2026-01-07T00:00:00")}},
                         Scope::everyone(),
                         now};
    return stored(asked).at("- - -")[0];
  };
  const auto hold = [&] {
    EXPECT_EQ(january("messages"), 2) << "inbound";
    EXPECT_EQ(january("turns"), 1);
    EXPECT_EQ(january("first_responses"), 1);
  };
  hold();
  fill(rules(now, 70));
  hold();
  settings_.sla.count_bot_replies = true;
  start_anew();
  fill(rules(now, 70));
  hold();
  EXPECT_THAT(differences(now), IsEmpty());
  EXPECT_GT(verified_.left_out, 0);
}

// Without triggers.

TEST_F(Rollup, WithoutTriggersItIsCountedAgainLater) {
  given(Conversation{.name = "c", .created = "2026-03-10 06:00"});
  execute(url_, "ALTER TABLE messages DISABLE TRIGGER USER; ALTER TABLE conversations DISABLE TRIGGER USER;");
  auto unfed = rules(at("2026-03-10T12:00:00"), 3);
  unfed.fed = false;
  fill(unfed);
  EXPECT_EQ(scalar(url_,
                   "SELECT next_due FROM crm_metrics.fact_periods WHERE fact = 'conversations' AND grain = 'hour' AND "
                   "start = '2026-03-10 06:00Z'"),
            "2026-03-10 21:15:00+09")
      << "a quarter of an hour after as_of, as its minutes, in the server's zone";
  given(Conversation{.name = "old", .created = "2026-03-10 06:10"});
  unfed.as_of = at("2026-03-10T13:01:00");
  fill(unfed);
  const Question asked{&registry_.get("conversations"),
                       {.fact = "conversations", .window = {at("2026-03-10T00:00:00"), at("2026-03-10T13:00:00")}},
                       Scope::everyone(),
                       *unfed.as_of};
  EXPECT_EQ(stored(asked).at("- - -")[0], 2);
  EXPECT_FALSE(exact_);
}

TEST_F(Rollup, TriggersThatAreNewMakeWhatWasStoredBeCountedAgain) {
  given(Conversation{.name = "c", .created = "2026-03-08 09:00"});
  const Instant now = at("2026-03-10T12:00:00");
  auto unfed = rules(now, 3);
  unfed.fed = false;
  fill(unfed);
  fill(rules(now + seconds(1), 3));
  EXPECT_EQ(number("SELECT count(*) FROM crm_metrics.fact_periods WHERE grain <> 'minutes' AND as_of < '2026-03-10 "
                   "12:00:01Z'"),
            0)
      << "something may have been missed";
  const auto result = take_steps(now + seconds(1));
  EXPECT_THAT(result.notes, IsEmpty()) << "the triggers are no news for a daemon";
}

// Several at once.

TEST_F(Rollup, TwoAtOnceAndADaemonStoreTheSame) {
  LivingCrm crm(url_, 25);
  const Instant now = at("2026-03-12T13:27:00");
  for (int day = 9; day >= 0; --day) crm.live(now - hours(24 * day), 30);
  auto both = rules(now, 9);
  both.turn = both.turn_alone = std::chrono::milliseconds(2);
  both.lock_timeout = std::chrono::milliseconds(50);
  const auto one = [&](const std::stop_token&) {
    source::Postgres own(options(), settings_);
    rollup::backfill({&own, rollup::all_facts(registry_), zone_.get()}, both, {});
  };
  {
    std::jthread first(one);
    std::jthread second(one);
    std::jthread daemon([&](const std::stop_token& stop) {
      source::Postgres own(options(), settings_);
      rollup::StepRules rules{.as_of = now};
      rules.fed = true;
      rules.fill = std::chrono::days(9);
      rules.budget = std::chrono::milliseconds(10);
      while (!stop.stop_requested()) {
        try {
          rollup::take_step({&own, rollup::all_facts(registry_), zone_.get()}, rules);
        } catch (const source::Busy&) {
        } catch (const source::Outrun&) {
        }
      }
    });
    first.join();
    second.join();
  }
  hold_against_rows(crm, now - hours(24 * 11), now, 8);
  EXPECT_EQ(fill(rules(now, 9)).counted, 0u);
}

TEST_F(Rollup, WaitsWhileAStepIsTaken) {
  given(Conversation{.name = "c", .created = "2026-03-10 06:00"});
  pqxx::connection other(url_);
  auto holder = std::make_unique<pqxx::work>(other);
  holder->exec("LOCK TABLE crm_metrics.rollup_state IN EXCLUSIVE MODE");
  auto patient = rules(at("2026-03-10T12:00:00"), 2);
  patient.lock_timeout = std::chrono::milliseconds(20);
  bool waited = false;
  const BackfillState end = fill(patient, [&](const BackfillState& state) {
    if (!state.waits || !holder) return;
    waited = true;
    holder->commit();
    holder.reset();
  });
  EXPECT_TRUE(waited);
  EXPECT_EQ(end.counted, end.wanted);
}

// verify.

TEST_F(Rollup, VerifyFindsANumberThatWasTamperedWithInEveryTable) {
  LivingCrm crm(url_, 26);
  const Instant now = at("2026-03-12T13:27:00");
  for (int day = 9; day >= 0; --day) crm.live(now - hours(24 * day), day == 0 ? 400 : 60);
  fill(rules(now, 10));
  ASSERT_THAT(differences(now), IsEmpty());
  struct Tampered {
    std::string fact;
    std::string column;
    std::string set;
    std::string table;
  };
  const std::vector<Tampered> all{
      Tampered{"campaign_messages", "created", "created = created + 1", "fact_campaign_messages"},
      Tampered{"conversations", "resolved", "resolved = resolved + 1", "fact_conversations"},
      Tampered{"first_responses", "response[2]", "response[2] = response[2] + 1", "fact_first_responses"},
      Tampered{"messages", "read", "read = read + 1", "fact_messages"},
      Tampered{"resolutions", "resolution_ms", "resolution_ms = resolution_ms + 1", "fact_resolutions"},
      Tampered{"sla", "breached", "breached = breached + 1", "fact_sla"},
      Tampered{"turns", "answered", "answered = answered + 1", "fact_turns"},
      Tampered{"open_conversations", "open", "open = open + 1", "fact_open_conversations"},
      Tampered{"waiting", "overdue", "overdue = overdue + 1", "fact_waiting"},
      Tampered{"message_failures", "failed", "n = n + 1", "fact_values"}};
  std::map<std::string, std::size_t> met;
  for (const std::string grain : {"day", "hour", "minutes"}) {
    for (const Tampered& one : all) {
      execute(url_,
              fmt::format("CREATE TABLE kept_{2} AS SELECT * FROM crm_metrics.{0}; UPDATE crm_metrics.{0} SET {1} "
                          "WHERE grain = '{3}'",
                          one.table, one.set, one.fact, grain));
    }
    const auto found = differences(now);
    // Minutes are met at the edges of windows only: those of a fact of which there are a handful may not be.
    const int enough = grain == "minutes" ? 40 : 1;
    for (const Tampered& one : all) {
      if (number(fmt::format("SELECT count(*) FROM kept_{} WHERE grain = '{}'", one.fact, grain)) >= enough) {
        ++met[grain];
        EXPECT_THAT(found, Contains(AllOf(Field(&rollup::Difference::fact, one.fact),
                                          Field(&rollup::Difference::column, one.column))))
            << one.fact << " by " << grain;
      }
      execute(url_,
              fmt::format("TRUNCATE crm_metrics.{0}; INSERT INTO crm_metrics.{0} SELECT * FROM kept_{1}; DROP TABLE "
                          "kept_{1}",
                          one.table, one.fact));
    }
  }
  EXPECT_EQ(met["day"], all.size());
  EXPECT_EQ(met["hour"], all.size());
  EXPECT_GE(met["minutes"], 4u);
  EXPECT_THAT(differences(now), IsEmpty());
}

TEST_F(Rollup, VerifySaysWhichNumberDiffers) {
  given(Conversation{.name = "c", .agent = "ann", .created = "2026-03-08 09:00"});
  const Instant now = at("2026-03-10T12:00:00");
  fill(rules(now, 3));
  EXPECT_THAT(differences(now, 1, 60), IsEmpty());
  execute(url_, "UPDATE crm_metrics.fact_conversations SET created = 7 WHERE agent = '" + id("ann") + "'");
  const auto found = differences(now, 1, 60);
  ASSERT_FALSE(found.empty());
  for (const auto& one : found) {
    EXPECT_EQ(one.fact, "conversations");
    EXPECT_EQ(one.column, "created");
    EXPECT_THAT(one.stored, Ge(-6));
  }
  const auto again = differences(now, 1, 60);
  EXPECT_EQ(found.size(), again.size()) << "the same seed asks the same";
}

}  // namespace
}  // namespace crm::testing
