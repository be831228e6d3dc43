#include "metrics/utf8.h"

#include <cstddef>

namespace crm::metrics {
namespace {

bool in(char c, unsigned from, unsigned to) {
  const unsigned byte = static_cast<unsigned char>(c);
  return from <= byte && byte <= to;
}

// Length of the sequence that text begins with, 0 if it is none. Table 3-7 of the Unicode Standard.
std::size_t sequence(std::string_view text) {
  const unsigned lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return 1;
  const std::size_t length = in(text.front(), 0xC2, 0xDF)   ? 2
                             : in(text.front(), 0xE0, 0xEF) ? 3
                             : in(text.front(), 0xF0, 0xF4) ? 4
                                                            : 0;
  if (length == 0 || text.size() < length) return 0;
  const unsigned lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!in(text[1], lowest, highest)) return 0;
  for (std::size_t i = 2; i < length; ++i) {
    if (!in(text[i], 0x80, 0xBF)) return 0;
  }
  return length;
}

}  // namespace

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace crm::metrics
