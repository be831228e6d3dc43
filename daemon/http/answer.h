#pragma once
// From a request to a response that can be sent, whatever the handler does.

#include <functional>
#include <string>

#include "http/message.h"

namespace crm::http {

// What went wrong in a handler, for the log. The client is told the request id only.
struct Failure {
  std::string request_id;
  std::string method;
  std::string path;
  std::string what;
};

using Report = std::function<void(const Failure&)>;

// The one catch: whatever the handler throws, and any response that cannot be sent as it is (see Response), becomes a
// JSON 500 and is reported. Throws nothing but std::bad_alloc.
Response answer(const Handler& handler, const Request& request, const Report& report);

}  // namespace crm::http
