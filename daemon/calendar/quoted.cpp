#include "calendar/quoted.h"

#include <fmt/format.h>

namespace crm::calendar {

std::string quoted(std::string_view text) {
  constexpr std::size_t longest = 64;
  std::string result = "'";
  for (const char c : text.substr(0, longest)) {
    if (c >= ' ' && c <= '~') {
      result += c;
    } else {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return result + (text.size() > longest ? "…'" : "'");
}

}  // namespace crm::calendar
