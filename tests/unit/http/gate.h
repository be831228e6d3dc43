#pragma once
// Holds handlers until a test lets them go.

#include <condition_variable>
#include <mutex>

namespace crm::http::testing {

class Gate {
 public:
  ~Gate() { open(); }

  void pass() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }

  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

  void await(int handlers) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this, handlers] { return waiting_ >= handlers; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

}  // namespace crm::http::testing
