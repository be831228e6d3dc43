#pragma once
// Ends what a library does with a socket when its time is over: Poco's own limits are for each read, so that a server
// which sends a byte now and then would hold its caller for ever.

#include <condition_variable>
#include <mutex>
#include <thread>

#include <sys/socket.h>

#include "source/patience.h"

namespace crm::source {

// Shuts the socket down when the patience is over or the run was stopped, and does nothing once it is destroyed. The
// descriptor must stay open for so long.
class CutOff {
 public:
  CutOff(int descriptor, const Patience& patience)
      : thread_([this, descriptor, patience] { watch(descriptor, patience); }) {}
  ~CutOff() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    wake_.notify_all();
    thread_.join();
  }
  CutOff(const CutOff&) = delete;
  CutOff& operator=(const CutOff&) = delete;

 private:
  void watch(int descriptor, const Patience& patience) {
    std::unique_lock lock(mutex_);
    if (wake_.wait_until(lock, patience.stop, patience.until, [this] { return done_; })) return;
    ::shutdown(descriptor, SHUT_RDWR);
  }

  std::mutex mutex_;
  std::condition_variable_any wake_;
  bool done_ = false;
  std::thread thread_;  // last: it uses the others
};

}  // namespace crm::source
