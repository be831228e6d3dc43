#include <charconv>

#include <crm/sdk/errors.h>
#include <crm/sdk/params.h>

namespace crm {

const std::string& Params::text(std::string_view name) const {
  const auto found = values_.find(name);
  if (found == values_.end()) {
    throw UsageError("parameter '" + std::string(name) + "' is not declared in the collector's description");
  }
  return found->second;
}

std::int64_t Params::integer(std::string_view name) const {
  const std::string& value = text(name);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size()) {
    throw UsageError("parameter '" + std::string(name) + "' is not declared as an integer");
  }
  return number;
}

}  // namespace crm
