#pragma once
// A request as a handler sees it, and what a handler answers.

#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/headers.h"

namespace crm::http {

// Has passed the guard: a known method, one Host, a body within the limit and read in full.
struct Request {
  std::string method;
  std::string path;                                        // decoded, without query; no "..", "." or empty segments
  std::vector<std::pair<std::string, std::string>> query;  // decoded, in order, repeated names kept
  Headers headers;
  std::string remote;  // the peer's address without its port
  std::string id;      // the client's X-Request-Id where usable, else 16 hex digits
  std::string body;
  std::chrono::steady_clock::time_point received;  // when it was complete

  std::vector<std::pair<std::string, std::string>> captures;  // parameters of the route's pattern

  // A parameter of the pattern that matched; std::logic_error for a name that it does not have.
  const std::string& capture(std::string_view name) const;
};

struct Response {
  int status = 200;  // 200…599
  // The listener writes Content-Type, Content-Length, Connection, Date, X-Request-Id and X-Content-Type-Options; a
  // response that sets one of those, or a field with CR, LF or another control character, becomes a 500.
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string content_type = {};
  std::shared_ptr<const std::string> body = {};  // shared, never copied; nothing is the empty body

  std::string route = {};           // filled in by Router: the pattern that matched
  std::exception_ptr failure = {};  // filled in by Router: what the handler threw; the listener answers 500
};

// Called by several threads at once. Whatever it throws becomes a 500 with the request id.
using Handler = std::function<Response(const Request&)>;

Response text_response(int status, std::string content_type, std::string body);

}  // namespace crm::http
