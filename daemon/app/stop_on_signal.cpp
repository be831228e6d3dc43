#include "app/stop_on_signal.h"

#include <cstdlib>

namespace crm::app {

StopOnSignal::StopOnSignal() {
  ::sigemptyset(&signals_);
  for (const int number : {SIGINT, SIGTERM}) ::sigaddset(&signals_, number);
  ::pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ = std::thread([this] { wait(); });
}

StopOnSignal::~StopOnSignal() {
  over_ = true;
  ::pthread_kill(thread_.native_handle(), SIGTERM);  // wakes it
  thread_.join();
}

void StopOnSignal::wait() {
  for (;;) {
    int number = 0;
    if (::sigwait(&signals_, &number) != 0) continue;
    if (over_) return;
    if (number_ != 0) std::_Exit(128 + number);
    number_ = number;
    stop_.request_stop();
  }
}

}  // namespace crm::app
