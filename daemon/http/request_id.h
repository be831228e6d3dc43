#pragma once
// What ties an answer, its log line and its audit row together.

#include <string>

#include "http/headers.h"

namespace crm::http {

// 16 hex digits, unlike any other.
std::string make_request_id();

// The client's X-Request-Id if it is one field matching [A-Za-z0-9._-]{1,64}, else a new one.
std::string request_id_for(const Headers& headers);

}  // namespace crm::http
