// Works, and tells how often it ran and how many of its runs there were at once.
//
// Options: takes (duration, 0): how long a run takes.

#include <algorithm>
#include <atomic>
#include <thread>

#include "tiny.h"

namespace {

// Of the library rather than of a collector: runs before and after a reload are counted together.
std::atomic<int> runs = 0;
std::atomic<int> now_running = 0;
std::atomic<int> most_at_once = 0;

class Running {
 public:
  Running() {
    ++runs;
    const int mine = ++now_running;
    int most = most_at_once;
    while (most < mine && !most_at_once.compare_exchange_weak(most, mine)) {
    }
  }
  ~Running() { --now_running; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
};

crm::Collectors make(const crm::Config& options) {
  const auto takes = options.duration("takes", std::chrono::milliseconds(0));
  crm::Description description = tiny::description("echo");
  description.families = {{.name = "crm_test_echo_runs_at_once", .help = "Most runs of echo at once, ever."}};
  return tiny::one(std::move(description), [takes](const crm::Request& request, crm::Sources&) {
    const Running running;
    if (takes.count() > 0) std::this_thread::sleep_for(takes);
    const int most = most_at_once;
    return tiny::report({{"runs", runs.load()}, {"mostAtOnce", most}, {"scope", request.scope.key()}},
                        {{.family = "crm_test_echo_runs_at_once", .value = static_cast<double>(most)}});
  });
}

}  // namespace

CRM_COLLECTOR_PLUGIN("echo", make)
