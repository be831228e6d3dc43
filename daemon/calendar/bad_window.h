#pragma once
// The answer to window parameters that make no window: 400.

#include <stdexcept>
#include <string>
#include <utility>

namespace crm::calendar {

// what() gives the value and what is accepted, in printable ASCII apart from punctuation of its own (valid UTF-8).
class BadWindow : public std::runtime_error {
 public:
  BadWindow(std::string parameter, const std::string& message)
      : std::runtime_error(message), parameter_(std::move(parameter)) {}

  // dateRange, startDate or endDate.
  const std::string& parameter() const { return parameter_; }

 private:
  std::string parameter_;
};

}  // namespace crm::calendar
