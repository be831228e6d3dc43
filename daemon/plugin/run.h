#pragma once
// One run of a collector, with everything that it may do wrong turned into an outcome.

#include <chrono>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <crm/sdk/report.h>

namespace crm::plugin {

enum class Fault {
  none,
  unavailable,  // a backend is away
  timeout,      // the deadline passed
  forbidden,    // the caller may not ask this
  parameter,    // the caller gave a parameter that cannot be used
  contract,     // the source does not keep its contract
  defect,       // the plugin threw, or returned what it must not
};

std::string_view to_string(Fault fault);

struct Outcome {
  std::optional<Report> report;  // set exactly when fault is none
  std::string document;          // the report's document as JSON bytes
  Fault fault = Fault::none;
  std::string what;          // one line for people, whatever was thrown
  std::exception_ptr error;  // what was thrown
  std::chrono::nanoseconds duration{};
};

// Never throws. A document that cannot be rendered (document.h) is a defect. Keep the plugin's library loaded as long
// as the outcome: the report and the error may be of its making.
Outcome run(const std::function<Report()>& collect) noexcept;

}  // namespace crm::plugin
