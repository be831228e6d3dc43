#include "source/redis/redis.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace crm::source {
namespace {

using std::chrono::steady_clock;

// Redis is there and cannot serve anybody: it loads its data, waits for its master, runs a script without end.
bool serves_nobody(const RedisReply& reply) {
  constexpr std::array<std::string_view, 6> words{"LOADING", "MASTERDOWN", "CLUSTERDOWN", "BUSY", "NOAUTH", "TRYAGAIN"};
  if (!reply.is_error) return false;
  const std::string_view text = std::get<std::string>(reply.value);
  return std::find(words.begin(), words.end(), text.substr(0, text.find(' '))) != words.end();
}

}  // namespace

// Waited for no longer than an answer would be.
class Redis::Turn {
 public:
  Turn(Redis& redis, const Patience& patience) : redis_(redis) {
    std::unique_lock lock(redis_.mutex_);
    if (!redis_.turn_ends_.wait_until(lock, patience.stop, patience.until, [&] { return !redis_.asking_; })) {
      throw SourceUnavailable(fmt::format("Redis {}: it is still busy with others", redis_.place_));
    }
    redis_.asking_ = true;
  }
  ~Turn() {
    const std::lock_guard lock(redis_.mutex_);
    redis_.asking_ = false;
    redis_.turn_ends_.notify_one();
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  Redis& redis_;
};

Redis::Redis(RedisOptions options, RedisObserver observer)
    : options_(std::move(options)),
      address_(parse_redis_url(options_.url)),
      observer_(std::move(observer)),
      place_(address_.place()),
      backoff_(options_.first_backoff, options_.last_backoff) {}

std::vector<RedisReply> Redis::ask(std::span<const RedisCommand> pipeline, Deadline deadline,
                                   const std::stop_token& stop) {
  const Patience patience = patience_for("Redis " + place_, options_.timeout, deadline, stop);
  const Turn turn(*this, patience);
  if (backoff_.waits(steady_clock::now())) throw SourceUnavailable(last_failure_);
  try {
    auto replies = exchange(pipeline, patience);
    backoff_.succeeded();
    available(true, {});
    return replies;
  } catch (const SourceUnavailable& unavailable) {
    connection_.reset();
    const std::string why = fmt::format("Redis {}: {}", place_, unavailable.what());
    if (!stop.stop_requested()) {  // a run that was stopped says nothing of Redis
      last_failure_ = why;
      backoff_.failed(steady_clock::now());
      available(false, unavailable.what());
    }
    throw SourceUnavailable(why);
  }
}

std::vector<RedisReply> Redis::exchange(std::span<const RedisCommand> pipeline, const Patience& patience) {
  const bool kept = connection_ != nullptr;
  if (!kept) connection_ = std::make_unique<RedisConnection>(address_, options_.ca_file, patience);
  std::vector<RedisReply> replies;
  try {
    replies = connection_->exchange(pipeline, patience);
  } catch (const RedisHungUp&) {
    if (!kept) throw;
    // It may have been restarted since, or have closed what was idle for long: its age's fault, not its own.
    connection_ = std::make_unique<RedisConnection>(address_, options_.ca_file, patience);
    replies = connection_->exchange(pipeline, patience);
  }
  const auto refusal = std::find_if(replies.begin(), replies.end(), serves_nobody);
  if (refusal != replies.end()) throw SourceUnavailable(std::get<std::string>(refusal->value));
  return replies;
}

void Redis::available(bool up, const std::string& why) {
  if (std::exchange(up_, up) == up) return;
  if (observer_.availability) observer_.availability(up, why);
}

}  // namespace crm::source
