#include "calendar/unknown_zone.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include <date/tz.h>
#include <fmt/format.h>

#include "calendar/quoted.h"

namespace crm::calendar {
namespace {

// Lower case, and one kind of separator: "new york" is New_York.
std::string folded(std::string_view name) {
  std::string result(name);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == ' ' || c == '-') c = '_';
  }
  return result;
}

// Letters to insert, delete or replace to turn a into b (Levenshtein), one row of the table at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row[b.size()];
}

std::string_view city(std::string_view zone) {
  return zone.substr(zone.rfind('/') + 1);
}

}  // namespace

std::optional<std::string> nearest_zone_name(std::string_view name) {
  constexpr std::size_t longest = 64;  // no zone's name is half as long; keeps the comparison cheap whatever was given
  if (name.empty() || name.size() > longest) return std::nullopt;
  const std::string wanted = folded(name);
  const bool has_region = wanted.find('/') != std::string::npos;

  std::optional<std::string> nearest;
  // Half steps: of two at the same distance, the whole name before the city alone.
  std::size_t best = 2 * (std::max<std::size_t>(1, name.size() / 4) + 1);
  for (const date::time_zone& zone : date::get_tzdb().zones) {
    const std::string known = folded(zone.name());
    if (known == "localtime") continue;  // not accepted either
    std::size_t distance = 2 * edit_distance(wanted, known);
    if (!has_region) distance = std::min(distance, 2 * edit_distance(wanted, city(known)) + 1);
    if (distance < best) {
      best = distance;
      nearest = zone.name();
    }
  }
  return nearest;
}

UnknownZone unknown_zone(std::string_view name) {
  const auto nearest = nearest_zone_name(name);
  const std::string advice =
      nearest ? fmt::format("did you mean '{}'?", *nearest) : "give an IANA name such as 'Europe/Berlin' or 'UTC'";
  return UnknownZone(fmt::format("unknown time zone {}; {}", quoted(name), advice));
}

}  // namespace crm::calendar
