#include "rollup/table_queue.h"

#include <algorithm>

#include "infrastructure_sql.h"

namespace crm::rollup {
namespace {

using std::chrono::minutes;

// How much longer than the oldest pending message a message may have waited that left the queue just now.
constexpr std::chrono::hours patience{2};

source::Bound bound(Instant instant) {
  return {to_iso(instant), "timestamptz"};
}

// The current minute and that many before it.
std::vector<Instant> starts_of_minutes(Instant as_of, int before) {
  const Instant current = std::chrono::floor<minutes>(as_of);
  std::vector<Instant> starts;
  for (int i = before; i >= 0; --i) starts.push_back(current - minutes(i));
  return starts;
}

QueueState empty_state() {
  QueueState state{.queue = TableQueue::name};
  for (const char* name : queue_states) state.jobs[name] = 0;
  return state;
}

}  // namespace

// Far back once in a minute: each look would be as dear as all messages of these minutes.
int TableQueue::minutes_to_look_at(Instant as_of) {
  const std::lock_guard lock(mutex_);
  return looked_far_back_ == std::chrono::floor<minutes>(as_of) ? 1 : minutes_looked_at;
}

// Answers that come soon after each other share a look, where it is dear: all looks together take a small share of the
// time.
std::optional<TableQueue::Minutes> TableQueue::seen_just_now(Instant as_of) {
  constexpr int share = 20;
  constexpr std::chrono::milliseconds dear{50};
  const std::lock_guard lock(mutex_);
  if (!last_ || last_->took < dear || as_of < last_->as_of) return std::nullopt;
  if (as_of - last_->as_of > share * last_->took) return std::nullopt;
  if (std::chrono::floor<minutes>(as_of) != std::chrono::floor<minutes>(last_->as_of)) return std::nullopt;
  return last_->minutes;
}

TableQueue::Minutes TableQueue::minutes_before(Instant as_of, int before, Instant since, const Read& read) {
  const std::vector<Instant> starts = starts_of_minutes(as_of, before);
  Minutes counts;
  for (const Instant start : starts) counts[start] = {};
  const Rows rows = read(
      sql::messages_by_minute,
      {{"since", bound(since)}, {"first_minute", bound(starts.front())}, {"minutes", source::bind_instants(starts)}});
  rows.each([&](const Row& row) {
    const auto number = static_cast<std::size_t>(row.integer("minute"));  // 1-based
    counts[starts.at(number - 1)] = {row.integer("sent"), row.integer("failed")};
  });
  return counts;
}

TableQueue::Minutes TableQueue::recent_minutes(Instant as_of, Instant since, const Read& read) {
  if (auto seen = seen_just_now(as_of)) return *std::move(seen);
  const auto began = std::chrono::steady_clock::now();
  Minutes counts = minutes_before(as_of, minutes_to_look_at(as_of), since, read);
  const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - began);
  const std::lock_guard lock(mutex_);
  last_ = Look{as_of, took, counts};
  return counts;
}

TableQueue::Gone TableQueue::add(const Minutes& now) {
  const std::lock_guard lock(mutex_);
  const Instant newest = now.rbegin()->first;
  if (looked_ && newest < *looked_) return total_;  // a run that was overtaken by a later one
  for (const auto& [minute, gone] : now) {
    const auto before = known_.find(minute);
    // A minute that was not looked at yet is new, except at the first look, which is a beginning.
    const Gone old = before != known_.end() ? before->second : looked_ ? Gone{} : gone;
    // The most that was ever seen of it: a look that goes less far back sees fewer.
    const Gone most{std::max(old.sent, gone.sent), std::max(old.failed, gone.failed)};
    total_.sent += most.sent - old.sent;
    total_.failed += most.failed - old.failed;
    known_[minute] = most;
  }
  known_.erase(known_.begin(), known_.lower_bound(newest - minutes(minutes_looked_at)));
  looked_ = newest;
  if (newest - now.begin()->first >= minutes(minutes_looked_at)) looked_far_back_ = newest;
  return total_;
}

void TableQueue::begin_again() {
  const std::lock_guard lock(mutex_);
  known_.clear();
  looked_.reset();
  looked_far_back_.reset();
  last_.reset();
}

std::vector<QueueState> TableQueue::look(Instant as_of, std::chrono::seconds max_age, const Read& read) {
  const Rows pending = read(sql::pending_messages, {{"since", bound(as_of - max_age)}});
  if (pending.absent()) return {};
  QueueState state = empty_state();
  std::optional<Instant> oldest;
  pending.each([&](const Row& row) {
    state.depth = row.integer("depth");
    oldest = row.maybe_instant("oldest");
  });
  state.jobs["waiting"] = state.depth;
  if (oldest) state.oldest_waiting = std::max(as_of - *oldest, Duration(0));
  const Instant since = std::max(oldest.value_or(as_of) - patience, as_of - max_age);
  const Minutes minutes_now = recent_minutes(as_of, since, read);
  const Gone last_minute = minutes_now.at(std::chrono::floor<minutes>(as_of) - minutes(1));
  state.completed_last_minute = last_minute.sent;
  state.failed_last_minute = last_minute.failed;
  const Gone total = add(minutes_now);
  state.completed_total = total.sent;
  state.failed_total = total.failed;
  return {state};
}

}  // namespace crm::rollup
