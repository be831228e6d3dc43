#pragma once
// What facts have counted, up to an instant: where counters of Prometheus come from while history has none.

#include <functional>
#include <string>
#include <vector>

#include <crm/sdk/facts.h>

namespace crm::rollup {

class Counters {
 public:
  using Read = std::function<FactTable(const FactQuery&)>;

  virtual ~Counters() = default;

  // The totals of a fact by these axes (agent, key) at `now`, each group that was ever met. `read` answers a query over
  // the raw rows; what it throws leaves the counter as it was.
  virtual FactTable count(const std::string& fact, const std::vector<Axis>& by, Instant now, const Read& read) = 0;
};

}  // namespace crm::rollup
