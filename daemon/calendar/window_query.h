#pragma once
// From the window parameters of a request to the period that it asks for.

#include <chrono>
#include <optional>
#include <string>

#include <crm/sdk/description.h>
#include <crm/sdk/window.h>

#include "calendar/bad_window.h"

namespace crm::calendar {

// Parameters as decoded from the query string; nothing where one was not given.
struct WindowQuery {
  std::optional<std::string> date_range;  // dateRange: today, yesterday, week, month
  std::optional<std::string> start_date;  // startDate: an ISO-8601 date, or an instant with offset
  std::optional<std::string> end_date;    // endDate: likewise; a date is inclusive
};

struct WindowRules {
  std::chrono::days max_range{400};  // business days, of windows given by startDate
  DefaultWindow default_window;
};

// startDate and endDate override dateRange, which must be good all the same. The window never ends after `now`, and is
// never empty when startDate gave it. Compared with: as many business days earlier for named windows and those given by
// dates alone; the same length immediately before where an instant was given.
// BadWindow says which parameter is wrong. Pure: safe on any thread.
Period resolve(const WindowQuery& query, const WindowRules& rules, const Calendar& calendar, Instant now);

// The start of the business day `date`; of the next one that exists if the zone skipped it. Dates far in the future
// are brought near, which changes nothing where windows end now.
Instant start_of_date(std::chrono::sys_days date, const Calendar& calendar, Instant now);

}  // namespace crm::calendar
