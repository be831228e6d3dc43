#pragma once
// Where a listener listens.

#include <cstdint>
#include <string>
#include <string_view>

namespace crm::config {

struct Endpoint {
  std::string host;        // an address or a name, IPv6 without brackets
  std::uint16_t port = 0;  // 0: any free port

  // "127.0.0.1:9464", "[::1]:80", "localhost:8080".
  std::string text() const;

  // 127.0.0.0/8, ::1 or localhost: nobody else can reach it.
  bool loopback() const;

  friend bool operator==(const Endpoint&, const Endpoint&) = default;
};

// Throws std::invalid_argument that says what is missing or wrong.
Endpoint parse_endpoint(std::string_view text);

}  // namespace crm::config
