#pragma once

#include <map>
#include <string>

namespace crm::testing {

struct Reply {
  int status = 0;  // 0: no connection
  std::map<std::string, std::string> headers;
  std::string body;
};

// One request on a connection of its own, without redirects or decompression.
Reply ask(const std::string& method, int port, const std::string& target,
          const std::map<std::string, std::string>& headers = {});
inline Reply get(int port, const std::string& target, const std::map<std::string, std::string>& headers = {}) {
  return ask("GET", port, target, headers);
}

}  // namespace crm::testing
