#include "config/problem.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include <fmt/format.h>

namespace crm::config {
namespace {

std::vector<Problem> in_order(std::vector<Problem> problems) {
  std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.file, a.line) < std::tie(b.file, b.line);
  });
  return problems;
}

std::string lines(const std::vector<Problem>& problems) {
  std::string text;
  for (std::size_t i = 0; i < std::min(problems.size(), Invalid::most); ++i) {
    text += (i == 0 ? "" : "\n") + problems[i].text();
  }
  if (problems.size() > Invalid::most) text += fmt::format("\n… and {} more", problems.size() - Invalid::most);
  return text;
}

}  // namespace

std::string Problem::text() const {
  std::string text = file;
  if (line > 0) text += fmt::format(":{}", line);
  if (!text.empty()) text += ": ";
  if (!key.empty()) text += key + ": ";
  return text + message;
}

Invalid::Invalid(std::vector<Problem> all)
    : std::runtime_error(lines(in_order(all))), problems(in_order(std::move(all))) {
  if (problems.size() > most) {
    left_out = problems.size() - most;
    problems.erase(std::next(problems.begin(), most), problems.end());
  }
}

}  // namespace crm::config
