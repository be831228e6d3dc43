#include "config/scalars.h"

#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "config/text.h"

namespace crm::config {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

std::size_t digits(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789"), text.size());
}

[[noreturn]] void no_duration() {
  throw std::invalid_argument("is not a duration; write it like 500ms, 15s, 5m, 1h30m or 7d");
}

// The number and its unit at the front of `text`, which is moved past them.
std::int64_t take_part(std::string_view& text) {
  const std::size_t length = digits(text);
  if (length == 0 || length > 12) no_duration();
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + length, count);
  text.remove_prefix(length);
  const std::string_view name = text.substr(0, text.find_first_of("0123456789"));
  text.remove_prefix(name.size());
  for (const auto& [unit, factor] : units) {
    if (name != unit) continue;
    if (count > 36'500 * units[0].second / factor) throw std::invalid_argument("is longer than a century");
    return count * factor;
  }
  no_duration();
}

int hour(std::string_view text, int last) {
  int value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > last) return -1;
  return value;
}

}  // namespace

bool parse_boolean(std::string_view text) {
  if (text != "true" && text != "false") throw std::invalid_argument("is neither true nor false");
  return text == "true";
}

std::int64_t parse_integer(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const std::string_view magnitude = text.substr(text.starts_with('-') ? 1 : 0);
  if (text.empty() || end != text.data() + text.size() || error != std::errc() ||
      (magnitude.size() > 1 && magnitude[0] == '0')) {
    throw std::invalid_argument("is not a whole number");
  }
  return value;
}

double parse_real(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || end != text.data() + text.size() || error != std::errc() || !std::isfinite(value)) {
    throw std::invalid_argument("is not a number");
  }
  return value == 0 ? 0.0 : value;  // -0 would print as such
}

milliseconds parse_duration(std::string_view text) {
  if (!text.empty() && digits(text) == text.size()) {
    throw std::invalid_argument(fmt::format("has no unit; write {0}s, {0}m or {0}h", printable(text)));
  }
  if (text.empty()) no_duration();
  milliseconds sum{0};
  while (!text.empty()) {
    sum += milliseconds(take_part(text));
    if (sum > milliseconds(36'500 * units[0].second)) throw std::invalid_argument("is longer than a century");
  }
  return sum;
}

std::string duration_text(milliseconds duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0s";
  std::string text;
  for (const auto& [unit, factor] : units) {
    if (rest >= factor) text += fmt::format("{}{}", rest / factor, unit);
    rest %= factor;
  }
  return text;
}

std::vector<int> parse_hours(std::span<const std::string> ranges) {
  std::set<int> hours;
  for (const std::string& range : ranges) {
    const std::size_t dash = range.find('-');
    const std::string_view text = range;
    const int from = hour(text.substr(0, dash), 23);
    const int to = dash == std::string::npos ? from + 1 : hour(text.substr(dash + 1), 24);
    if (from < 0 || to < 0 || from == to) {
      throw std::invalid_argument(
          fmt::format("{} is not a range of hours; write 9-12 (from 9 to 12 o'clock) or 14 (one hour)", shown(range)));
    }
    for (int h = from; h % 24 != to % 24 || h == from; ++h) hours.insert(h % 24);
  }
  return {hours.begin(), hours.end()};
}

}  // namespace crm::config
