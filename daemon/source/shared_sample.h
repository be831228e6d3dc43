#pragma once
// What one takes for all: a sample that is dear to take, shared by those who ask at the same time or soon after.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <utility>

#include <fmt/format.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/instant.h>

namespace crm::source {

// Thread-safe.
template <class T>
class SharedSample {
 public:
  // `what` for messages: "the sample of the WhatsApp queue". A sample serves until it is `max_age` old.
  SharedSample(std::string what, std::chrono::milliseconds max_age) : what_(std::move(what)), max_age_(max_age) {}

  // The sample there is, or a new one by `take`, which nobody else runs meanwhile. Who waited for one hears of its
  // SourceUnavailable, too; any other failure, or that of a run that was stopped, is only the taker's.
  std::shared_ptr<const T> read(Deadline deadline, const std::stop_token& stop, const std::function<T()>& take) {
    std::unique_lock lock(mutex_);
    const std::uint64_t before = samples_;
    if (!taken_.wait_until(lock, stop, deadline, [this] { return !taking_; })) {
      if (stop.stop_requested()) throw SourceUnavailable(fmt::format("stopped while waiting for {}", what_));
      throw DeadlineExceeded(fmt::format("{} was not taken in time", what_));
    }
    if (samples_ != before && failure_) std::rethrow_exception(failure_);  // we waited for that one
    if (sample_ && std::chrono::steady_clock::now() - sampled_ <= max_age_) return sample_;
    taking_ = true;
    lock.unlock();
    std::shared_ptr<const T> sample;
    std::exception_ptr failure;
    bool everybodys = true;
    try {
      sample = std::make_shared<const T>(take());
    } catch (const SourceUnavailable&) {
      failure = std::current_exception();
      everybodys = !stop.stop_requested();
    } catch (...) {  // this run's own: those who wait try for themselves
      failure = std::current_exception();
      everybodys = false;
    }
    lock.lock();
    taking_ = false;
    if (everybodys) {
      ++samples_;
      sample_ = sample;
      failure_ = failure;
      sampled_ = std::chrono::steady_clock::now();
    }
    taken_.notify_all();
    if (failure) std::rethrow_exception(failure);
    return sample;
  }

 private:
  const std::string what_;
  const std::chrono::milliseconds max_age_;

  std::mutex mutex_;
  std::condition_variable_any taken_;
  bool taking_ = false;
  std::uint64_t samples_ = 0;  // taken or failed
  std::shared_ptr<const T> sample_;
  std::exception_ptr failure_;
  std::chrono::steady_clock::time_point sampled_{};
};

}  // namespace crm::source
