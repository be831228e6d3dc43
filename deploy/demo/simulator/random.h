#pragma once
// Chance that gives the same numbers on every platform: std::mt19937_64 is specified to the bit, the standard's
// distributions and libm are not. Hence whole numbers only.

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

#include <crm/sdk/instant.h>

namespace crm::simulator {

class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t bits() { return engine_(); }

  // 0 … n-1; n > 0. The bias of the remainder is below n / 2^64.
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n)); }

  // Both ends included.
  std::int64_t between(std::int64_t low, std::int64_t high) { return low + below(high - low + 1); }

  bool permille(int chance) { return below(1000) < chance; }

  template <typename List>
  const auto& pick(const List& list) {
    return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
  }

  Duration between(Duration low, Duration high) { return Duration{between(low.count(), high.count())}; }

 private:
  std::mt19937_64 engine_;
};

// A distribution of lengths of time as its quantiles, in seconds: each step between two knots is equally likely, and
// within a step every value is. {10, 60, 600} means: half within 10 s to 1 min, half within 1 to 10 min.
template <std::size_t N>
struct Spread {
  std::array<std::int64_t, N> seconds;

  Duration draw(Random& random) const {
    const auto step = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(N) - 1));
    return random.between(Duration{seconds[step] * 1'000'000}, Duration{seconds[step + 1] * 1'000'000});
  }
};

template <typename... T>
Spread(T...) -> Spread<sizeof...(T)>;

}  // namespace crm::simulator
