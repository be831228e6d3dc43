#include "app/isolated.h"

#include <condition_variable>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

namespace crm::app {
namespace {

struct Handover {
  std::mutex mutex;
  std::condition_variable done;
  std::optional<Taken> taken;
  bool given_up = false;
};

template <typename Error>
Taken failed(const std::string& what) {
  Taken taken;
  taken.outcome = plugin::run([&]() -> Report { throw Error(what); });
  return taken;
}

}  // namespace

Taken Isolated::take(const std::shared_ptr<const House>& house, Ask ask) const {
  const std::string name = ask.collector->description().name;
  {
    const std::lock_guard lock(overdue_->mutex);
    if (overdue_->runs.contains(name)) {
      return failed<SourceUnavailable>(fmt::format("collector {} is stuck: an earlier run has not come back", name));
    }
  }
  const auto handover = std::make_shared<Handover>();
  const auto until = ask.deadline + grace_;
  // Detached: it owns what it touches, and nobody could join it if the collector hangs.
  std::thread([house, ask = std::move(ask), handover, overdue = overdue_, name] {
    Taken taken = take_report(*house, ask);
    const std::lock_guard lock(handover->mutex);
    if (handover->given_up) {
      const std::lock_guard overdue_lock(overdue->mutex);
      if (--overdue->runs[name] == 0) overdue->runs.erase(name);
    }
    handover->taken = std::move(taken);
    handover->done.notify_one();
  }).detach();
  std::unique_lock lock(handover->mutex);
  if (handover->done.wait_until(lock, until, [&] { return handover->taken.has_value(); })) {
    return std::move(*handover->taken);
  }
  handover->given_up = true;
  const std::lock_guard overdue_lock(overdue_->mutex);
  ++overdue_->runs[name];
  return failed<DeadlineExceeded>(fmt::format("collector {} did not come back by its deadline", name));
}

bool Isolated::any_overdue() const {
  const std::lock_guard lock(overdue_->mutex);
  return !overdue_->runs.empty();
}

}  // namespace crm::app
