#pragma once
// The lengths of the periods that facts are stored by, and one such period.

#include <algorithm>
#include <array>
#include <chrono>
#include <compare>
#include <cstdint>
#include <string_view>
#include <vector>

#include <crm/sdk/window.h>

namespace crm::rollup {

// minutes: one minute of UTC, with which every zone's hours and days begin. What changes is mostly young, and so little
// else is counted again with it. hour and day: the business calendar's.
enum class Grain { minutes, hour, day };
inline constexpr std::array<std::string_view, 3> grain_names{"minutes", "hour", "day"};

constexpr std::string_view to_string(Grain grain) {
  return grain_names[static_cast<std::size_t>(grain)];
}

inline Grain grain_of(std::string_view name) {
  const auto found = std::find(grain_names.begin(), grain_names.end(), name);
  return static_cast<Grain>(found - grain_names.begin());
}

inline constexpr std::chrono::minutes minutes_length{1};
// Periods of minutes are kept for a day and what a day with a change of clocks has more, and an hour for the previous
// period's last one.
inline constexpr std::chrono::hours minutes_kept{26};
// Those of an hour with very many messages (a campaign's) are kept for as long as answers, deliveries and conversions
// come: each would have the whole hour counted again.
inline constexpr std::chrono::days crowded_minutes_kept{15};
// Shares of conversations in a minute (shares.h) are stored while it is young, and kept while most changes come; those
// of campaigns' results, which are for days.
inline constexpr std::chrono::hours shares_begin{1};
inline constexpr std::chrono::hours shares_kept{6};
inline constexpr std::chrono::days shares_of_campaigns_kept{15};
inline constexpr std::int64_t crowd_of_an_hour{20'000};  // messages of such an hour, or more

// No whole period of that grain is shorter, whatever clocks do; the youngest of minutes may be.
constexpr Duration shortest(Grain grain) {
  if (grain == Grain::day) return std::chrono::hours(20);
  return grain == Grain::hour ? Duration(std::chrono::minutes(15)) : Duration(0);
}

// How long a period of that grain is, but where clocks change in it.
constexpr Duration usual(Grain grain) {
  if (grain == Grain::day) return std::chrono::hours(24);
  return grain == Grain::hour ? Duration(std::chrono::hours(1)) : Duration(minutes_length);
}

inline Instant minutes_start(Instant t) {
  return std::chrono::floor<std::chrono::minutes>(t);
}

// [start, until): what is counted. The youngest period of minutes ends where it has been counted to.
struct StoredPeriod {
  Grain grain = Grain::minutes;
  Instant start{};
  Instant until{};
  friend auto operator<=>(const StoredPeriod&, const StoredPeriod&) = default;
};

inline std::vector<Instant> starts_of(const std::vector<StoredPeriod>& periods) {
  std::vector<Instant> starts;
  for (const StoredPeriod& period : periods) starts.push_back(period.start);
  return starts;
}

inline std::vector<Instant> untils_of(const std::vector<StoredPeriod>& periods) {
  std::vector<Instant> untils;
  for (const StoredPeriod& period : periods) untils.push_back(period.until);
  return untils;
}

}  // namespace crm::rollup
