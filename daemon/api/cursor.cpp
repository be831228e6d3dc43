#include "api/cursor.h"

#include <algorithm>
#include <cctype>
#include <sstream>

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <nlohmann/json.hpp>

#include <crm/sdk/json.h>

namespace crm::api {
namespace {

constexpr std::size_t longest = 2'000;
constexpr int url_safe = Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING;

bool is_base64url(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

std::string decoded(std::string_view word) {
  std::istringstream in{std::string(word)};
  Poco::Base64Decoder decoder(in, url_safe);
  return {std::istreambuf_iterator<char>(decoder), {}};
}

}  // namespace

std::string encode(const Cursor& cursor) {
  Json after = Json::array();
  for (const std::string& key : cursor.after) after.push_back(key);
  std::ostringstream out;
  Poco::Base64Encoder encoder(out, url_safe);
  encoder.rdbuf()->setLineLength(0);
  encoder << Json{to_iso(cursor.window_end), std::move(after)}.dump(-1, ' ', false, Json::error_handler_t::replace);
  encoder.close();
  return out.str();
}

std::optional<Cursor> decode_cursor(std::string_view word) {
  if (word.empty() || word.size() > longest || !is_base64url(word)) return std::nullopt;
  const Json json = Json::parse(decoded(word), nullptr, false);
  if (!json.is_array() || json.size() != 2 || !json[0].is_string() || !json[1].is_array()) return std::nullopt;
  const auto window_end = parse_instant(json[0].get<std::string>());
  if (!window_end || *window_end < Instant{}) return std::nullopt;  // no window ends before 1970
  Cursor cursor{*window_end, {}};
  for (const Json& key : json[1]) {
    if (!key.is_string()) return std::nullopt;
    cursor.after.push_back(key.get<std::string>());
  }
  return cursor;
}

}  // namespace crm::api
