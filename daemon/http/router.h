#pragma once
// Paths to handlers.

#include <map>
#include <string>
#include <vector>

#include "http/message.h"

namespace crm::http {

// Patterns are exact ("/metrics") or end in one parameter ("/api/dashboard/{section}") that takes one non-empty
// segment; an exact pattern wins. HEAD follows GET; OPTIONS answers 204 and a method without a handler 405, both with
// Allow. Fill it first, then share it: calls change nothing.
class Router {
 public:
  // std::logic_error for a pattern of another form, or one that has a handler for this method already.
  void get(const std::string& pattern, Handler handler) { add("GET", pattern, std::move(handler)); }
  void post(const std::string& pattern, Handler handler) { add("POST", pattern, std::move(handler)); }
  void add(const std::string& method, const std::string& pattern, Handler handler);

  // Answers what no pattern matches; by default a JSON 404.
  Handler not_found;

  // Carries what a handler threw in Response::failure, so that the listener still learns the route.
  Response operator()(const Request& request) const;

 private:
  struct Route {
    std::string pattern;
    std::string parameter;  // its name, empty for an exact pattern
    std::map<std::string, Handler> handlers;
  };
  struct Match {
    const Route* route = nullptr;
    std::string value;
  };

  Match match(const std::string& path) const;

  std::map<std::string, Route> exact_;
  std::map<std::string, Route> by_prefix_;  // "/api/dashboard/"
};

}  // namespace crm::http
