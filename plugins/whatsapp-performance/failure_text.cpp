#include "failure_text.h"

#include <algorithm>
#include <cctype>
#include <cstdint>

#include <crm/sdk/phone.h>

namespace whatsapp {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

struct Character {
  std::size_t length = 1;
  std::uint32_t point = 0;
  bool valid = true;
};

// The character that begins at `at`. Overlong forms and surrogates are no UTF-8.
Character character_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t length = lead >= 0xF0 && lead < 0xF5 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || lead >= 0xF5 || length > text.size() - at) return {1, 0, false};
  std::uint32_t point = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xC0U) != 0x80U) return {1, 0, false};
    point = (point << 6U) | (next & 0x3FU);
  }
  const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
  if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return {1, 0, false};
  return {length, point, true};
}

// Blanks, controls, line ends, and what turns the direction of the text around it.
bool separates(std::uint32_t point) {
  return point <= 0x20 || (point >= 0x7F && point <= 0xA0) || point == 0x2028 || point == 0x2029 ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x202A && point <= 0x202E) ||
         (point >= 0x2066 && point <= 0x2069) || point == 0xFEFF;
}

bool is_any_of(char c, std::string_view characters) {
  return characters.find(c) != std::string_view::npos;
}

// Does this stand before a code and say no more than that one follows? "(#", "[", "Error code ", …
bool only_announces(std::string_view text) {
  std::string letters;
  for (const char c : text) {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    } else if (!is_any_of(c, " ([#:=")) {
      return false;
    }
  }
  return letters.empty() || letters == "error" || letters == "code" || letters == "errorcode";
}

std::string_view without_code(std::string_view reason, std::string_view code) {
  const auto at = reason.find(code);
  if (code.empty() || at == std::string_view::npos || !only_announces(reason.substr(0, at))) return reason;
  reason.remove_prefix(at + code.size());
  while (!reason.empty() && is_any_of(reason.front(), " )]:;,|-")) reason.remove_prefix(1);
  return reason;
}

}  // namespace

std::string one_line(std::string_view text) {
  std::string line;
  bool blank = false;
  for (std::size_t i = 0; i < text.size();) {
    const Character character = character_at(text, i);
    if (character.valid && separates(character.point)) {
      blank = true;
    } else {
      if (blank && !line.empty()) line += ' ';
      blank = false;
      line += character.valid ? text.substr(i, character.length) : replacement;
    }
    i += character.length;
  }
  return line;
}

std::string failure_text(std::string_view code, std::string_view reason, bool mask_phone_numbers) {
  const std::string line = one_line(reason);
  std::string why(without_code(line, code));
  if (mask_phone_numbers) why = crm::mask_phone_numbers(why);
  if (code.empty()) return why.empty() ? "unknown" : why;
  return why.empty() ? std::string(code) : std::string(code) + ": " + why;
}

}  // namespace whatsapp
