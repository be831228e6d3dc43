#pragma once
// Ctrl-C and SIGTERM as a stop_token, for commands that end by themselves otherwise.

#include <atomic>
#include <stop_token>
#include <thread>

#include <signal.h>

namespace crm::app {

// Made before other threads are, which then leave both signals to its own. The first one asks to stop, a second one
// ends the process at once.
class StopOnSignal {
 public:
  StopOnSignal();
  ~StopOnSignal();
  StopOnSignal(const StopOnSignal&) = delete;
  StopOnSignal& operator=(const StopOnSignal&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  int number() const { return number_; }  // of the signal that came; 0: none

 private:
  void wait();

  sigset_t signals_{};
  std::stop_source stop_;
  std::atomic<int> number_ = 0;
  std::atomic<bool> over_ = false;
  std::thread thread_;  // last: joined before what it uses is gone
};

}  // namespace crm::app
