#pragma once
// Every way in which a question can fail, as one JSON error: status, code, and a message that helps.

#include "http/message.h"

namespace crm::api {

// 400 bad_parameter, bad_caller; 403 forbidden; 503 source_unavailable, source_contract; 504 deadline_exceeded. Call it
// in a catch block; anything else is thrown on, for the listener's 500.
http::Response error_answer(const http::Request& request);

}  // namespace crm::api
