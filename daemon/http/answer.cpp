#include "http/answer.h"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <Poco/Exception.h>
#include <fmt/format.h>

#include "http/error.h"

namespace crm::http {
namespace {

constexpr std::array<std::string_view, 7> listeners_own{"Content-Length", "Transfer-Encoding", "Connection",
                                                        "Date",           "X-Request-Id",      "X-Content-Type-Options",
                                                        "Content-Type"};

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f;
  });
}

bool is_name(std::string_view text) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

// Throws std::logic_error: what a client sent may have come this far, and must not split the answer.
void check(const Response& response) {
  if (response.status < 200 || response.status > 599) {
    throw std::logic_error(fmt::format("the handler answered with status {}; 200 to 599 can be sent", response.status));
  }
  if (has_control(response.content_type)) throw std::logic_error("the content type contains a control character");
  for (const auto& header : response.headers) {
    const std::string& name = header.first;
    if (!is_name(name)) throw std::logic_error("the handler set a header whose name cannot be sent");
    if (has_control(header.second)) throw std::logic_error("the header " + name + " contains a control character");
    const auto is_it = [&name](std::string_view own) { return equal_ignoring_case(own, name); };
    if (std::any_of(listeners_own.begin(), listeners_own.end(), is_it)) {
      throw std::logic_error("the handler set " + name + ", which the listener writes");
    }
  }
}

std::string describe_current_exception() {
  try {
    throw;
  } catch (const Poco::Exception& error) {
    return error.displayText();
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something that is no std::exception";
  }
}

void report_failure(const Report& report, const Request& request, const std::string& what) {
  try {
    if (report) report(Failure{request.id, request.method, request.path, what});
  } catch (...) {
    // The answer matters more than its log line, and there is nobody left to tell.
  }
}

}  // namespace

Response answer(const Handler& handler, const Request& request, const Report& report) {
  std::string route;
  try {
    Response response = handler(request);
    route = response.route;
    if (response.failure) std::rethrow_exception(response.failure);
    check(response);
    return response;
  } catch (...) {
    report_failure(report, request, describe_current_exception());
  }
  Response failed = json_error(500, "internal_error",
                               "the request failed here; the log names the cause by this request id", request.id);
  failed.route = route;
  return failed;
}

}  // namespace crm::http
