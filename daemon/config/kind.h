#pragma once
// What may stand as an option's value.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/node.h"

namespace crm::config {

// An address is kept as its text, a path as an absolute one, a word as it is, hours as "auto" or their ranges.
using Value =
    std::variant<bool, std::int64_t, double, std::chrono::milliseconds, std::string, std::vector<std::string>>;

struct Kind {
  enum class Is { boolean, integer, real, duration, text, texts, path, endpoint, word, names, hours, anything };
  Is is = Is::anything;
  double low = 0;  // integer, real
  double high = 0;
  std::chrono::milliseconds shortest{0};  // duration
  std::chrono::milliseconds longest{0};
  bool whole_seconds = false;
  std::vector<std::string_view> words;  // word
  std::string_view pattern;             // text, texts: a regular expression; empty: any text but the empty one
  std::string_view pattern_said;        // what it asks for, after "must be"
};

Kind boolean();
Kind integer(int low, int high);
Kind real(double low, double high);
Kind duration(std::chrono::milliseconds shortest, std::chrono::milliseconds longest);
Kind seconds(std::chrono::seconds shortest, std::chrono::seconds longest);  // a duration without fractions
Kind text();
Kind text(std::string_view pattern, std::string_view pattern_said);
Kind path();  // relative ones start from the folder of the file that names them
Kind endpoint();
Kind names();                                                         // a list, each name once
Kind texts(std::string_view pattern, std::string_view pattern_said);  // a list, each text once
Kind hours();
Kind anything();  // a map of anything
template <class Words>
Kind one_of(const Words& words) {
  Kind kind;
  kind.is = Kind::Is::word;
  kind.words.assign(words.begin(), words.end());
  return kind;
}

// Letters, digits, - and _, beginning with a letter: names of plugins, collectors and metrics.
inline constexpr std::string_view name_pattern = "^[A-Za-z][A-Za-z0-9_-]*$";
bool is_name(std::string_view text);

// The same for collectors, whose sections a configuration may have made: see crm::custom_prefix.
inline constexpr std::string_view collector_pattern = "^(custom/)?[A-Za-z][A-Za-z0-9_-]*$";
bool is_collector(std::string_view text);

// The value as a node that reads back as the same value.
Node written(const Value& value);

}  // namespace crm::config
