#pragma once
// What to generate, and the command line that says so.

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <crm/sdk/instant.h>

namespace crm::simulator {

struct History {
  std::int64_t messages = 200'000;  // at least so many; the last conversation is told to its end
  std::int64_t days = 90;           // business days up to now, today included
  std::int64_t agents = 24;         // of role agent; supervisors, an admin and an owner come on top
  std::int64_t contacts = 0;        // 0: one for every 25 messages
  std::uint64_t seed = 1;
  std::string timezone = "UTC";
  Instant now;  // nothing happens after it
};

struct Options {
  std::string url;
  History history;
  bool write_history = true;
  bool truncate = false;
  std::optional<double> live;  // messages a second
  bool help = false;
};

// One line that names the option, the value and what to do.
class OptionError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// `arguments` without the program's name. `clock` is `now` where --now does not say otherwise.
Options parse_options(std::span<const char* const> arguments, Instant clock);

std::string_view help_text();

}  // namespace crm::simulator
