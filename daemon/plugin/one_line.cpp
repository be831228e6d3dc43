#include "plugin/one_line.h"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include <crm/sdk/json.h>

namespace crm::plugin {

std::string one_line(const char* text) {
  constexpr std::size_t longest = 1000;
  if (text == nullptr) return "(it gave no text)";
  std::string line(std::string_view(text).substr(0, longest));
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
  // The JSON library knows how to replace what is no UTF-8.
  return Json::parse(Json(line).dump(-1, ' ', false, Json::error_handler_t::replace)).get<std::string>();
}

}  // namespace crm::plugin
