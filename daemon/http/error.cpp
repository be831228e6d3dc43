#include "http/error.h"

#include <array>
#include <utility>

#include <nlohmann/json.hpp>

namespace crm::http {
namespace {

constexpr std::array<std::pair<int, const char*>, 39> phrases{{
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Range Not Satisfiable"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Content"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
}};

}  // namespace

std::string reason_phrase(int status) {
  for (const auto& [number, phrase] : phrases) {
    if (number == status) return phrase;
  }
  return "Status " + std::to_string(status);
}

Response json_error(int status, std::string_view code, std::string_view message, std::string_view request_id) {
  return json_error(status, code, message, request_id, Json::object());
}

Response json_error(int status, std::string_view code, std::string_view message, std::string_view request_id,
                    const Json& extra) {
  Json error = {{"code", code}, {"message", message}, {"requestId", request_id}};
  for (const auto& [name, value] : extra.items()) error[name] = value;
  const Json document = {{"error", std::move(error)}};
  return text_response(status, "application/json", document.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace crm::http
