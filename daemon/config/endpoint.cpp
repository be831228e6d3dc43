#include "config/endpoint.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace crm::config {
namespace {

constexpr std::string_view letters_and_digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

std::optional<std::array<unsigned char, 4>> ipv4(const std::string& host) {
  std::array<unsigned char, 4> bytes{};
  if (inet_pton(AF_INET, host.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

std::optional<std::array<unsigned char, 16>> ipv6(const std::string& host) {
  std::array<unsigned char, 16> bytes{};
  if (inet_pton(AF_INET6, host.c_str(), bytes.data()) != 1) return std::nullopt;
  return bytes;
}

bool names_a_host(const std::string& host) {
  if (host.empty() || host.size() > 253) return false;
  if (host.find_first_not_of("0123456789.") == std::string::npos) return ipv4(host).has_value();
  if (host.front() == '-' || host.front() == '.') return false;
  return host.find_first_not_of(std::string(letters_and_digits) + ".-_") == std::string::npos;
}

std::uint16_t parse_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || error != std::errc() || end != text.data() + text.size() || port > 65'535) {
    throw std::invalid_argument(fmt::format("port '{}' is not 0 to 65535", text));
  }
  return static_cast<std::uint16_t>(port);
}

}  // namespace

std::string Endpoint::text() const {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

bool Endpoint::loopback() const {
  if (const auto four = ipv4(host)) return (*four)[0] == 127;
  if (const auto six = ipv6(host)) {
    static constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    if (std::equal(mapped.begin(), mapped.end(), six->begin())) return (*six)[12] == 127;
    return std::all_of(six->begin(), six->end() - 1, [](unsigned char byte) { return byte == 0; }) && six->back() == 1;
  }
  std::string name = host;
  std::transform(name.begin(), name.end(), name.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return name == "localhost";
}

Endpoint parse_endpoint(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  const std::size_t colon = bracketed ? text.find("]:") + 1 : text.rfind(':');  // find's npos + 1 is 0
  if (colon == std::string_view::npos || colon == 0) throw std::invalid_argument("it must be host:port");

  std::string host(bracketed ? text.substr(1, colon - 2) : text.substr(0, colon));
  if (!bracketed && host.find(':') != std::string::npos) {
    throw std::invalid_argument("an IPv6 address goes in brackets, like [::1]:9464");
  }
  if (bracketed ? !ipv6(host) : !names_a_host(host)) {
    throw std::invalid_argument(fmt::format("'{}' is neither an address nor a host name", host));
  }
  return {std::move(host), parse_port(text.substr(colon + 1))};
}

}  // namespace crm::config
