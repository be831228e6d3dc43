#pragma once
// Query parameters of a section beyond dateRange, startDate and endDate.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace crm {

// Declared in the description; the host refuses (400) what is not declared, no number, or out of range.
struct Param {
  enum class Type { integer, text };

  std::string name;
  Type type = Type::text;
  std::string otherwise;  // the default, as text
  std::int64_t min = 0;   // integers only
  std::int64_t max = 0;
  std::string help;
};

// Validated values, defaults filled in.
class Params {
 public:
  Params() = default;
  explicit Params(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}

  // UsageError for a parameter that is not declared.
  std::int64_t integer(std::string_view name) const;
  const std::string& text(std::string_view name) const;

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

}  // namespace crm
