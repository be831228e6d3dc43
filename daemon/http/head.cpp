#include "http/head.h"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

#include "http/refused.h"

namespace crm::http {
namespace {

constexpr std::array<std::string_view, 7> known_methods{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};
constexpr std::array<std::string_view, 6> single_headers{"Host",          "Content-Length", "Transfer-Encoding",
                                                         "Authorization", "Content-Type",   "Expect"};
constexpr std::size_t longest_method_and_version = 32;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_token_char(char c) {
  return is_alnum(c) || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}
bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

Refused target_too_long(const Limits& limits) {
  return Refused(414, "uri_too_long", fmt::format("the target is longer than {} bytes", limits.max_target_bytes));
}

Refused head_too_large(const Limits& limits) {
  return Refused(431, "headers_too_large", fmt::format("the head is larger than {} bytes", limits.max_header_bytes));
}

void check_byte(std::string_view bytes, std::size_t i) {
  const char c = bytes[i];
  const bool after_cr = i > 0 && bytes[i - 1] == '\r';
  if (c == '\n' && !after_cr) throw bad_request("a line of the head ends with LF alone; lines end with CR LF");
  if (c != '\n' && after_cr) throw bad_request("the head contains CR without LF");
  const auto byte = static_cast<unsigned char>(c);
  if ((byte < 0x20 && c != '\r' && c != '\n' && c != '\t') || byte == 0x7f) {
    throw bad_request("the head contains a control character; if this was TLS: this port speaks plain HTTP");
  }
}

void parse_version(std::string_view version, Head& head) {
  const bool well_formed = version.size() == 8 && version.substr(0, 5) == "HTTP/" && is_digit(version[5]) &&
                           version[6] == '.' && is_digit(version[7]);
  if (!well_formed) throw bad_request("the request line is not 'METHOD target HTTP/1.1'");
  if (version != "HTTP/1.1" && version != "HTTP/1.0") {
    throw Refused(505, "http_version_not_supported", fmt::format("{} is not spoken here; use HTTP/1.1", version));
  }
  head.http_1_0 = version == "HTTP/1.0";
}

void parse_request_line(std::string_view line, const Limits& limits, Head& head) {
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string_view::npos || first == last) {
    throw bad_request("the request line is not 'METHOD target HTTP/1.1'");
  }
  parse_version(line.substr(last + 1), head);
  head.method = std::string(line.substr(0, first));
  if (!is_token(head.method)) throw bad_request("the method is no token");
  if (std::find(known_methods.begin(), known_methods.end(), head.method) == known_methods.end()) {
    throw Refused(501, "not_implemented", fmt::format("the method '{:.32}' is not known here", head.method));
  }
  const std::string_view target = line.substr(first + 1, last - first - 1);
  if (target.size() > limits.max_target_bytes) throw target_too_long(limits);
  head.target = parse_target(target);
  if (head.target.path == "*" && head.method != "OPTIONS") throw bad_request("the target '*' is for OPTIONS only");
}

// "=?charset?Q?text?=": HTTP has no such words, but some parsers decode them, into line ends if an attacker likes.
bool has_encoded_word(std::string_view value) {
  for (std::size_t at = value.find("=?"); at != std::string_view::npos; at = value.find("=?", at + 1)) {
    const std::size_t mark = value.find('?', at + 2);
    if (mark == std::string_view::npos || !is_token(value.substr(at + 2, mark - at - 2))) continue;
    const std::string_view rest = value.substr(mark + 1);
    const bool encoding = rest.size() > 1 && std::string_view("qQbB").find(rest[0]) != std::string_view::npos;
    if (encoding && rest[1] == '?' && rest.find("?=", 2) != std::string_view::npos) return true;
  }
  return false;
}

void parse_field(std::string_view line, Headers& headers) {
  if (line.front() == ' ' || line.front() == '\t') throw bad_request("a header is folded over two lines");
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) throw bad_request("a header line has no ':'");
  const std::string_view name = line.substr(0, colon);
  if (!is_token(name)) throw bad_request("a header's name is empty or has a character that names cannot have");
  const std::string_view value = trim(line.substr(colon + 1));
  if (has_encoded_word(value)) {
    throw bad_request(fmt::format("the header {:.64} contains an RFC 2047 encoded word", name));
  }
  headers.add(std::string(name), std::string(value));
}

void check_repeated(const Headers& headers) {
  for (const std::string_view name : single_headers) {
    if (headers.count(name) > 1) throw bad_request(fmt::format("the header {} is given more than once", name));
  }
}

void parse_content_length(std::string_view text, const Limits& limits, Head& head) {
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) {
    throw bad_request("Content-Length is not a number written in digits");
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), head.content_length);
  if (error != std::errc{} || head.content_length > limits.max_body) {
    throw Refused(413, "body_too_large", fmt::format("the body is larger than {} bytes", limits.max_body));
  }
}

void parse_framing(const Limits& limits, Head& head) {
  const auto length = head.headers.find("Content-Length");
  const auto coding = head.headers.find("Transfer-Encoding");
  if (length && coding) throw bad_request("Content-Length and Transfer-Encoding are both given; send one of them");
  if (length) parse_content_length(*length, limits, head);
  if (!coding) return;
  if (head.http_1_0) throw bad_request("Transfer-Encoding is not part of HTTP/1.0");
  if (!equal_ignoring_case(*coding, "chunked")) {
    throw Refused(501, "not_implemented", "the only transfer coding known here is 'chunked'");
  }
  head.chunked = true;
}

void parse_connection(Head& head) {
  bool close = false;
  bool keep = false;
  for (const auto& [name, value] : head.headers) {
    if (!equal_ignoring_case(name, "Connection")) continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::size_t comma = std::min(rest.find(','), rest.size());
      const std::string_view option = trim(rest.substr(0, comma));
      close = close || equal_ignoring_case(option, "close");
      keep = keep || equal_ignoring_case(option, "keep-alive");
      rest.remove_prefix(std::min(comma + 1, rest.size()));
    }
  }
  head.keep_alive = !close && (!head.http_1_0 || keep);
}

void parse_expect(Head& head) {
  const auto expect = head.headers.find("Expect");
  if (!expect) return;
  if (!equal_ignoring_case(*expect, "100-continue")) {
    throw Refused(417, "expectation_failed", "the only expectation known here is '100-continue'");
  }
  head.expects_continue = !head.http_1_0;
}

// The name without its port, lower case, an IPv6 address without brackets; nothing when it is no host.
std::optional<std::string> host_name(std::string_view host) {
  std::string_view name = host.substr(0, host.find(':'));
  std::string_view port = host.substr(name.size());
  const bool bracketed = !host.empty() && host.front() == '[';
  if (bracketed) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    name = host.substr(1, end - 1);
    port = host.substr(end + 1);
  }
  const auto allowed = [bracketed](char c) {
    return is_alnum(c) || c == '.' || (bracketed ? c == ':' : c == '-' || c == '_');
  };
  if (name.empty() || !std::all_of(name.begin(), name.end(), allowed)) return std::nullopt;
  const bool port_ok = port.empty() || (port[0] == ':' && std::all_of(port.begin() + 1, port.end(), is_digit));
  if (!port_ok) return std::nullopt;
  return lower(name);
}

void check_host(const Limits& limits, const Head& head) {
  const auto host = head.headers.find("Host");
  if (!host && !head.http_1_0) throw bad_request("the header Host is missing");
  if (!head.target.authority.empty() && host && !equal_ignoring_case(head.target.authority, *host)) {
    throw bad_request("the target names another host than the header Host");
  }
  const std::string_view given = host ? *host : std::string_view(head.target.authority);
  const auto name = host_name(given);
  if (host && !name) throw bad_request("the header Host is not a host name or address with an optional port");
  if (limits.allowed_hosts.empty()) return;
  const auto is_it = [&name](const std::string& allowed) { return host_name(allowed) == name || allowed == *name; };
  if (!name || std::none_of(limits.allowed_hosts.begin(), limits.allowed_hosts.end(), is_it)) {
    throw Refused(421, "misdirected_request",
                  fmt::format("this listener does not answer for the host '{:.64}'", name.value_or("")));
  }
}

}  // namespace

std::optional<std::size_t> find_head_end(std::string_view bytes, std::size_t& scanned, const Limits& limits) {
  for (; scanned < bytes.size(); ++scanned) {
    check_byte(bytes, scanned);
    const std::size_t end = scanned + 1;
    if (bytes[scanned] == '\n' && end >= 4 && bytes.substr(end - 4, 4) == "\r\n\r\n") {
      if (end > limits.max_header_bytes && bytes.find("\r\n") <= limits.max_target_bytes + longest_method_and_version) {
        throw head_too_large(limits);
      }
      return end;
    }
  }
  const bool first_line_open = bytes.find("\r\n") == std::string_view::npos;
  if (first_line_open && bytes.size() > limits.max_target_bytes + longest_method_and_version)
    throw target_too_long(limits);
  if (bytes.size() > limits.max_header_bytes) throw head_too_large(limits);
  return std::nullopt;
}

Head parse_head(std::string_view bytes, const Limits& limits) {
  Head head;
  std::size_t start = bytes.find("\r\n");
  if (start == std::string_view::npos) throw bad_request("the request line has no end");
  parse_request_line(bytes.substr(0, start), limits, head);
  start += 2;
  for (std::size_t end = bytes.find("\r\n", start); end != start; end = bytes.find("\r\n", start)) {
    if (end == std::string_view::npos) throw bad_request("the head has no empty line at its end");
    if (head.headers.size() == limits.max_headers) {
      throw Refused(431, "headers_too_large", fmt::format("there are more than {} headers", limits.max_headers));
    }
    parse_field(bytes.substr(start, end - start), head.headers);
    start = end + 2;
  }
  check_repeated(head.headers);
  check_host(limits, head);
  parse_framing(limits, head);
  parse_connection(head);
  parse_expect(head);
  return head;
}

}  // namespace crm::http
