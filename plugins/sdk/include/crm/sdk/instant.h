#pragma once
// Points in time and lengths of time. Everything inside is UTC; zones belong to Calendar.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace crm {

// Microseconds, as PostgreSQL stores them: an instant survives a round trip through the database unchanged.
using Duration = std::chrono::microseconds;
using Instant = std::chrono::sys_time<Duration>;
using Deadline = std::chrono::steady_clock::time_point;

// "2026-11-23T22:40:18.123456Z"; the fraction is left out when it is zero.
std::string to_iso(Instant instant);

// ISO-8601 with an offset or Z ("2026-11-23T22:40:18+01:00", seconds and fraction optional), or PostgreSQL's text form
// ("2026-11-23 22:40:18.5+00"). Nothing without an offset, or outside the years 0001 to 9999.
std::optional<Instant> parse_instant(std::string_view text);

}  // namespace crm
