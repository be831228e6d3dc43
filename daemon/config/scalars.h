#pragma once
// Texts of single values ↔ numbers and lengths of time. The parsers throw std::invalid_argument whose message follows
// the text in quotes: "is not a whole number".

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm::config {

bool parse_boolean(std::string_view text);
std::int64_t parse_integer(std::string_view text);
double parse_real(std::string_view text);

// "500ms", "15s", "5m", "1h30m", "7d". At most about a century.
std::chrono::milliseconds parse_duration(std::string_view text);
std::string duration_text(std::chrono::milliseconds duration);

// "9-12" is from 9 to 12 o'clock, so hours 9, 10 and 11; "22-2" goes over midnight; "14" is one hour. Sorted, each
// once.
std::vector<int> parse_hours(std::span<const std::string> ranges);

}  // namespace crm::config
