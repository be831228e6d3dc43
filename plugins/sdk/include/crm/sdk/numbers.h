#pragma once
// The arithmetic of the definitions: percentages, changes, trends, means. Rounding happens here and nowhere before.

#include <cstdint>
#include <string_view>

namespace crm {

// A sum over a count. No events: `count` is 0 and there is no mean.
struct Mean {
  std::int64_t sum_ms = 0;
  std::int64_t count = 0;

  bool exists() const { return count > 0; }
  double seconds() const { return count > 0 ? static_cast<double>(sum_ms) / 1000.0 / static_cast<double>(count) : 0.0; }
};

// A part of a whole, 0 ≤ part ≤ whole.
struct Ratio {
  std::int64_t part = 0;
  std::int64_t whole = 0;

  bool exists() const { return whole > 0; }
  double value() const { return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0.0; }
};

// 0…100 with one decimal, half away from zero; `of_nothing` when the whole is 0 (100 for rates of "nothing went wrong",
// 0 for shares).
double percentage(Ratio ratio, double of_nothing);

// Whole seconds, half up; 0 of no events.
std::int64_t whole_seconds(Mean mean);

// Hours and money: two decimals, half away from zero.
double hundredths(double value);

enum class Trend { up, down, stable };
std::string_view to_string(Trend trend);

// How a value moved. `percent` is rounded to one decimal, the trend is taken from the exact change.
struct Change {
  double percent = 0;
  Trend trend = Trend::stable;
};

// 100·(now − before)/before. before = 0: 0 if now is 0 too, else 100. dead_band in percent.
Change change(std::int64_t now, std::int64_t before, double dead_band);

// Of averages and rates: 0 and stable where either side has no events.
Change change(Mean now, Mean before, double dead_band);
Change change(Ratio now, Ratio before, double dead_band);

enum class SlaStatus { good, warning, critical };
std::string_view to_string(SlaStatus status);

// good ≤ target < warning ≤ 1.5 × target < critical, of the exact mean; good over nothing.
SlaStatus sla_status(Mean mean, std::int64_t target_seconds);

}  // namespace crm
