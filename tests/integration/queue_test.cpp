// BullMQ's queues as the daemon sees them: 4, 5 and 6, each with its own producers and workers, on a real Redis.
// It is 12:01:20 unless a test says else; BullMQ's clock says 12:00:10 and goes on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bullmq/bullmq.h"
#include "queue_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using nlohmann::json;
using ::testing::ElementsAre;
using Jobs = std::map<std::string, std::int64_t>;

class BullMqQueue : public RedisTest, public ::testing::WithParamInterface<int> {
 protected:
  BullMqQueue() { bull_.clock(at("2026-03-10T12:00:10Z")); }

  QueueState look(const std::string& prefix = "bull") { return read(*watch(redis_, {"out"}, {}, prefix)).at(0); }

  static std::int64_t ms(const char* iso) {
    return std::chrono::floor<std::chrono::milliseconds>(at(iso).time_since_epoch()).count();
  }
  // So many jobs with nothing particular about them.
  static json plain(std::size_t number) { return json(number, json{{"name", "ok"}}); }
  static json failing() { return {{"name", "fail"}}; }
  void work(const json& options = json::object()) { bull_({{"do", "work"}, {"queue", "out"}, {"options", options}}); }
  // Runs these jobs to their end, whatever becomes of them then.
  void run(const json& jobs) {
    bull_.add("out", jobs);
    bull_.until("out", {{"waiting", 0}, {"active", 0}});
  }

  BullMq bull_{GetParam(), redis_server().port()};
  std::shared_ptr<source::Redis> redis_ = open(options());
};

INSTANTIATE_TEST_SUITE_P(Versions, BullMqQueue, ::testing::Values(4, 5, 6));

TEST_P(BullMqQueue, HasItsJobsInTheStatesThatBullMqSays) {
  work();
  bull_.add("out", {{{"name", "ok"}}, {{"name", "ok"}}, {{"name", "fail"}}, {{"name", "hold"}}});
  bull_.until("out", {{"completed", 2}, {"failed", 1}, {"active", 1}});
  bull_.add("out", {json::object(), json::object(), json::object(), {{"priority", 7}}, {{"priority", 2}}});
  const json in_an_hour{{"delay", 3'600'000}};
  const json due{{"timestamp", ms("2026-03-10T11:59:00Z")}, {"delay", 30'000}};  // since 11:59:30
  bull_.add("out", {in_an_hour, in_an_hour, in_an_hour, due});
  bull_({{"do", "flow"}, {"queue", "out"}, {"children", "parts"}});
  bull_.until("out", {{"waiting-children", 1}});

  const QueueState state = look();
  EXPECT_EQ(state.queue, "out");
  EXPECT_EQ(state.jobs, (Jobs{{"waiting", 3},
                              {"prioritized", 2},
                              {"delayed", 3 + 1},
                              {"waiting_children", 1},
                              {"active", 1},
                              {"completed", 2},
                              {"failed", 1}}));
  EXPECT_EQ(state.depth, 3 + 2 + 1) << "waiting, prioritised, and the one that is due";
  EXPECT_EQ(state.completed_last_minute, 2) << "of 12:00";
  EXPECT_EQ(state.failed_last_minute, 1);
  EXPECT_EQ(state.oldest_waiting, 110s) << "due at 11:59:30; the others came at 12:00:10";
  EXPECT_FALSE(state.paused);
}

TEST_P(BullMqQueue, ThatIsEmptyOrUnknownIsAllZero) {
  const QueueState state = look();
  EXPECT_EQ(state.jobs.size(), queue_states.size());
  for (const char* name : queue_states) EXPECT_EQ(state.jobs.at(name), 0) << name;
  EXPECT_EQ(state.depth, 0);
  EXPECT_EQ(state.oldest_waiting, std::nullopt);
  EXPECT_EQ(state.completed_total, 0);
}

TEST_P(BullMqQueue, ThatIsPausedKeepsItsJobs) {
  bull_.add("out", plain(2));
  bull_({{"do", "pause"}, {"queue", "out"}});
  bull_.add("out", plain(1));
  EXPECT_EQ(redis_server().command({"LLEN", "bull:out:paused"}), GetParam() < 6 ? "3" : "0") << "both ways are tested";
  const QueueState paused = look();
  EXPECT_TRUE(paused.paused);
  EXPECT_EQ(paused.jobs.at("waiting"), 2 + 1);
  EXPECT_EQ(paused.depth, 3);
  EXPECT_GE(paused.oldest_waiting, 60s);
  bull_({{"do", "resume"}, {"queue", "out"}});
  const QueueState resumed = look();
  EXPECT_FALSE(resumed.paused);
  EXPECT_EQ(resumed.jobs.at("waiting"), 3);
}

TEST_P(BullMqQueue, DoesNotCountTheMarkerOfItsWorkers) {
  bull_.add("out", {{{"delay", 3'600'000}}});
  EXPECT_EQ(redis_server().command({"LLEN", "bull:out:wait"}), GetParam() == 4 ? "1" : "0") << "the marker, up to 4.x";
  const QueueState none = look();
  EXPECT_EQ(none.jobs.at("waiting"), 0);
  EXPECT_EQ(none.depth, 0);
  EXPECT_EQ(none.oldest_waiting, std::nullopt);
  const json early{{"timestamp", ms("2026-03-10T11:58:20Z")}};
  const json late{{"timestamp", ms("2026-03-10T12:00:20Z")}};
  bull_.add("out", {early, late});
  const QueueState two = look();
  EXPECT_EQ(two.jobs.at("waiting"), 2);
  EXPECT_EQ(two.oldest_waiting, 180s) << "the job beside the marker";
  bull_.add("out", {{{"timestamp", ms("2026-03-10T12:00:20Z")}, {"lifo", true}}});
  EXPECT_EQ(look().jobs.at("waiting"), 3) << "the marker is the last but one now";
}

TEST_P(BullMqQueue, IsAsOldAsItsOldestJob) {
  const json early{{"timestamp", ms("2026-03-10T11:58:20Z")}};
  const json late{{"timestamp", ms("2026-03-10T12:00:20Z")}};
  bull_.add("out", {early, late});
  EXPECT_EQ(look().oldest_waiting, 180s);
}

TEST_P(BullMqQueue, IsAsOldAsItsOldestJobAlsoWhereTheLastOneInIsTheFirstOut) {
  const json early{{"timestamp", ms("2026-03-10T11:58:20Z")}, {"lifo", true}};
  const json late{{"timestamp", ms("2026-03-10T12:00:20Z")}, {"lifo", true}};
  bull_.add("out", {early, late});
  EXPECT_EQ(look().oldest_waiting, 180s);
}

TEST_P(BullMqQueue, HasAnAgeWherePrioritisedJobsWaitAlone) {
  bull_.add("out", {{{"timestamp", ms("2026-03-10T11:59:20Z")}, {"priority", 1}}});
  EXPECT_EQ(look().oldest_waiting, 120s);
}

TEST_P(BullMqQueue, DoesNotCountAJobsDelayAsWaiting) {
  // Added at 10:00 to be sent two hours later: it waits since 12:00, and one of the two still does.
  const json noon{{"name", "hold"}, {"timestamp", ms("2026-03-10T10:00:00Z")}, {"delay", 7'200'000}};
  bull_.add("out", {noon, noon});
  work();
  bull_.until("out", {{"active", 1}, {"waiting", 1}, {"delayed", 0}});
  EXPECT_EQ(look().oldest_waiting, 80s);
}

TEST_P(BullMqQueue, HasNoAgeWhileNothingIsDue) {
  bull_.add("out", {{{"delay", 3'600'000}}});
  const QueueState state = look();
  EXPECT_EQ(state.jobs.at("delayed"), 1);
  EXPECT_EQ(state.depth, 0);
  EXPECT_EQ(state.oldest_waiting, std::nullopt);
}

TEST_P(BullMqQueue, ThatIsRateLimitedKeepsTheRestWaiting) {
  work({{"limiter", {{"max", 1}, {"duration", 3'600'000}}}});
  bull_.add("out", plain(3));
  bull_.until("out", {{"completed", 1}, {"waiting", 2}, {"active", 0}});
  const QueueState state = look();
  EXPECT_EQ(state.jobs.at("waiting"), 2);
  EXPECT_EQ(state.depth, 2);
}

TEST_P(BullMqQueue, CountsTheLastFullMinuteOnly) {
  work();
  bull_.clock(at("2026-03-10T11:59:30Z"));
  run(plain(1));
  bull_.clock(at("2026-03-10T12:00:01Z"));
  run({json::object(), json::object(), {{"name", "fail"}}});
  bull_.clock(at("2026-03-10T12:01:01Z"));
  run({json::object(), json::object(), json::object(), {{"name", "fail"}}});
  const QueueState state = look();
  EXPECT_EQ(state.jobs.at("completed"), 1 + 2 + 3);
  EXPECT_EQ(state.completed_last_minute, 2) << "of 12:00";
  EXPECT_EQ(state.failed_last_minute, 1);
  now_ = at("2026-03-10T12:02:00Z");
  EXPECT_EQ(look().completed_last_minute, 3) << "of 12:01";
}

TEST_P(BullMqQueue, TotalsBeginAtTheFirstLookAndNeverFall) {
  work();
  run(plain(2));
  EXPECT_EQ(look().completed_total, 0);
  run({json::object(), {{"name", "fail"}}, json::object(), json::object()});
  const QueueState state = look();
  EXPECT_EQ(state.completed_total, 3);
  EXPECT_EQ(state.failed_total, 1);
  EXPECT_EQ(look().completed_total, 3) << "a second look adds nothing";
  bull_({{"do", "rest"}, {"queue", "out"}});
  bull_({{"do", "obliterate"}, {"queue", "out"}});
  EXPECT_EQ(look().completed_total, 3) << "though none is kept any more";
  work();
  run(plain(1));
  EXPECT_EQ(look().completed_total, 3 + 1);
}

TEST_P(BullMqQueue, CountsWhatIsTrimmedByWhatIsNewer) {
  work({{"removeOnComplete", {{"count", 3}}}});
  run(plain(3));
  EXPECT_EQ(look().completed_total, 0);
  run(plain(2));
  const QueueState state = look();
  EXPECT_EQ(state.jobs.at("completed"), 3) << "as many as before";
  EXPECT_EQ(state.completed_total, 2);
}

TEST_P(BullMqQueue, CountsWhatIsRemovedAtOnceByTheWorkersOwnCount) {
  work({{"removeOnComplete", {{"count", 0}}}, {"metrics", {{"maxDataPoints", 60}}}});
  now_ = at("2026-03-10T12:00:00Z");
  EXPECT_EQ(look().completed_total, 0);
  run(plain(4));
  now_ = at("2026-03-10T12:01:00Z");
  const QueueState state = look();
  EXPECT_EQ(state.jobs.at("completed"), 0);
  EXPECT_EQ(state.completed_total, 4);
  EXPECT_EQ(state.completed_last_minute, 4) << "between the looks at 12:00 and 12:01";
}

TEST_P(BullMqQueue, OfAnotherPrefixIsAnotherQueue) {
  bull_.add("out", plain(1));
  bull_.add("out", plain(2), "wa:eu");
  bull_.add("out", plain(3), "{bull}");
  EXPECT_EQ(look().depth, 1);
  EXPECT_EQ(look("wa:eu").depth, 2);
  EXPECT_EQ(look("{bull}").depth, 3) << "as on Redis Cluster";
}

TEST_P(BullMqQueue, OfDeadLettersHasADepthAndNoAge) {
  bull_.add("out", plain(1));
  bull_.add("dead", {{{"timestamp", ms("2026-03-01T00:00:00Z")}}, json::object()});
  const auto states = read(*watch(redis_, {"out"}, {"dead"}));
  ASSERT_EQ(states.size(), 2U);
  EXPECT_EQ(states[0].queue, "out");
  EXPECT_NE(states[0].oldest_waiting, std::nullopt);
  EXPECT_EQ(states[1].queue, "dead");
  EXPECT_EQ(states[1].depth, 2);
  EXPECT_EQ(states[1].oldest_waiting, std::nullopt);
}

}  // namespace
