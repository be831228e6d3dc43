#pragma once
// Reports for people, run apart from the thread that waits for them: a collector that hangs costs one request its
// answer, not the listener a thread.

#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "app/reporter.h"

namespace crm::app {

// Thread-safe. Runs that never come back keep the house that they run in alive, and themselves.
class Isolated {
 public:
  explicit Isolated(std::chrono::milliseconds grace = std::chrono::seconds(2))
      : overdue_(std::make_shared<Overdue>()), grace_(grace) {}

  // The report, or DeadlineExceeded as its outcome when the collector has not returned by the deadline and the grace.
  // While such a run has not come back, further asks of that collector are refused at once.
  Taken take(const std::shared_ptr<const House>& house, Ask ask) const;

  // Are there runs that nobody waits for any more and that have not come back?
  bool any_overdue() const;

 private:
  // Runs past their deadline, by collector.
  struct Overdue {
    std::mutex mutex;
    std::map<std::string, int> runs;
  };

  std::shared_ptr<Overdue> overdue_;
  std::chrono::milliseconds grace_;
};

}  // namespace crm::app
