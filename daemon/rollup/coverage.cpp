#include "rollup/coverage.h"

#include <algorithm>
#include <map>

namespace crm::rollup {
namespace {

bool in_one_bucket(const StoredPeriod& period, const std::vector<Instant>& buckets) {
  const auto next = std::upper_bound(buckets.begin(), buckets.end(), period.start);
  return next == buckets.end() || *next >= period.until;
}

std::vector<Window> gaps_between(const Window& window, const std::vector<StoredPeriod>& stored) {
  std::vector<Window> gaps;
  Instant at = window.from;
  for (const StoredPeriod& period : stored) {
    if (period.start > at) gaps.push_back({at, period.start});
    at = period.until;
  }
  if (at < window.to) gaps.push_back({at, window.to});
  return gaps;
}

// How much is stored between a gap and the next.
Duration between(const std::vector<Window>& gaps, std::size_t i) {
  return gaps[i + 1].from - gaps[i].to;
}

}  // namespace

Coverage cover(const Window& window, std::vector<StoredPeriod> periods, const std::vector<Instant>& buckets) {
  std::stable_sort(periods.begin(), periods.end(),
                   [](const StoredPeriod& a, const StoredPeriod& b) { return a.grain > b.grain; });
  std::map<Instant, StoredPeriod> laid;
  for (const StoredPeriod& period : periods) {
    const bool inside = period.start >= window.from && period.until <= window.to && period.start < period.until;
    if (!inside || !in_one_bucket(period, buckets)) continue;
    const auto next = laid.lower_bound(period.start);
    if (next != laid.end() && next->first < period.until) continue;
    if (next != laid.begin() && std::prev(next)->second.until > period.start) continue;
    laid.emplace(period.start, period);
  }
  Coverage coverage;
  for (const auto& [start, period] : laid) coverage.stored.push_back(period);
  coverage.gaps = gaps_between(window, coverage.stored);
  return coverage;
}

Coverage with_few_gaps(Coverage coverage, std::size_t most) {
  auto& gaps = coverage.gaps;
  while (gaps.size() > std::max<std::size_t>(most, 1)) {
    std::size_t nearest = 0;
    for (std::size_t i = 1; i + 1 < gaps.size(); ++i) {
      if (between(gaps, i) < between(gaps, nearest)) nearest = i;
    }
    gaps[nearest].to = gaps[nearest + 1].to;
    gaps.erase(gaps.begin() + static_cast<std::ptrdiff_t>(nearest) + 1);
  }
  std::erase_if(coverage.stored, [&](const StoredPeriod& period) {
    return std::any_of(gaps.begin(), gaps.end(),
                       [&](const Window& gap) { return gap.from <= period.start && period.until <= gap.to; });
  });
  return coverage;
}

}  // namespace crm::rollup
