#include "config/suggest.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace crm::config {
namespace {

std::string folded(std::string_view word) {
  std::string result(word);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return c == '-' ? '_' : static_cast<char>(std::tolower(c)); });
  return result;
}

// Insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(const std::string& a, const std::string& b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        cost[i][j] = i + j;
        continue;
      }
      const std::size_t replaced = cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      cost[i][j] = std::min({replaced, cost[i - 1][j] + 1, cost[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  static constexpr std::size_t longest = 64;
  if (word.empty() || word.size() > longest) return "";
  const std::string sought = folded(word);
  std::string best;
  std::size_t best_distance = 1 + word.size() / 4;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::size_t d = distance(sought, folded(candidate));
    if (d >= std::max(word.size(), candidate.size())) continue;
    if (best.empty() ? d <= best_distance : d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

std::string advice(std::string_view word, std::span<const std::string> candidates) {
  const std::string meant = nearest(word, candidates);
  if (!meant.empty()) return fmt::format("; did you mean '{}'?", meant);
  return candidates.empty() ? "" : fmt::format("; known here: {}", fmt::join(candidates, ", "));
}

}  // namespace crm::config
