#include "http/target.h"

#include <algorithm>

#include "http/headers.h"
#include "http/refused.h"

namespace crm::http {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_control(unsigned char c) {
  return c < 0x20 || c == 0x7f;
}

std::string decode(std::string_view text, bool plus_is_space) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '+' && plus_is_space) c = ' ';
    if (c == '%') {
      const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        throw bad_request("the target has a '%' that two hex digits do not follow; write a percent sign as %25");
      }
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (is_control(static_cast<unsigned char>(c))) throw bad_request("the target encodes a control character");
    decoded += c;
  }
  return decoded;
}

void append_segment(std::string& path, std::string_view raw) {
  const std::string segment = decode(raw, false);
  if (segment == "..") throw bad_request("the path contains '..'; write the path that is meant");
  if (segment.find_first_of("/\\") != std::string::npos) {
    throw bad_request("a segment of the path contains a slash or backslash");
  }
  if (segment.empty() || segment == ".") return;
  path += '/';
  path += segment;
}

// A last slash stays: "/a/" is not "/a".
std::string normalise(std::string_view raw) {
  std::string path;
  std::size_t start = 1;
  while (start <= raw.size()) {
    const std::size_t end = std::min(raw.find('/', start), raw.size());
    append_segment(path, raw.substr(start, end - start));
    start = end + 1;
  }
  if (path.empty() || raw.back() == '/') path += '/';
  return path;
}

std::vector<std::pair<std::string, std::string>> parse_query(std::string_view raw) {
  std::vector<std::pair<std::string, std::string>> query;
  while (!raw.empty()) {
    const std::size_t end = std::min(raw.find('&'), raw.size());
    const std::string_view pair = raw.substr(0, end);
    raw.remove_prefix(std::min(end + 1, raw.size()));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    const std::string_view value = pair.substr(std::min(equals + 1, pair.size()));
    query.emplace_back(decode(pair.substr(0, equals), true), decode(value, true));
  }
  return query;
}

// "http://host:1/path" becomes "/path"; the authority goes where the guard compares it with Host.
std::string_view take_authority(std::string_view target, std::string& authority) {
  const std::size_t colon = target.find("://");
  if (colon == std::string_view::npos) throw bad_request("the target does not begin with '/'");
  const std::string_view scheme = target.substr(0, colon);
  if (!equal_ignoring_case(scheme, "http") && !equal_ignoring_case(scheme, "https")) {
    throw bad_request("the target is neither a path nor an http address");
  }
  const std::string_view rest = target.substr(colon + 3);
  const std::size_t slash = std::min(rest.find_first_of("/?"), rest.size());
  authority = std::string(rest.substr(0, slash));
  if (authority.empty()) throw bad_request("the target's address has no host");
  return rest.substr(slash);
}

}  // namespace

Target parse_target(std::string_view target) {
  if (target.empty()) throw bad_request("the request line has no target");
  for (const char c : target) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_control(byte) || c == ' ') throw bad_request("the target contains a control character or a space");
    if (byte >= 0x80) throw bad_request("the target contains bytes outside ASCII; percent-encode them");
    if (c == '#') throw bad_request("the target contains '#'; write it as %23");
  }
  Target parsed;
  if (target == "*") {
    parsed.path = "*";
    return parsed;
  }
  if (target.front() != '/') target = take_authority(target, parsed.authority);
  const std::size_t mark = std::min(target.find('?'), target.size());
  const std::string_view path = target.substr(0, mark);
  parsed.path = normalise(path.empty() ? "/" : path);
  parsed.query = parse_query(target.substr(std::min(mark + 1, target.size())));
  return parsed;
}

}  // namespace crm::http
