#include "options.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <date/tz.h>
#include <fmt/format.h>

namespace crm::simulator {
namespace {

constexpr std::string_view help = R"(crm-simulator - fills a CRM's database with plausible WhatsApp traffic

Usage: crm-simulator --url URL [OPTION VALUE]...

It writes the base tables of the reference CRM (config/source/reference/tables.sql), which must exist. Without --live it
writes a history that ends now and stops. With --live it sends messages from now on until it gets SIGTERM or Ctrl-C.

  --url URL         PostgreSQL to write to, e.g. postgresql://postgres@127.0.0.1:5432/crm

History:
  --messages N      messages to write (200000); with --live, a history is written first only if this is given
  --days N          over so many days, today included (90)
  --agents N        agents (24); one supervisor for every 8 of them, an admin and an owner come on top
  --contacts N      customers (one for every 25 messages)
  --now INSTANT     where the history ends, ISO-8601 with offset, e.g. 2026-11-23T22:40:00Z (the clock)
  --timezone ZONE   whose working hours bring the peaks, e.g. Europe/Berlin (UTC)
  --seed N          another number, another history; the same seed, options and --now give the same rows (1)
  --truncate        empty the tables first, instead of refusing to write into tables that hold rows

Live:
  --live RATE       messages a second, e.g. 5 or 0.5; one line of progress every 10 s

  --help            this text
)";

constexpr std::array<std::string_view, 9> value_options{"--url",  "--messages", "--days",     "--agents", "--contacts",
                                                        "--seed", "--now",      "--timezone", "--live"};

template <typename Number>
Number whole_number(std::string_view option, std::string_view text, Number low, Number high) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) {
    throw OptionError(fmt::format("{}: '{}' is not a whole number from {} to {}", option, text, low, high));
  }
  return value;
}

double rate(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0.01 && value <= 100'000)) {
    throw OptionError(fmt::format("--live: '{}' is not a number of messages a second from 0.01 to 100000", text));
  }
  return value;
}

Instant instant(std::string_view text) {
  const auto value = parse_instant(text);
  if (!value) {
    throw OptionError(fmt::format("--now: '{}' is not an instant; write it like 2026-11-23T22:40:00Z", text));
  }
  if (*value < std::chrono::sys_days{std::chrono::year{1980} / 1 / 1}) {
    throw OptionError(fmt::format("--now: '{}' lies before 1980, where time zones are not to be trusted", text));
  }
  return *value;
}

std::string zone(std::string_view text) {
  try {
    date::locate_zone(std::string{text});
  } catch (const std::exception&) {
    throw OptionError(fmt::format("--timezone: '{}' is not an IANA time zone; write it like Europe/Berlin", text));
  }
  return std::string{text};
}

void set(Options& options, std::string_view option, std::string_view value) {
  History& history = options.history;
  if (option == "--url") {
    options.url = value;
  } else if (option == "--messages") {
    history.messages = whole_number<std::int64_t>(option, value, 1, 1'000'000'000);
  } else if (option == "--days") {
    history.days = whole_number<std::int64_t>(option, value, 1, 3650);
  } else if (option == "--agents") {
    history.agents = whole_number<std::int64_t>(option, value, 1, 10'000);
  } else if (option == "--contacts") {
    history.contacts = whole_number<std::int64_t>(option, value, 1, 100'000'000);
  } else if (option == "--seed") {
    history.seed = whole_number<std::uint64_t>(option, value, 0, UINT64_MAX);
  } else if (option == "--now") {
    history.now = instant(value);
  } else if (option == "--timezone") {
    history.timezone = zone(value);
  } else {
    options.live = rate(value);
  }
}

}  // namespace

Options parse_options(std::span<const char* const> arguments, Instant clock) {
  Options options;
  options.history.now = clock;
  bool messages_given = false;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    if (argument == "--help" || argument == "-h") {
      options.help = true;
      return options;
    }
    if (argument == "--truncate") {
      options.truncate = true;
      continue;
    }
    const auto equals = argument.find('=');
    const std::string_view option = argument.substr(0, equals);
    if (!option.starts_with("--")) {
      throw OptionError(fmt::format("'{}' is not an option; see crm-simulator --help", argument));
    }
    if (std::find(value_options.begin(), value_options.end(), option) == value_options.end()) {
      throw OptionError(fmt::format("{}: there is no such option; see crm-simulator --help", option));
    }
    if (equals == std::string_view::npos && i + 1 == arguments.size()) {
      throw OptionError(fmt::format("{}: a value is missing", option));
    }
    set(options, option, equals == std::string_view::npos ? arguments[++i] : argument.substr(equals + 1));
    messages_given = messages_given || option == "--messages";
  }
  if (options.url.empty()) {
    throw OptionError("--url is missing: say which PostgreSQL to write to, e.g. --url postgresql://127.0.0.1/crm");
  }
  options.write_history = !options.live || messages_given;
  if (options.truncate && !options.write_history) {
    throw OptionError("--truncate: with --live, say with --messages how much history to write into the emptied tables");
  }
  return options;
}

std::string_view help_text() {
  return help;
}

}  // namespace crm::simulator
