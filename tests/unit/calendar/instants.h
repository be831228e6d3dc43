#pragma once
// Instants, windows and zones as the tests write them.

#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/window.h>

#include "calendar/zone.h"

namespace crm {

// How googletest prints them.
inline void PrintTo(const Window& window, std::ostream* out) {
  *out << '[' << to_iso(window.from) << ", " << to_iso(window.to) << ')';
}
inline void PrintTo(const Period& period, std::ostream* out) {
  PrintTo(period.window, out);
  *out << " against ";
  PrintTo(period.previous, out);
}

}  // namespace crm

namespace crm::calendar::test {

inline Instant at(std::string_view text) {
  const auto instant = parse_instant(text);
  if (!instant) throw std::invalid_argument("a test wrote a bad instant: " + std::string(text));
  return *instant;
}

inline Window between(std::string_view from, std::string_view to) {
  return {at(from), at(to)};
}

inline std::vector<std::string> iso(const Calendar& calendar, const std::vector<Instant>& instants) {
  std::vector<std::string> texts;
  for (const Instant instant : instants) texts.push_back(calendar.iso(instant));
  return texts;
}

// Hours, not necessarily whole.
inline double in_hours(Duration duration) {
  return std::chrono::duration<double, std::ratio<3600>>(duration).count();
}

// Today's offsets and those that were once hard: half and quarter hours, a day too few, midnights twice or never, a
// clock that goes back over midnight, summer time of two hours or of thirty minutes, and an hour less in Ramadan.
inline const std::vector<std::string>& hard_zones() {
  static const std::vector<std::string> zones{"UTC",
                                              "Europe/Berlin",
                                              "Europe/Dublin",
                                              "America/New_York",
                                              "America/Sao_Paulo",
                                              "America/Havana",
                                              "America/St_Johns",
                                              "America/Nuuk",
                                              "America/Caracas",
                                              "Asia/Kolkata",
                                              "Asia/Kathmandu",
                                              "Asia/Tehran",
                                              "Asia/Gaza",
                                              "Asia/Pyongyang",
                                              "Africa/Casablanca",
                                              "Australia/Lord_Howe",
                                              "Pacific/Chatham",
                                              "Pacific/Apia",
                                              "Pacific/Kwajalein",
                                              "Pacific/Kiritimati",
                                              "Antarctica/Troll",
                                              "America/Scoresbysund"};
  return zones;
}

}  // namespace crm::calendar::test
