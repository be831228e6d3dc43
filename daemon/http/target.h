#pragma once
// The request target: percent-decoding and path normalisation, once, before anybody compares a path.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm::http {

struct Target {
  std::string path;  // "/a/b", "/" or "*"
  std::vector<std::pair<std::string, std::string>> query;
  std::string authority;  // of the absolute form, else empty
};

// Origin form, absolute form or "*". Throws Refused (400) for control characters (also once decoded), broken
// percent-encoding, "..", an encoded slash, a backslash in the path, a fragment, bytes outside ASCII.
Target parse_target(std::string_view target);

}  // namespace crm::http
