#include "app/rollup_progress.h"

#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/command_line.h"

namespace crm::app {
namespace {

using rollup::BackfillState;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

class Progress : public ::testing::Test {
 protected:
  RollupProgress progress(bool terminal) { return {out_, terminal, *zone_, span_, {}}; }
  static RollupProgress::Time at(milliseconds since) { return RollupProgress::Time(since); }
  static BackfillState facts(std::size_t counted) {
    return {.facts = 8, .counted = counted, .wanted = 80, .days_counted = counted / 8, .days = 10};
  }
  std::string written() {
    std::string text = out_.str();
    out_.str("");
    return text;
  }

  std::ostringstream out_;
  const std::shared_ptr<const calendar::Zone> zone_ = calendar::Zone::load("Europe/Berlin");
  const Window span_{parse_instant("2026-03-01T00:00:00+01:00").value(),
                     parse_instant("2026-03-11T00:00:00+01:00").value()};
};

TEST_F(Progress, IsOneLineDrawnAnewOnATerminal) {
  RollupProgress progress = this->progress(true);
  progress.show(facts(0), at(milliseconds(50)));
  EXPECT_EQ(written(), "") << "not more than ten times a second";
  progress.show(facts(40), at(seconds(10)));
  EXPECT_EQ(written(), "\r 50 % facts [############............] 5 of 10 days, 0.5 days/s, 10 s left\x1b[K");
  progress.end();
  EXPECT_EQ(written(), "\n");
  progress.end();
  EXPECT_EQ(written(), "");
}

TEST_F(Progress, IsALineEveryFiveSecondsElsewhere) {
  RollupProgress progress = this->progress(false);
  progress.show(facts(8), at(seconds(4)));
  EXPECT_EQ(written(), "");
  progress.show(facts(20), at(seconds(5)));
  EXPECT_EQ(written(), " 25 % facts [######..................] 2 of 10 days, 0.5 days/s, 15 s left\n");
  progress.show(facts(24), at(seconds(9)));
  EXPECT_EQ(written(), "");
  BackfillState state = facts(24);
  state.waits = true;
  progress.show(state, at(seconds(10)));
  EXPECT_EQ(written(),
            " 30 % facts [#######.................] 3 of 10 days, 0.3 days/s, 24 s left, waits for its turn\n");
}

TEST_F(Progress, EachPartBeginsWithALine) {
  RollupProgress progress = this->progress(false);
  BackfillState state = facts(80);
  state.phase = BackfillState::Phase::tables;
  progress.show(state, at(seconds(20)));
  EXPECT_EQ(written(), "analytics_snapshots: 0 weeks; conversation_metrics\n");
  state.weeks_shown = 1;
  state.derived_from = parse_instant("2026-03-09T12:00:00+01:00").value();
  progress.show(state, at(seconds(26)));
  EXPECT_EQ(written(),
            " 15 % analytics_snapshots: 1 week; conversation_metrics [###.....................] back to 2026-03-09, "
            "0.2 days/s, 34 s left\n");
  state.derived_from = span_.from;
  progress.show(state, at(seconds(31)));
  EXPECT_EQ(written(), "analytics_snapshots: 1 week; conversation_metrics: all\n");
}

TEST(HowLong, IsSaidInWholeUnits) {
  EXPECT_EQ(how_long(milliseconds(1)), "1 s");
  EXPECT_EQ(how_long(seconds(99)), "99 s");
  EXPECT_EQ(how_long(seconds(100)), "2 min");
  EXPECT_EQ(how_long(minutes(200)), "3 h 20 min");
}

TEST(RollupOptions, AreDaysAndNumbers) {
  EXPECT_TRUE(std::holds_alternative<std::chrono::sys_days>(parse_day("from", "2026-03-01")));
  EXPECT_TRUE(std::holds_alternative<Instant>(parse_day("from", "2026-03-01T08:00:00+05:30")));
  for (const char* text : {"", " ", "2026-3-1", "2026-02-30", "2026-03-01T08:00", "today", "1772323200"}) {
    EXPECT_THROW(parse_day("from", text), std::invalid_argument) << text;
  }
  EXPECT_EQ(parse_number("windows", "100", 1, 1000), 100u);
  for (const char* text : {"", "0", "1001", "-1", "1e2", " 5", "99999999999999999999"}) {
    EXPECT_THROW(parse_number("windows", text, 1, 1000), std::invalid_argument) << text;
  }
}

TEST(Commands, OfRollupAreThree) {
  EXPECT_EQ(parse_command({"rollup"}), Command::rollup);
  EXPECT_EQ(parse_command({"rollup", "status"}), Command::rollup_status);
  EXPECT_EQ(parse_command({"rollup", "verify"}), Command::rollup_verify);
}

}  // namespace
}  // namespace crm::app
