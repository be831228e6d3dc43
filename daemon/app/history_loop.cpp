#include "app/history_loop.h"

#include <algorithm>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/schemas.h"
#include "rollup/change_feed.h"
#include "rollup/history.h"
#include "rollup/migrations.h"
#include "rollup/own_schema.h"

namespace crm::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr milliseconds poll{100};         // how often the queue of changes is looked at
constexpr milliseconds least_pause{200};  // between steps while there is more to do
// A batch costs less than its rows one by one, and answers look at changes that wait, as long as they are few.
constexpr seconds patience{4};
constexpr std::int64_t enough_changes = rollup::most_waiting / 2;
constexpr std::size_t very_many_changes = 2'000;
constexpr int least_rest = 20;  // times as long as asking took, which grows while the CRM has a long transaction open
constexpr seconds most_pause{15};         // time goes on although nothing is noted
constexpr seconds everywhere_every{300};  // days that are missing are looked for
constexpr seconds feed_every{30};         // triggers come and go with the CRM's migrations
constexpr seconds schema_every{30};       // somebody may run `crm-metricsd migrate`
constexpr seconds after_failure{2};
constexpr milliseconds lock_timeout{3'000};  // whoever waits for its turn has the next one: behind a backfill, too

milliseconds since(steady_clock::time_point then) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - then);
}

source::SnapshotRequest request(const std::stop_token& stop) {
  return {.scope = Scope::everyone(),
          .deadline = steady_clock::now() + seconds(10),
          .stop = stop,
          .purpose = source::Pool::For::sampling};
}

}  // namespace

milliseconds rest_after(milliseconds took) {
  return std::max({least_pause, took, std::min<milliseconds>(2 * took, patience - took)});
}

HistoryLoop::HistoryLoop(std::shared_ptr<const House> house)
    : house_(std::move(house)),
      counted_{house_->writer.get(), rollup::all_facts(house_->facts), house_->zone.get()},
      thread_([this](const std::stop_token& stop) { run(stop); }) {}

HistoryLoop::~HistoryLoop() {
  thread_.request_stop();
  thread_.join();
}

void HistoryLoop::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    try {
      if (!look_at_schema(stop)) {
        wait(stop, schema_every);
        continue;
      }
      look_at_feed(stop);
      if (!step(stop)) wait(stop, least_pause);
      wait_for_work(stop);
    } catch (const std::exception& error) {
      if (stop.stop_requested()) return;
      failed(error.what());
      tell_lag(stop);
      wait(stop, after_failure);
    }
  }
}

void HistoryLoop::wait(const std::stop_token& stop, milliseconds length) {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, stop, length, [] { return false; });
}

void HistoryLoop::say_once(const std::string& what) {
  if (what == said_) return;
  said_ = what;
  house_->ground.log->info("history: {}", what);
}

bool HistoryLoop::look_at_schema(const std::stop_token& stop) {
  if (said_ == "kept") return true;
  const auto snapshot = house_->writer->open(request(stop));
  const rollup::OwnSchema own = rollup::look_at_own_schema(*snapshot, house_->values().rollup.schema);
  if (!own.there) {
    say_once(fmt::format("none: there is no schema {} (crm-metricsd migrate makes it); all is read from the CRM's rows",
                         house_->values().rollup.schema));
    return false;
  }
  if (!own.writable) {
    say_once(fmt::format("not kept by this daemon: its role may not write the schema {} (deploy/roles.sql)",
                         house_->values().rollup.schema));
    return false;
  }
  const rollup::Schemas schemas = schemas_of(house_->values());
  const auto left = rollup::pending(rollup::applied_migrations(*snapshot, schemas));
  if (!left.empty()) {
    say_once(fmt::format("stands still: the schema {} lacks migration {} (crm-metricsd migrate applies it)",
                         schemas.own, left.front().name));
    return false;
  }
  say_once("kept");
  return true;
}

void HistoryLoop::look_at_feed(const std::stop_token& stop) {
  if (fed_ && since(feed_seen_) < feed_every) return;
  const auto snapshot = house_->writer->open(request(stop));
  const rollup::FeedState feed = rollup::feed_state(*snapshot, house_->values().rollup.schema);
  if (fed_ != feed.complete && !feed.complete) {
    house_->ground.log->warn(
        "history: the CRM's triggers do not note {}: what changes late is counted late, and answers say \"exact\": "
        "false; "
        "`crm-metricsd check` prints what to do",
        fmt::join(feed.missing, ", "));
  }
  fed_ = feed.complete;
  feed_seen_ = steady_clock::now();
}

bool HistoryLoop::step(const std::stop_token& stop) {
  const auto began = steady_clock::now();
  rollup::StepRules rules;
  rules.fed = fed_;
  rules.stop = stop;
  rules.lock_timeout = lock_timeout;
  rules.hurries_from = very_many_changes;
  rules.shares_from = very_many_changes;
  rules.look_everywhere = (more_ && !hurried_) || since(looked_everywhere_) >= everywhere_every;
  try {
    const rollup::StepResult result = rollup::take_step(counted_, rules);
    if (rules.look_everywhere) looked_everywhere_ = began;
    succeeded(result, since(began));
    return true;
  } catch (const source::Busy&) {
    house_->ground.telemetry->rollup_step("busy");
  } catch (const source::Outrun&) {
    house_->ground.telemetry->rollup_step("outrun");
  }
  return false;
}

void HistoryLoop::succeeded(const rollup::StepResult& result, milliseconds took) {
  auto& ground = house_->ground;
  if (!failure_.empty()) ground.log->info("history: goes on");
  failure_.clear();
  for (const std::string& note : result.notes) ground.log->info("history: {}", note);
  for (const std::string& warning : result.warnings) ground.log->warn("history: {}", warning);
  ground.telemetry->rollup_step("ok");
  ground.telemetry->rollup_counted(result.changes, result.periods);
  last_took_ = took;
  more_ = result.more;
  hurried_ = result.hurried;
}

void HistoryLoop::failed(const std::string& what) {
  house_->ground.telemetry->rollup_step("failed");
  if (what == failure_) return;
  failure_ = what;
  house_->ground.log->error("history: {}; trying again", what);
}

// Until there is enough to count, or something has waited for long enough.
void HistoryLoop::wait_for_work(const std::stop_token& stop) {
  const auto began = steady_clock::now();
  if (more_) tell_lag(stop);
  wait(stop, more_ ? least_pause : rest_after(last_took_));
  while (!stop.stop_requested() && !more_ && since(began) < most_pause) {
    const auto asked = steady_clock::now();
    if (work_waits(stop)) return;
    wait(stop, std::max(poll, least_rest * since(asked)));
  }
}

// What waits grows old while steps fail, or have days to fill, and whoever watches must see it.
void HistoryLoop::tell_lag(const std::stop_token& stop) {
  try {
    work_waits(stop);
  } catch (const std::exception&) {  // that database is away: what failed has said so
    return;
  }
}

bool HistoryLoop::work_waits(const std::stop_token& stop) {
  const auto snapshot = house_->writer->open(request(stop));
  const rollup::Waiting waiting = rollup::look_at_waiting(*snapshot, enough_changes);
  const Duration lag = waiting.since ? std::max(snapshot->as_of() - *waiting.since, Duration(0)) : Duration(0);
  house_->ground.telemetry->rollup_lag(lag);
  return waiting.many || waiting.rescan || lag >= patience;
}

}  // namespace crm::app
