#include <cmath>

#include <crm/sdk/numbers.h>

namespace crm {
namespace {

__extension__ using Wide = __int128;  // products of two 64-bit numbers, exactly

// 100·part/whole with one decimal, half away from zero, never -0. whole > 0.
double rounded_percent(Wide part, Wide whole) {
  constexpr Wide exact = Wide{1} << 114;  // up to here 2000·part fits; beyond, no real sum, 64 bits are enough
  const bool negative = part < 0;
  const Wide magnitude = negative ? -part : part;
  const double rounded =
      magnitude < exact && whole < exact
          ? static_cast<double>((2000 * magnitude + whole) / (2 * whole))  // NOLINT(bugprone-integer-division): half up
          : static_cast<double>(
                std::round(1000.0L * static_cast<long double>(magnitude) / static_cast<long double>(whole)));
  return (negative && rounded != 0 ? -rounded : rounded) / 10.0;
}

Trend trend_of(double percent, double dead_band) {
  if (percent > dead_band) return Trend::up;
  if (percent < -dead_band) return Trend::down;
  return Trend::stable;
}

// now = now_n/now_d, before = before_n/before_d; denominators > 0.
Change exact_change(Wide now_n, Wide now_d, Wide before_n, Wide before_d, double dead_band) {
  if (before_n == 0) return now_n == 0 ? Change{} : Change{100.0, trend_of(100.0, dead_band)};
  const Wide growth = before_n < 0 ? before_n * now_d - now_n * before_d : now_n * before_d - before_n * now_d;
  const Wide before = (before_n < 0 ? -before_n : before_n) * now_d;
  // Divided with 64 bits and then rounded to a double's 53, a change of exactly the dead band equals it.
  const auto exact = static_cast<double>(100.0L * static_cast<long double>(growth) / static_cast<long double>(before));
  return {rounded_percent(growth, before), trend_of(exact, dead_band)};
}

}  // namespace

double percentage(Ratio ratio, double of_nothing) {
  return ratio.exists() ? rounded_percent(ratio.part, ratio.whole) : of_nothing;
}

std::int64_t whole_seconds(Mean mean) {
  if (!mean.exists()) return 0;
  const Wide milliseconds_per_count = Wide{1000} * mean.count;
  return static_cast<std::int64_t>((Wide{2} * mean.sum_ms + milliseconds_per_count) / (2 * milliseconds_per_count));
}

double hundredths(double value) {
  return std::round(value * 100.0) / 100.0;
}

std::string_view to_string(Trend trend) {
  switch (trend) {
    case Trend::up:
      return "up";
    case Trend::down:
      return "down";
    case Trend::stable:
      break;
  }
  return "stable";
}

Change change(std::int64_t now, std::int64_t before, double dead_band) {
  return exact_change(now, 1, before, 1, dead_band);
}

Change change(Mean now, Mean before, double dead_band) {
  if (!now.exists() || !before.exists()) return {};
  return exact_change(now.sum_ms, now.count, before.sum_ms, before.count, dead_band);
}

Change change(Ratio now, Ratio before, double dead_band) {
  if (!now.exists() || !before.exists()) return {};
  return exact_change(now.part, now.whole, before.part, before.whole, dead_band);
}

std::string_view to_string(SlaStatus status) {
  switch (status) {
    case SlaStatus::good:
      return "good";
    case SlaStatus::warning:
      return "warning";
    case SlaStatus::critical:
      break;
  }
  return "critical";
}

SlaStatus sla_status(Mean mean, std::int64_t target_seconds) {
  if (!mean.exists()) return SlaStatus::good;
  const Wide sum = mean.sum_ms;
  const Wide at_target = Wide{1000} * target_seconds * mean.count;
  if (sum <= at_target) return SlaStatus::good;
  return 2 * sum <= 3 * at_target ? SlaStatus::warning : SlaStatus::critical;
}

}  // namespace crm
