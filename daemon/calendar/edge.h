#pragma once
// One end of an explicit window, as a caller writes it.

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include <crm/sdk/instant.h>

#include "calendar/bad_window.h"

namespace crm::calendar {

// A whole business day, or an instant.
using Edge = std::variant<std::chrono::sys_days, Instant>;

// "2026-11-23", or an instant with its offset. BadWindow, naming `parameter`, for anything else: an empty text, a date
// that is not in the calendar, an instant without an offset or whose + was decoded to a space.
Edge parse_edge(const std::string& parameter, std::string_view text);

}  // namespace crm::calendar
