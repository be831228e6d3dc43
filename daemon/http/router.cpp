#include "http/router.h"

#include <set>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "http/error.h"

namespace crm::http {
namespace {

// "{name}" at the end of a pattern, or nothing.
std::string parameter_of(const std::string& pattern) {
  const std::size_t open = pattern.find('{');
  if (pattern.empty() || pattern.front() != '/') throw std::logic_error("route '" + pattern + "' must begin with '/'");
  if (open == std::string::npos) return {};
  const bool is_last_segment = pattern[open - 1] == '/' && pattern.find('}') == pattern.size() - 1;
  std::string name = is_last_segment ? pattern.substr(open + 1, pattern.size() - open - 2) : "";
  if (name.empty()) throw std::logic_error("route '" + pattern + "' may have one {name}, as its whole last segment");
  return name;
}

std::string allow(const std::map<std::string, Handler>& handlers) {
  std::set<std::string> methods{"OPTIONS"};
  for (const auto& [method, handler] : handlers) methods.insert(method);
  if (methods.contains("GET")) methods.insert("HEAD");
  return fmt::format("{}", fmt::join(methods, ", "));
}

Response method_not_allowed(const Request& request, const std::string& allowed) {
  const std::string message = fmt::format("{} is not allowed on '{}'; use {}", request.method, request.path, allowed);
  Response response = json_error(405, "method_not_allowed", message, request.id);
  response.headers.emplace_back("Allow", allowed);
  return response;
}

Response options(const std::string& allowed) {
  Response response;
  response.status = 204;
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace

void Router::add(const std::string& method, const std::string& pattern, Handler handler) {
  const std::string parameter = parameter_of(pattern);
  auto& routes = parameter.empty() ? exact_ : by_prefix_;
  Route& route = routes[pattern.substr(0, pattern.find('{'))];
  if (route.pattern.empty()) {
    route.pattern = pattern;
    route.parameter = parameter;
  }
  if (route.pattern != pattern || !route.handlers.emplace(method, std::move(handler)).second) {
    throw std::logic_error(method + " " + pattern + " is taken by " + route.pattern);
  }
}

Router::Match Router::match(const std::string& path) const {
  if (const auto found = exact_.find(path); found != exact_.end()) return {&found->second, {}};
  const std::size_t start = path.rfind('/') + 1;
  const auto found = by_prefix_.find(path.substr(0, start));
  if (found == by_prefix_.end() || start == path.size()) return {};
  return {&found->second, path.substr(start)};
}

Response Router::operator()(const Request& request) const {
  if (request.path == "*") return options("GET, HEAD, OPTIONS, POST");
  const auto [route, value] = match(request.path);
  Response response;
  try {
    if (route == nullptr) {
      if (not_found) return not_found(request);
      return json_error(404, "not_found", fmt::format("there is nothing at '{}'", request.path), request.id);
    }
    const auto handler = route->handlers.find(request.method == "HEAD" ? "GET" : request.method);
    if (handler != route->handlers.end()) {
      Request with_captures = request;
      if (!route->parameter.empty()) with_captures.captures.emplace_back(route->parameter, value);
      response = handler->second(with_captures);
    } else {
      const std::string allowed = allow(route->handlers);
      response = request.method == "OPTIONS" ? options(allowed) : method_not_allowed(request, allowed);
    }
  } catch (...) {
    response = Response{};
    response.failure = std::current_exception();
  }
  if (route != nullptr) response.route = route->pattern;
  return response;
}

}  // namespace crm::http
