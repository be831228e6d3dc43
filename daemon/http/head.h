#pragma once
// The guard over the head of a request: bytes in, a head or a refusal out. No sockets, no clock: what an attacker sends
// can be tried here, by tests and by a fuzzer.

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "http/headers.h"
#include "http/target.h"

namespace crm::http {

struct Limits {
  std::size_t max_body = 1 << 20;            // 413
  std::size_t max_target_bytes = 8 << 10;    // 414
  std::size_t max_header_bytes = 16 << 10;   // the whole head, request line included: 431
  std::size_t max_headers = 100;             // 431
  std::set<std::string> allowed_hosts = {};  // names without port, "::1" or "[::1]"; empty: any, else 421
};

struct Head {
  std::string method;
  Target target;
  Headers headers;
  bool chunked = false;
  std::size_t content_length = 0;
  bool keep_alive = true;
  bool http_1_0 = false;
  bool expects_continue = false;

  bool has_body() const { return chunked || content_length > 0; }
};

// Where the head in `bytes` ends, behind its empty line; nothing while it is incomplete. `scanned` remembers how far
// earlier calls have looked. Throws Refused as soon as a byte shows that it can never become a head.
std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t& scanned, const Limits& limits);

// `bytes` is one whole head. Throws Refused.
Head parse_head(std::string_view bytes, const Limits& limits);

}  // namespace crm::http
