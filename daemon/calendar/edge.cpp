#include "calendar/edge.h"

#include <optional>

#include <fmt/format.h>

#include "calendar/quoted.h"

namespace crm::calendar {
namespace {

constexpr std::string_view accepted =
    "a date such as 2026-11-23, or an instant with its offset such as 2026-11-23T08:00:00Z or "
    "2026-11-23T08:00:00+01:00 (in a URL, + is written %2B)";

// Does the text have the form 0000-00-00?
bool looks_like_date(std::string_view text) {
  constexpr std::string_view form = "0000-00-00";
  if (text.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

std::optional<std::chrono::sys_days> date_of(std::string_view text) {
  const auto midnight = parse_instant(std::string(text) + "T00:00Z");
  if (!midnight) return std::nullopt;
  return std::chrono::floor<std::chrono::days>(*midnight);
}

// "2026-01-01T00:00:00 01:00": a + that was not escaped.
bool lost_its_plus(std::string_view text) {
  const auto space = text.rfind(' ');
  if (space == std::string_view::npos) return false;
  std::string mended(text);
  mended[space] = '+';
  return parse_instant(mended).has_value();
}

std::string complaint(std::string_view text) {
  if (text.empty()) return fmt::format("is empty: give {}, or leave it out", accepted);
  if (looks_like_date(text)) return "is not in the calendar: give a date that exists, such as 2026-11-23";
  if (lost_its_plus(text)) return "has a space before its offset: in a URL, + is written %2B";
  if (parse_instant(std::string(text) + "Z"))
    return "is an instant without an offset: end it with Z or +01:00 (%2B01:00)";
  return fmt::format("is neither a date nor an instant: give {}", accepted);
}

}  // namespace

Edge parse_edge(const std::string& parameter, std::string_view text) {
  if (looks_like_date(text)) {
    if (const auto date = date_of(text)) return *date;
  } else if (const auto instant = parse_instant(text)) {
    return *instant;
  }
  throw BadWindow(parameter, fmt::format("{} {} {}", parameter, quoted(text), complaint(text)));
}

}  // namespace crm::calendar
