#pragma once
// {"error":{"code":"not_found","message":"…","requestId":"…"}}

#include <string>
#include <string_view>

#include <crm/sdk/json.h>

#include "http/message.h"

namespace crm::http {

// Any bytes will do for the message: what is not UTF-8 is replaced.
Response json_error(int status, std::string_view code, std::string_view message, std::string_view request_id);

// `extra` is an object whose members are added to "error", behind the three.
Response json_error(int status, std::string_view code, std::string_view message, std::string_view request_id,
                    const Json& extra);

// "Not Found"; "Status 499" for one without a registered phrase.
std::string reason_phrase(int status);

}  // namespace crm::http
