#pragma once
// The rollup while the daemon serves: steps when changes wait, when time has made numbers due, and to fill what is
// missing. Several daemons on one database take turns.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "app/house.h"
#include "rollup/step.h"

namespace crm::app {

// Between a step and the next while changes keep coming: twice as long as the step took, so that the database has time
// for others; less, where what comes meanwhile would be older than four seconds when it is counted; as long as it in
// any case.
std::chrono::milliseconds rest_after(std::chrono::milliseconds took);

// Owns the house that it works for, and one thread, which it joins.
class HistoryLoop {
 public:
  explicit HistoryLoop(std::shared_ptr<const House> house);
  ~HistoryLoop();
  HistoryLoop(const HistoryLoop&) = delete;
  HistoryLoop& operator=(const HistoryLoop&) = delete;

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  void run(const std::stop_token& stop);
  void wait(const std::stop_token& stop, std::chrono::milliseconds length);
  bool look_at_schema(const std::stop_token& stop);
  void look_at_feed(const std::stop_token& stop);
  bool step(const std::stop_token& stop);
  void wait_for_work(const std::stop_token& stop);
  void tell_lag(const std::stop_token& stop);
  bool work_waits(const std::stop_token& stop);
  void failed(const std::string& what);
  void succeeded(const rollup::StepResult& result, std::chrono::milliseconds took);
  void say_once(const std::string& what);

  const std::shared_ptr<const House> house_;
  const rollup::RollupHouse counted_;
  std::string said_;
  std::string failure_;
  std::optional<bool> fed_;
  SteadyTime feed_seen_{};
  SteadyTime looked_everywhere_{};
  std::chrono::milliseconds last_took_{0};
  bool more_ = true;
  bool hurried_ = false;

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::jthread thread_;  // last: joined before what it uses is gone
};

}  // namespace crm::app
