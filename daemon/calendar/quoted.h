#pragma once
// Somebody's text inside an error message.

#include <string>
#include <string_view>

namespace crm::calendar {

// 'text' in quotes, at most 64 characters of it; bytes that are not printable ASCII become \xNN, so that the message
// can go into a log line or a JSON document whatever was sent.
std::string quoted(std::string_view text);

}  // namespace crm::calendar
