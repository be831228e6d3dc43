#include "config/text.h"

#include <fmt/format.h>

namespace crm::config {
namespace {

bool is_control(unsigned char byte) {
  return byte < 0x20 || byte == 0x7f;
}

// Bytes of the character that begins here; 0 when it is none (overlong forms, surrogates and bare continuations too).
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U; };
  const auto follows = [&](std::size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xc2 && first <= 0xdf) return follows(1) ? 2 : 0;
  if (first >= 0xe0 && first <= 0xef) {
    const bool overlong = first == 0xe0 && byte(1) < 0xa0;
    const bool surrogate = first == 0xed && byte(1) >= 0xa0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const bool outside = (first == 0xf0 && byte(1) < 0x90) || (first == 0xf4 && byte(1) >= 0x90);
    return follows(1) && follows(2) && follows(3) && !outside ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::optional<std::size_t> first_byte_that_is_no_text(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const char c = text[i];
    const std::size_t length = utf8_length(text.substr(i));
    if (length == 0 || (is_control(static_cast<unsigned char>(c)) && c != '\t' && c != '\n' && c != '\r')) return i;
    i += length;
  }
  return std::nullopt;
}

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (is_control(static_cast<unsigned char>(c))) {
      result += fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string printable(std::string_view text) {
  static constexpr std::size_t longest = 60;
  std::string result;
  for (std::size_t i = 0; i < text.size();) {
    if (result.size() >= longest) return result + "…";
    const std::size_t length = utf8_length(text.substr(i));
    const bool bad = length == 0 || is_control(static_cast<unsigned char>(text[i]));
    result += bad ? std::string_view("?") : text.substr(i, length);
    i += bad ? 1 : length;
  }
  return result;
}

std::string shown(std::string_view text) {
  return "'" + printable(text) + "'";
}

}  // namespace crm::config
