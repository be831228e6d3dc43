#pragma once
// What is said of a time zone that the system does not know.

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace crm::calendar {

// what(): "unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?"
class UnknownZone : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The zone's name that was probably meant: the same in another case, the same city without its region, else the one
// with the fewest differing letters. Nothing when none is close.
std::optional<std::string> nearest_zone_name(std::string_view name);

// The error for `name`, with the nearest name.
UnknownZone unknown_zone(std::string_view name);

}  // namespace crm::calendar
