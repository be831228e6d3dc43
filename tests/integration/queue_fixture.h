#pragma once
// What the tests of the queue share: a Redis of the program's own, and queues that are read at a given instant.

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "source/queue/queues.h"
#include "support/redis_server.h"

namespace crm::testing {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

inline Instant at(const char* iso) {
  return parse_instant(iso).value();
}

// The program's Redis, emptied for every test.
inline RedisServer& redis_server() {
  static RedisServer server;
  return server;
}

// All that the observers are told.
struct QueueTold {
  std::vector<std::pair<bool, std::string>> availability;
  std::vector<std::pair<std::string, std::string>> readable;
};

class RedisTest : public ::testing::Test {
 protected:
  RedisTest() {
    redis_server().command({"FLUSHALL"});
    redis_server().command({"ACL", "SETUSER", "default", "on", "nopass", "~*", "+@all"});
  }

  static source::RedisOptions options(const std::string& url = redis_server().url()) {
    source::RedisOptions options;
    options.url = url;
    options.timeout = 500ms;
    options.first_backoff = 20ms;
    options.last_backoff = 100ms;
    return options;
  }

  std::shared_ptr<source::Redis> open(const source::RedisOptions& options) {
    return std::make_shared<source::Redis>(options, source::RedisObserver{[this](bool up, const std::string& why) {
                                             told_.availability.emplace_back(up, why);
                                           }});
  }

  // Of one queue unless more are named.
  std::shared_ptr<source::Queues> watch(std::shared_ptr<source::Redis> redis, std::vector<std::string> names = {"out"},
                                        std::vector<std::string> dead_letter = {}, std::string prefix = "bull") {
    source::QueueOptions options{.prefix = std::move(prefix),
                                 .names = std::move(names),
                                 .dead_letter = std::move(dead_letter),
                                 .max_age = 0ms,
                                 .clock = [this] { return now_; }};
    return std::make_shared<source::Queues>(
        std::move(redis), options, memory_,
        source::QueueObserver{
            [this](const std::string& queue, const std::string& why) { told_.readable.emplace_back(queue, why); }});
  }

  static std::vector<QueueState> read(source::Queues& queues, steady_clock::duration within = 10s) {
    return queues.read(steady_clock::now() + within);
  }

  std::vector<bool> ups() const {
    std::vector<bool> ups;
    for (const auto& [up, why] : told_.availability) ups.push_back(up);
    return ups;
  }

  Instant now_ = at("2026-03-10T12:01:20Z");
  std::shared_ptr<source::QueueMemory> memory_ = std::make_shared<source::QueueMemory>();
  QueueTold told_;
};

}  // namespace crm::testing
