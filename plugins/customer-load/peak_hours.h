#pragma once
// Which hours of the day are busy.

#include <array>
#include <bitset>
#include <cstdint>
#include <vector>

#include <crm/sdk/settings.h>

namespace customer_load {

inline constexpr std::size_t hours_of_day = 24;
using PeakHours = std::bitset<hours_of_day>;

// Those whose mean volume (here: the sum over the same days) is at or above the 75th percentile of all 24, interpolated
// as PostgreSQL's percentile_cont does. An hour in which nobody ever wrote is none, though fewer than seven be busy.
PeakHours busiest(const std::array<std::int64_t, hours_of_day>& volumes);

// load.peak_hours, where it is not auto.
PeakHours configured(const crm::Settings::Load& load);

}  // namespace customer_load
