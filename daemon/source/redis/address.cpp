#include "source/redis/address.h"

#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace crm::source {
namespace {

[[noreturn]] void refuse(const char* why) {
  throw std::invalid_argument(fmt::format("{}; write redis://[user:password@]host[:port][/database]", why));
}

template <class Number>
Number parse_number(std::string_view text, const char* otherwise) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) refuse(otherwise);
  return number;
}

std::string percent_decoded(std::string_view text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    unsigned code = 0;
    const std::string_view digits = text.substr(i + 1, 2);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), code, 16);
    if (digits.size() != 2 || error != std::errc{} || end != digits.data() + 2) {
      refuse("a % in user or password is not followed by two hexadecimal digits (a literal % is %25)");
    }
    decoded += static_cast<char>(code);
    i += 2;
  }
  return decoded;
}

// "host", "host:port", "[::1]:port"
void read_host(std::string_view text, RedisAddress& address) {
  std::size_t end = text.rfind(':');
  if (text.starts_with('[')) {
    const std::size_t close = text.find(']');
    if (close == std::string_view::npos) refuse("the bracket of the IPv6 address is not closed");
    address.host = text.substr(1, close - 1);
    text.remove_prefix(close + 1);
    end = text.empty() ? std::string_view::npos : 0;
    if (!text.empty() && text.front() != ':') refuse("only a port may follow the IPv6 address");
  } else {
    address.host = text.substr(0, end);
  }
  if (address.host.empty()) refuse("the host is missing");
  if (end == std::string_view::npos) return;
  address.port = parse_number<std::uint16_t>(text.substr(end + 1), "the port is no number from 1 to 65535");
  if (address.port == 0) refuse("the port is no number from 1 to 65535");
}

}  // namespace

std::string RedisAddress::place() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return fmt::format("{}{}{}:{}/{}", ipv6 ? "[" : "", host, ipv6 ? "]" : "", port, database);
}

RedisAddress parse_redis_url(std::string_view url) {
  RedisAddress address;
  constexpr std::string_view plain = "redis://";
  constexpr std::string_view secure = "rediss://";
  address.tls = url.starts_with(secure);
  if (!address.tls && !url.starts_with(plain)) refuse("it begins with neither redis:// nor rediss://");
  url.remove_prefix(address.tls ? secure.size() : plain.size());
  if (const std::size_t at = url.rfind('@'); at != std::string_view::npos) {
    const std::string_view user = url.substr(0, at);
    const std::size_t colon = user.find(':');
    if (colon == std::string_view::npos) refuse("the user has no password");
    address.user = percent_decoded(user.substr(0, colon));
    address.password = percent_decoded(user.substr(colon + 1));
    if (address.password.empty()) refuse("the password is empty");
    url.remove_prefix(at + 1);
  }
  if (const std::size_t slash = url.find('/'); slash != std::string_view::npos) {
    const std::string_view database = url.substr(slash + 1);
    if (!database.empty()) address.database = parse_number<int>(database, "the database is no number");
    if (address.database < 0) refuse("the database is no number");
    url = url.substr(0, slash);
  }
  read_host(url, address);
  return address;
}

}  // namespace crm::source
