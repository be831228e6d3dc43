#pragma once
// A real BullMQ in a process of its own (driver.mjs): producers, workers, flows.

#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include <crm/sdk/instant.h>

namespace crm::testing {

class BullMq {
 public:
  // `version`: 4, 5 or 6. Needs what tests/integration/bullmq/install installs.
  BullMq(int version, int redis_port);
  ~BullMq();

  // BullMQ's clock says `now` from here on, and goes on.
  void clock(Instant now);
  // Jobs as BullMQ's options, and "name": what the worker does with them (ok, fail, hold). Their ids.
  nlohmann::json add(const std::string& queue, const nlohmann::json& jobs, const std::string& prefix = "bull");
  // Any command of the driver's; returns when it is done. std::runtime_error with the driver's words.
  nlohmann::json operator()(const nlohmann::json& command);
  // Waits until the queue has these counts, by BullMQ's own words for states.
  void until(const std::string& queue, const nlohmann::json& counts, const std::string& prefix = "bull");

 private:
  struct Driver;
  std::unique_ptr<Driver> driver_;
};

}  // namespace crm::testing
