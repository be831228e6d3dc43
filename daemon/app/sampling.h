#pragma once
// The scheduler's side of a report: taken for everyone, rendered for /metrics, kept as the last answer.

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "app/house.h"
#include "schedule/scheduler.h"

namespace crm::app {

// One job for each enabled collector of the house. Jobs own the house.
std::vector<schedule::Job> sampling_jobs(const std::shared_ptr<const House>& house);

// The key under which a collector's scheduled result is kept.
store::Key sampling_key(const std::string& collector);

// How long a result may be served after it was taken: stale_after, or three intervals.
std::chrono::milliseconds stale_after(const House& house, const Description& description);

}  // namespace crm::app
