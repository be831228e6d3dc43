#pragma once
// Complete requests on their way from the loop to the workers.

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>

#include "http/connection.h"
#include "http/request_reader.h"

namespace crm::http {

struct Job {
  std::shared_ptr<Connection> connection;
  Incoming incoming;
};

class WorkQueue {
 public:
  explicit WorkQueue(std::size_t capacity) : capacity_(capacity) {}

  // False, and `job` untouched, when the queue is full or closed.
  bool push(Job& job);

  // Waits. Nothing once the queue is closed.
  std::optional<Job> pop();

  // Drops what is queued and sends the workers home.
  void close();

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool closed_ = false;
};

}  // namespace crm::http
