#pragma once
// The lengths of the periods that facts are stored by, and one such period.

#include <array>
#include <chrono>
#include <string_view>

#include <crm/sdk/window.h>

namespace crm::rollup {

// minutes: five minutes of UTC, in which every zone's hours and days begin. hour and day: the business calendar's.
enum class Grain { minutes, hour, day };
inline constexpr std::array<std::string_view, 3> grain_names{"minutes", "hour", "day"};

constexpr std::string_view to_string(Grain grain) {
  return grain_names[static_cast<std::size_t>(grain)];
}

inline constexpr std::chrono::minutes minutes_length{5};
// Periods of minutes are kept for a day and what a day with a change of clocks has more, and an hour for the previous
// period's last one.
inline constexpr std::chrono::hours minutes_kept{26};

inline Instant minutes_start(Instant t) {
  const auto since = t.time_since_epoch();
  return Instant(std::chrono::floor<std::chrono::duration<std::int64_t, std::ratio<300>>>(since));
}

// [start, until): what is counted. The youngest period of minutes ends where it has been counted to.
struct StoredPeriod {
  Grain grain = Grain::minutes;
  Instant start{};
  Instant until{};
  friend bool operator==(const StoredPeriod&, const StoredPeriod&) = default;
};

}  // namespace crm::rollup
