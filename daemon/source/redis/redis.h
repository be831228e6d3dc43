#pragma once
// A Redis that is only read. Kept by one connection, asked by one at a time, given up on quickly: what depends on it
// goes, the rest of the house stays.

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include <crm/sdk/instant.h>
#include <crm/sdk/sources.h>

#include "source/backoff.h"
#include "source/redis/address.h"
#include "source/redis/connection.h"

namespace crm::source {

struct RedisOptions {
  std::string url;
  std::chrono::milliseconds timeout{2'000};  // for connecting, and for each round trip
  std::optional<std::filesystem::path> ca_file = {};
  std::chrono::milliseconds first_backoff{250};
  std::chrono::milliseconds last_backoff{10'000};
};

// Told what happens; called from the threads of the runs. May be empty.
struct RedisObserver {
  std::function<void(bool up, const std::string& why)> availability;  // only when it changes, and once at first
};

// Thread-safe.
class Redis {
 public:
  // std::invalid_argument for a malformed URL. Connects only when first asked.
  explicit Redis(RedisOptions options, RedisObserver observer = {});

  // One round trip; as many replies as commands, errors among them. It takes at most `timeout` and at most half of what
  // is left until the deadline, so that whoever asks can still answer without it. SourceUnavailable: Redis is away, and
  // everybody hears so at once until the next attempt is due. DeadlineExceeded: there was no time left to ask.
  std::vector<RedisReply> ask(std::span<const RedisCommand> pipeline, Deadline deadline,
                              const std::stop_token& stop = {});

  const std::string& place() const { return place_; }

 private:
  class Turn;

  std::vector<RedisReply> exchange(std::span<const RedisCommand> pipeline, const Patience& patience);
  void available(bool up, const std::string& why);

  const RedisOptions options_;
  const RedisAddress address_;
  const RedisObserver observer_;
  const std::string place_;

  std::mutex mutex_;
  std::condition_variable_any turn_ends_;
  bool asking_ = false;  // somebody has the turn, and with it all below
  std::unique_ptr<RedisConnection> connection_;
  Backoff backoff_;
  std::string last_failure_;
  std::optional<bool> up_;
};

}  // namespace crm::source
