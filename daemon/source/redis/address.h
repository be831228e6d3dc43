#pragma once
// Where a Redis is, and who asks there.

#include <cstdint>
#include <string>
#include <string_view>

namespace crm::source {

struct RedisAddress {
  std::string host;
  std::uint16_t port = 6379;
  std::string user = {};      // empty: Redis's default user
  std::string password = {};  // a secret; empty: no AUTH
  int database = 0;
  bool tls = false;

  // "host:6379/0", for messages.
  std::string place() const;
};

// redis://[user:password@]host[:port][/database], rediss:// for TLS; user and password may be percent-encoded, IPv6
// stands in brackets. std::invalid_argument, whose text shows nothing of it, for anything else.
RedisAddress parse_redis_url(std::string_view url);

}  // namespace crm::source
