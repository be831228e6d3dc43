// Jobs in threads of their own. Everything is waited for by condition; half a minute is when a test gives up.

#include "schedule/scheduler.h"

#include <atomic>
#include <condition_variable>
#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_calendar.h>

namespace crm::schedule {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr auto give_up = 30s;

// A number that is counted up and waited for.
class Count {
 public:
  int up() {
    const std::lock_guard lock(mutex_);
    ++value_;
    changed_.notify_all();
    return value_;
  }
  int value() const {
    const std::lock_guard lock(mutex_);
    return value_;
  }
  bool reaches(int value) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, give_up, [&] { return value_ >= value; });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  int value_ = 0;
};

// Holds whoever passes until it is opened, whatever he is asked to do meanwhile.
class Gate {
 public:
  void pass() { opened_.reaches(1); }
  void open() { opened_.up(); }

 private:
  Count opened_;
};

std::shared_ptr<const Calendar> utc() {
  return std::make_shared<crm::testing::UtcCalendar>();
}

using Run = std::function<void(std::stop_token, Deadline)>;

Job job(const std::string& name, Cadence cadence, Run run, milliseconds timeout = 10s) {
  return {.name = name, .cadence = cadence, .timeout = timeout, .run = std::move(run)};
}

Job counting(const std::string& name, Cadence cadence, const std::shared_ptr<Count>& runs) {
  return job(name, cadence, [runs](const std::stop_token&, Deadline) { runs->up(); });
}

Job held(const std::string& name, const std::shared_ptr<Count>& begun, const std::shared_ptr<Gate>& gate,
         milliseconds timeout = 10s) {
  return job(
      name, {.every = 1ms},
      [begun, gate](const std::stop_token&, Deadline) {
        begun->up();
        gate->pass();
      },
      timeout);
}

// What the scheduler tells: "job stuck", "job back".
class Told {
 public:
  Events events() const {
    return {[words = words_, count = count_](const std::string& job, bool stuck) {
      {
        const std::lock_guard lock(words->first);
        words->second.push_back(job + (stuck ? " stuck" : " back"));
      }
      count->up();
    }};
  }
  bool reaches(int events) { return count_->reaches(events); }
  std::vector<std::string> words() const {
    const std::lock_guard lock(words_->first);
    return words_->second;
  }

 private:
  std::shared_ptr<std::pair<std::mutex, std::vector<std::string>>> words_ =
      std::make_shared<std::pair<std::mutex, std::vector<std::string>>>();
  std::shared_ptr<Count> count_ = std::make_shared<Count>();
};

TEST(Scheduler, RunsEveryJobAtOnceAndAgain) {
  const auto fast = std::make_shared<Count>();
  const auto slow = std::make_shared<Count>();
  Scheduler scheduler({counting("fast", {.every = 1ms}, fast), counting("slow", {.every = 24h}, slow)}, utc(), {});
  EXPECT_TRUE(fast->reaches(5));
  EXPECT_TRUE(slow->reaches(1));
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_EQ(slow->value(), 1) << "its next run is tomorrow";
}

TEST(Scheduler, RunsAlignedJobsAtTheirTicks) {
  const auto runs = std::make_shared<Count>();
  Scheduler scheduler({counting("aligned", {.every = 20ms, .aligned = true}, runs)}, utc(), {});
  EXPECT_TRUE(runs->reaches(4)) << "the first at once, the others each 20 ms of the clock";
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Scheduler, WithoutJobsStartsAndStops) {
  Scheduler scheduler({}, utc(), {});
  scheduler.nudge("nobody");
  EXPECT_TRUE(scheduler.stop(0ms));
}

TEST(Scheduler, GivesARunItsDeadline) {
  const auto runs = std::make_shared<Count>();
  milliseconds given{0};
  Scheduler scheduler({job(
                          "kpi", {.every = 24h},
                          [&given, runs](const std::stop_token&, Deadline deadline) {
                            given = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
                            runs->up();
                          },
                          100s)},
                      utc(), {});
  ASSERT_TRUE(runs->reaches(1));
  EXPECT_LE(given, 100s);
  EXPECT_GT(given, 100s - give_up);
}

TEST(Job, ThatHangsDelaysNobodyElse) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  const auto others = std::make_shared<Count>();
  Scheduler scheduler({held("hangs", begun, gate), counting("kpi", {.every = 1ms}, others)}, utc(), {});
  ASSERT_TRUE(begun->reaches(1));
  const int before = others->value();
  EXPECT_TRUE(others->reaches(before + 10)) << "while the other one hangs";
  EXPECT_EQ(begun->value(), 1);
  gate->open();
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Job, NeverRunsTwiceAtOnceHoweverOftenItIsDueOrNudged) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  const auto ticks = std::make_shared<Count>();
  Scheduler scheduler({held("slow", begun, gate), counting("ticks", {.every = 1ms}, ticks)}, utc(), {});
  ASSERT_TRUE(begun->reaches(1));
  for (int i = 0; i < 100; ++i) scheduler.nudge("slow");
  ASSERT_TRUE(ticks->reaches(20)) << "of the same cadence: about as often the slow one was due";
  EXPECT_EQ(begun->value(), 1);
  gate->open();
  EXPECT_TRUE(begun->reaches(2)) << "the next run begins when the first one has ended";
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Job, ThatOverrunsRunsAgainAtOnceButMakesNothingUp) {
  // Two threads in the counted part at once would be seen.
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  const auto runs = std::make_shared<Count>();
  Scheduler scheduler({job("busy", {.every = 1ms},
                           [&inside, &most, runs](const std::stop_token&, Deadline) {
                             const int now = ++inside;
                             if (now > most) most = now;
                             const auto until = steady_clock::now() + 3ms;
                             while (steady_clock::now() < until) std::this_thread::yield();
                             --inside;
                             runs->up();
                           })},
                      utc(), {});
  EXPECT_TRUE(runs->reaches(20));
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_EQ(most, 1);
}

TEST(Job, ThatOverrunsIsToldHowOftenItWasDueMeanwhile) {
  const auto told = std::make_shared<Count>();
  std::atomic<std::int64_t> missed = 0;
  Job overrunning = job("busy", {.every = 1ms}, [](const std::stop_token&, Deadline) {
    const auto until = steady_clock::now() + 3ms;
    while (steady_clock::now() < until) std::this_thread::yield();
  });
  overrunning.missed = [&missed, told](std::int64_t ticks) {
    missed += ticks;
    told->up();
  };
  Scheduler scheduler({overrunning}, utc(), {});
  ASSERT_TRUE(told->reaches(4));
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_GE(missed, 4 * 3);  // each run of 3 ms and more covers three ticks of 1 ms
}

TEST(Stuck, IsToldWhenARunIsPastDeadlineAndGraceAndWhenItComesBack) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  const auto others = std::make_shared<Count>();
  Told told;
  Scheduler scheduler({held("hangs", begun, gate, 1ms), counting("kpi", {.every = 1ms}, others)}, utc(), told.events(),
                      milliseconds(5));
  ASSERT_TRUE(told.reaches(1));
  EXPECT_THAT(told.words(), ElementsAre("hangs stuck"));
  gate->open();
  ASSERT_TRUE(told.reaches(2));
  EXPECT_THAT(told.words(), ElementsAre("hangs stuck", "hangs back"));
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Stuck, IsNotToldOfARunWithinItsDeadline) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  const auto late_begun = std::make_shared<Count>();
  Told told;
  Scheduler scheduler({held("patient", begun, gate, 1h), held("late", late_begun, gate, 1ms)}, utc(), told.events(),
                      milliseconds(0));
  ASSERT_TRUE(begun->reaches(1));
  ASSERT_TRUE(told.reaches(1)) << "the watcher has looked at both";
  EXPECT_THAT(told.words(), ElementsAre("late stuck"));
  gate->open();
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Stuck, IsClearedAlsoIfTheRunComesBackDuringTheStop) {
  const auto begun = std::make_shared<Count>();
  Told told;
  // Comes back when it is told to stop, and not before.
  const auto until_stop = [begun](const std::stop_token& stop, Deadline) {
    std::mutex mutex;
    std::condition_variable_any wake;
    std::unique_lock lock(mutex);
    begun->up();
    wake.wait(lock, stop, [] { return false; });
  };
  Scheduler scheduler({job("late", {.every = 1ms}, until_stop, 1ms)}, utc(), told.events(), milliseconds(0));
  ASSERT_TRUE(told.reaches(1));
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_THAT(told.words(), ElementsAre("late stuck", "late back"));
}

TEST(Stop, EndsJobsThatWaitAtOnce) {
  const auto runs = std::make_shared<Count>();
  Scheduler scheduler(
      {counting("daily", {.every = 24h}, runs), counting("noon", {.every = 24h, .aligned = true}, runs)}, utc(), {});
  ASSERT_TRUE(runs->reaches(2));
  EXPECT_TRUE(scheduler.stop(give_up));
  scheduler.nudge("daily");
  EXPECT_EQ(runs->value(), 2) << "nothing runs after the stop";
}

TEST(Stop, LetsARunEndThatHonoursItsToken) {
  const auto begun = std::make_shared<Count>();
  const auto ended = std::make_shared<Count>();
  Scheduler scheduler({job("polite", {.every = 1ms},
                           [begun, ended](const std::stop_token& stop, Deadline) {
                             begun->up();
                             while (!stop.stop_requested()) std::this_thread::yield();
                             ended->up();
                           })},
                      utc(), {});
  ASSERT_TRUE(begun->reaches(1));
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_EQ(ended->value(), 1);
}

TEST(Stop, LeavesARunThatHangsBehindWithAllThatItUses) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  const auto good = std::make_shared<Count>();
  const auto gone = std::make_shared<Count>();
  {
    // Counted when the job's closure has gone.
    const std::shared_ptr<void> last_word(nullptr, [gone](void*) { gone->up(); });
    Job hangs = held("hangs", begun, gate);
    hangs.run = [run = hangs.run, last_word](const std::stop_token& stop, Deadline deadline) { run(stop, deadline); };
    std::vector<Job> jobs = {std::move(hangs), counting("kpi", {.every = 1ms}, good)};
    Scheduler scheduler(std::move(jobs), utc(), {});
    ASSERT_TRUE(begun->reaches(1));
    ASSERT_TRUE(good->reaches(1));
    EXPECT_FALSE(scheduler.stop(1ms));
  }
  const int after = good->value();
  EXPECT_EQ(gone->value(), 0) << "the run still has its closure, though the scheduler has gone";
  gate->open();
  EXPECT_TRUE(gone->reaches(1)) << "and frees it when it comes back";
  EXPECT_EQ(begun->value(), 1) << "without another run";
  EXPECT_EQ(good->value(), after) << "the good one was joined";
}

TEST(Stop, AskedAgainWaitsForWhatWasLeftBehind) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  Scheduler scheduler({held("hangs", begun, gate)}, utc(), {});
  ASSERT_TRUE(begun->reaches(1));
  EXPECT_FALSE(scheduler.stop(1ms));
  EXPECT_FALSE(scheduler.stop(0ms));
  gate->open();
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Stop, IsTheDestructorsToo) {
  const auto runs = std::make_shared<Count>();
  { const Scheduler scheduler({counting("kpi", {.every = 1ms}, runs)}, utc(), {}); }
  EXPECT_EQ(runs.use_count(), 1) << "nobody else has it any more: the job's thread was joined";
}

TEST(Nudge, RunsAJobBeforeItsTick) {
  const auto daily = std::make_shared<Count>();
  const auto aligned = std::make_shared<Count>();
  Scheduler scheduler(
      {counting("daily", {.every = 24h}, daily), counting("aligned", {.every = 24h, .aligned = true}, aligned)}, utc(),
      {});
  ASSERT_TRUE(daily->reaches(1));
  scheduler.nudge("daily");
  EXPECT_TRUE(daily->reaches(2));
  EXPECT_LE(aligned->value(), 1) << "only the one that was named";
  ASSERT_TRUE(aligned->reaches(1));
  scheduler.nudge("aligned");
  EXPECT_TRUE(aligned->reaches(2));
  EXPECT_TRUE(scheduler.stop(give_up));
}

TEST(Nudge, DuringARunIsNotLost) {
  const auto begun = std::make_shared<Count>();
  const auto gate = std::make_shared<Gate>();
  Job slow = held("slow", begun, gate);
  slow.cadence.every = 24h;
  Scheduler scheduler({std::move(slow)}, utc(), {});
  ASSERT_TRUE(begun->reaches(1));
  scheduler.nudge("slow");
  scheduler.nudge("slow");
  gate->open();
  EXPECT_TRUE(begun->reaches(2)) << "what changed during the run may not have been seen by it";
  EXPECT_TRUE(scheduler.stop(give_up));
  EXPECT_EQ(begun->value(), 2) << "two nudges, one run";
}

TEST(Nudge, CutsTheJitterOfTheFirstRunShort) {
  const auto runs = std::make_shared<Count>();
  // The jitter is at random within a thousand days; a first run within the test is the nudge's.
  Scheduler scheduler({counting("kpi", {.every = 24h, .aligned = false, .jitter = 24'000h}, runs)}, utc(), {});
  scheduler.nudge("kpi");
  EXPECT_TRUE(runs->reaches(1));
  EXPECT_TRUE(scheduler.stop(give_up));
}

}  // namespace
}  // namespace crm::schedule
