#include "rollup/table_queue.h"

#include <thread>

#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

namespace crm::rollup {
namespace {

using namespace std::chrono_literals;
using testing::at;

// A database that takes as long as it is told to.
class TableQueueLooks : public ::testing::Test {
 protected:
  std::int64_t completed_last_minute(const std::string& now) {
    const auto states = queue_.look(at(now), 24h, [&](const Statement& statement, const source::Binding&) {
      if (statement.name.find("pending") != std::string::npos) return Rows({"depth", "oldest"}, {{"0", std::nullopt}});
      ++looks_;
      std::this_thread::sleep_for(takes_);
      // The minute before the one that goes on is the last but one of those asked for: 15 or 1 before it.
      const int last = looks_ == 1 ? 15 : 1;
      return Rows({"minute", "sent", "failed"}, {{std::to_string(last), std::to_string(sent_), "0"}});
    });
    return states.at(0).completed_last_minute;
  }

  TableQueue queue_;
  std::chrono::milliseconds takes_{0};
  int sent_ = 0;
  int looks_ = 0;
};

TEST_F(TableQueueLooks, AreMadeForEachAnswerWhereTheyAreCheap) {
  completed_last_minute("2026-03-10T12:01:20Z");
  sent_ = 7;
  EXPECT_EQ(completed_last_minute("2026-03-10T12:01:20Z"), 7);
  EXPECT_EQ(looks_, 2);
}

TEST_F(TableQueueLooks, ThatAreDearServeAnswersOfTheNextMoments) {
  sent_ = 5;
  takes_ = 60ms;
  EXPECT_EQ(completed_last_minute("2026-03-10T12:01:20Z"), 5);
  sent_ = 6;
  EXPECT_EQ(completed_last_minute("2026-03-10T12:01:21Z"), 5) << "twenty times as long as a look takes";
  EXPECT_EQ(looks_, 1);
  EXPECT_EQ(completed_last_minute("2026-03-10T12:01:59Z"), 6);
  EXPECT_EQ(looks_, 2);
}

TEST_F(TableQueueLooks, ServeNoAnswersOfAnotherMinute) {
  takes_ = 60ms;
  completed_last_minute("2026-03-10T12:01:59.9Z");
  completed_last_minute("2026-03-10T12:02:00.1Z");
  EXPECT_EQ(looks_, 2);
}

TEST_F(TableQueueLooks, OfAnotherDatabaseAreMadeAnew) {
  takes_ = 60ms;
  completed_last_minute("2026-03-10T12:01:20Z");
  queue_.begin_again();
  completed_last_minute("2026-03-10T12:01:20Z");
  EXPECT_EQ(looks_, 2);
}

}  // namespace
}  // namespace crm::rollup
