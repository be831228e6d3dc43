// analytics_snapshots: the stored hours as JSON, and their sums by day and week. Hand-counted, and held against the raw
// rows and against one another while the CRM does whatever it does.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <pqxx/pqxx>

#include "history_fixture.h"

namespace crm::testing {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using Json = nlohmann::json;

// By type and start: "hourly 2026-03-10T09:00:00Z".
using Shown = std::map<std::string, Json>;

void add(Json& sum, const Json& more) {
  for (const auto& [name, value] : more.items()) {
    if (value.is_object()) {
      if (!sum.contains(name)) sum[name] = Json::object();
      add(sum[name], value);
    } else {
      sum[name] = sum.value(name, std::int64_t{0}) + value.get<std::int64_t>();
    }
  }
}

class Snapshots : public HistoryTest {
 protected:
  Shown shown() const {
    pqxx::connection connection(url_);
    pqxx::nontransaction query(connection);
    Shown rows;
    for (const auto& row :
         query.exec("SELECT snapshot_type, to_char(snapshot_date, 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), metrics "
                    "FROM crm_metrics.analytics_snapshots")) {
      rows[std::string(row[0].c_str()) + " " + row[1].c_str()] = Json::parse(row[2].c_str());
    }
    return rows;
  }
  std::vector<std::string> starts(const std::string& type) const {
    std::vector<std::string> starts;
    for (const auto& [name, row] : shown()) {
      if (name.substr(0, type.size()) == type) starts.push_back(name.substr(type.size() + 1));
    }
    return starts;
  }
  static Json sum_of(const Shown& rows, const std::string& type, const std::vector<Instant>& starts) {
    Json sum = Json::object();
    for (const Instant start : starts) add(sum, rows.at(type + " " + to_iso(start)));
    return sum;
  }

  // A day's row is the sum of its hours', a week's of its days'; returns how many such sums there are.
  int hold_sums() {
    const Shown rows = shown();
    int sums = 0;
    for (const auto& [name, row] : rows) {
      const std::string type = name.substr(0, name.find(' '));
      if (type == "hourly") continue;
      const Instant start = parse_instant(name.substr(type.size() + 1)).value();
      const bool daily = type == "daily";
      const Window period{start, zone_->start_of_day(zone_->shift_days(start, daily ? 1 : 7))};
      EXPECT_EQ(row, daily ? sum_of(rows, "hourly", zone_->hours(period)) : sum_of(rows, "daily", zone_->days(period)))
          << name;
      ++sums;
    }
    return sums;
  }

  // The row that the raw rows of a business hour make, as they are now.
  Json raw_hour(Instant start, Instant as_of) {
    const auto next = zone_->hours({start, start + hours(2)});
    Json row{{"agents", Json::object()}};
    for (const auto& [name, fact] : registry_.all()) {
      if (fact.of_now) continue;
      Json none = Json::object();
      for (const auto& column : fact.columns) none[column.name] = 0;
      row[name] = fact.keyed ? Json::object() : none;
      const FactTable table =
          raw_table({&fact, {name, {start, next.at(1)}, {Axis::agent, Axis::key}}, Scope::everyone(), as_of});
      for (const FactRow& group : table.rows()) {
        Json numbers = Json::object();
        for (std::size_t i = 0; i < fact.columns.size(); ++i) numbers[fact.columns[i].name] = group.values[i];
        const auto nested = [&]() -> Json { return fact.keyed ? Json{{group.key.value_or(""), numbers}} : numbers; }();
        add(row[name], nested);
        if (group.agent) {
          Json& of_agent = row["agents"][*group.agent][name];
          if (of_agent.is_null()) of_agent = Json::object();
          add(of_agent, nested);
        }
      }
    }
    return row;
  }
};

// Tuesday, 10 March 2026.
TEST_F(Snapshots, AnHourIsShownWhenItHasEnded) {
  given(
      Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:00", .resolved = "2026-03-10 09:50"},
      Conversation{.name = "b", .agent = "ben", .created = "2026-03-10 09:10"},
      Conversation{.name = "c", .created = "2026-03-10 09:20"},
      Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:00"},
      Message{.conversation = "a", .sender = "agent", .at = "2026-03-10 09:02"},
      Message{
          .conversation = "b", .sender = "agent", .at = "2026-03-10 09:30", .status = "failed", .reason = "131026: no"},
      Message{.sender = "agent", .at = "2026-03-10 09:40", .status = "failed", .reason = "131026: no"});
  take_steps(at("2026-03-10T09:59:50"));
  EXPECT_FALSE(shown().contains("hourly 2026-03-10T09:00:00Z"));
  take_steps(at("2026-03-10T10:00:05"));
  const Json row = shown().at("hourly 2026-03-10T09:00:00Z");
  EXPECT_EQ(row["conversations"], Json({{"created", 3}, {"resolved", 1}}));
  EXPECT_EQ(row["turns"], Json({{"answered", 1}, {"response_ms", 120'000}}));
  EXPECT_EQ(row["first_responses"], Json({{"answered", 1}, {"response_ms", 120'000}}));
  EXPECT_EQ(row["resolutions"], Json({{"resolved", 1}, {"resolution_ms", 50 * 60 * 1'000}}));
  EXPECT_EQ(row["sla"], Json({{"compliant", 1}, {"breached", 0}, {"answered", 1}, {"response_ms", 120'000}}));
  EXPECT_EQ(row["messages"]["inbound"], 1);
  EXPECT_EQ(row["messages"]["outbound"], 3);
  EXPECT_EQ(row["messages"]["failed"], 2);
  EXPECT_EQ(row["message_failures"], Json({{"131026", {{"failed", 2}}}}));
  EXPECT_EQ(row["campaign_messages"]["created"], 0);
  ASSERT_EQ(row["agents"].size(), 2U);
  EXPECT_EQ(row["agents"][id("ann")]["conversations"], Json({{"created", 1}, {"resolved", 1}}));
  EXPECT_EQ(row["agents"][id("ben")]["message_failures"], Json({{"131026", {{"failed", 1}}}}))
      << "the other is nobody's";
  EXPECT_FALSE(row["agents"][id("ben")].contains("turns"));
  EXPECT_EQ(scalar(url_,
                   "SELECT count(*) FROM crm_metrics.analytics_snapshots WHERE snapshot_type <> 'hourly' AND "
                   "snapshot_date >= '2026-03-10'"),
            "0")
      << "neither the day nor the week is over";
}

TEST_F(Snapshots, AnHourInWhichNothingHappenedIsZeros) {
  take_steps(at("2026-03-10T10:00:05"));
  const Json row = shown().at("hourly 2026-03-10T09:00:00Z");
  EXPECT_EQ(row["conversations"], Json({{"created", 0}, {"resolved", 0}}));
  EXPECT_EQ(row["message_failures"], Json::object());
  EXPECT_EQ(row["agents"], Json::object());
}

TEST_F(Snapshots, ADayAndAWeekAreShownWhenTheyHaveEnded) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-09 09:00"},  // Monday
        Conversation{.name = "b", .agent = "ann", .created = "2026-03-15 23:59"},  // Sunday
        Conversation{.name = "c", .agent = "ben", .created = "2026-03-15 08:00"},
        Conversation{.name = "d", .agent = "ben", .created = "2026-03-16 00:00"});  // the next Monday
  take_steps(at("2026-03-15T23:59:59"));
  EXPECT_FALSE(shown().contains("daily 2026-03-15T00:00:00Z"));
  EXPECT_FALSE(shown().contains("weekly 2026-03-09T00:00:00Z"));
  take_steps(at("2026-03-16T00:00:15"));
  Shown rows = shown();
  EXPECT_EQ(rows.at("daily 2026-03-15T00:00:00Z")["conversations"]["created"], 2);
  EXPECT_EQ(rows.at("weekly 2026-03-09T00:00:00Z")["conversations"]["created"], 3);
  EXPECT_EQ(rows.at("weekly 2026-03-09T00:00:00Z")["agents"][id("ann")]["conversations"]["created"], 2);
  EXPECT_FALSE(rows.contains("hourly 2026-03-16T00:00:00Z"));
  EXPECT_GT(hold_sums(), 8);
}

TEST_F(Snapshots, ALateChangeIsShownInItsHourDayAndWeek) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-05 09:10"});
  take_steps(at("2026-03-10T10:00:05"));
  const auto created = [&](const std::string& row) { return shown().at(row)["conversations"]["created"].get<int>(); };
  const auto written = [&](const std::string& row) {
    return scalar(
        url_, fmt::format("SELECT created_at FROM crm_metrics.analytics_snapshots WHERE concat_ws(' ', snapshot_type, "
                          "snapshot_date) = '{}'",
                          row));
  };
  given(Conversation{.name = "b", .created = "2026-03-05 09:40"});
  take_steps(at("2026-03-10T10:05:00"));
  EXPECT_EQ(created("hourly 2026-03-05T09:00:00Z"), 2);
  EXPECT_EQ(created("hourly 2026-03-05T10:00:00Z"), 0);
  EXPECT_EQ(created("daily 2026-03-05T00:00:00Z"), 2);
  EXPECT_EQ(created("weekly 2026-03-02T00:00:00Z"), 2);
  EXPECT_EQ(written("weekly 2026-03-02 00:00:00"), "2026-03-10 10:05:00");
  EXPECT_EQ(written("daily 2026-03-04 00:00:00"), "2026-03-10 10:00:05") << "nothing has changed in it";
  execute(url_, "DELETE FROM conversations");
  take_steps(at("2026-03-10T10:06:00"));
  EXPECT_EQ(created("hourly 2026-03-05T09:00:00Z"), 0);
  EXPECT_EQ(shown().at("weekly 2026-03-02T00:00:00Z")["agents"], Json::object());
  hold_sums();
}

TEST_F(Snapshots, WhatTimeAloneChangesIsShown) {
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-10 09:58"},
        Message{.conversation = "a", .sender = "customer", .at = "2026-03-10 09:58"});
  take_steps(at("2026-03-10T10:00:05"));
  EXPECT_EQ(shown().at("hourly 2026-03-10T09:00:00Z")["sla"]["breached"], 0);
  take_steps(at("2026-03-10T10:03:01"));  // 300 s have passed
  EXPECT_EQ(shown().at("hourly 2026-03-10T09:00:00Z")["sla"]["breached"], 1);
}

TEST_F(Snapshots, TheFirstStepAfterAnHourWritesIt) {
  take_steps(at("2026-03-10T09:59:00"));
  take_steps(at("2026-03-10T09:59:59"), {.look_everywhere = false});
  EXPECT_FALSE(shown().contains("hourly 2026-03-10T09:00:00Z"));
  take_steps(at("2026-03-10T10:00:01"), {.look_everywhere = false});
  EXPECT_TRUE(shown().contains("hourly 2026-03-10T09:00:00Z"));
}

TEST_F(Snapshots, WeeksOverAChangeOfClocks) {
  zone("Europe/Berlin");
  given(Conversation{.name = "a", .agent = "ann", .created = "2026-03-22 22:59"},   // Sunday 23:59 in winter
        Conversation{.name = "b", .agent = "ann", .created = "2026-03-22 23:00"},   // Monday 00:00
        Conversation{.name = "c", .agent = "ann", .created = "2026-03-29 01:30"},   // Sunday 03:30 in summer
        Conversation{.name = "d", .agent = "ann", .created = "2026-03-29 21:59"},   // Sunday 23:59
        Conversation{.name = "e", .agent = "ann", .created = "2026-03-29 22:00"});  // Monday 00:00
  take_steps(at("2026-04-01T10:00:00"));
  const Shown rows = shown();
  EXPECT_EQ(rows.at("weekly 2026-03-22T23:00:00Z")["conversations"]["created"], 3);  // b, c, d
  EXPECT_EQ(rows.at("daily 2026-03-28T23:00:00Z")["conversations"]["created"], 2);   // c, d
  EXPECT_EQ(rows.at("daily 2026-03-29T22:00:00Z")["conversations"]["created"], 1);   // e
  const auto hourly = starts("hourly");
  EXPECT_EQ(std::count_if(hourly.begin(), hourly.end(),
                          [](const std::string& start) { return start >= "2026-03-22T23" && start < "2026-03-29T22"; }),
            7 * 24 - 1);
  EXPECT_GT(hold_sums(), 8);
}

TEST_F(Snapshots, AnotherZonesDaysAndWeeksGo) {
  take_steps(at("2026-03-18T10:00:00"));
  EXPECT_TRUE(shown().contains("weekly 2026-03-09T00:00:00Z"));
  zone("Asia/Kolkata");
  start_anew();
  take_steps(at("2026-03-18T10:01:00"));
  EXPECT_THAT(starts("weekly"),
              ElementsAre("2026-03-08T18:30:00Z"));  // fourteen days back is the middle of the week before
  const auto hourly = starts("hourly");
  EXPECT_EQ(std::count_if(hourly.begin(), hourly.end(),
                          [](const std::string& start) { return start > "2026-03-09" && start.substr(14, 2) == "00"; }),
            0);
  EXPECT_GT(hold_sums(), 7);
}

TEST_F(Snapshots, AFactThatIsNotStoredForTheWholeOfAPeriodIsNotInItsRow) {
  take_steps(at("2026-03-16T10:00:00"));
  execute(url_, "DELETE FROM crm_metrics.fact_periods WHERE fact = 'turns' AND start = '2026-03-12 09:00+00'");
  execute(url_, "UPDATE crm_metrics.fact_periods SET shown = false WHERE start = '2026-03-12 09:00+00'");
  take_steps(at("2026-03-16T10:00:01"));
  const Shown rows = shown();
  for (const char* row : {"hourly 2026-03-12T09:00:00Z", "daily 2026-03-12T00:00:00Z", "weekly 2026-03-09T00:00:00Z"}) {
    EXPECT_FALSE(rows.at(row).contains("turns")) << row;
    EXPECT_TRUE(rows.at(row).contains("sla")) << row;
  }
  EXPECT_TRUE(rows.at("hourly 2026-03-12T10:00:00Z").contains("turns"));
}

// --- whatever happens ------------------------------------------------------------------------------------------------

struct Case {
  std::string zone;
  std::string begin;  // a change of clocks lies in what follows
  unsigned seed;
};

class SnapshotsOfAWorld : public Snapshots, public ::testing::WithParamInterface<Case> {};

TEST_P(SnapshotsOfAWorld, AreTheRawRowsAndAddUp) {
  zone(GetParam().zone);
  LivingCrm crm(url_, GetParam().seed);
  Instant now = at(GetParam().begin + "T08:00:00");
  int sums = 0;
  int compared = 0;
  for (int round = 0; round < 8; ++round) {
    crm.live(now, 60);
    if (crm.one_in(3)) {
      take_step({.most_changes = 7, .budget = std::chrono::milliseconds(150), .as_of = now});  // not to its end
      sums += hold_sums();
    }
    now += crm.one_in(2) ? hours(7 + crm.pick(30)) : minutes(20 + crm.pick(90));
    crm.live(now, 10);
    take_steps(now);
    sums += hold_sums();
    for (const auto& start : starts("hourly")) {
      if (!crm.one_in(20)) continue;
      const Instant hour = parse_instant(start).value();
      ASSERT_EQ(shown().at("hourly " + start), raw_hour(hour, now))
          << start << " in round " << round << " at " << to_iso(now);
      ++compared;
    }
  }
  EXPECT_GT(sums, 8 * 14);
  EXPECT_GT(compared, 8 * 10);
}

INSTANTIATE_TEST_SUITE_P(Worlds, SnapshotsOfAWorld,
                         ::testing::Values(Case{"Europe/Berlin", "2026-03-28", 21},
                                           Case{"Australia/Lord_Howe", "2026-04-03", 22}),
                         [](const auto& world) { return world.param.zone == "Europe/Berlin" ? "Berlin" : "LordHowe"; });

}  // namespace
}  // namespace crm::testing
