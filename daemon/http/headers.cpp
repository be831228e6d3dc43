#include "http/headers.h"

#include <algorithm>

namespace crm::http {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string lower(std::string_view text) {
  std::string lowered(text);
  for (char& c : lowered) c = lower(c);
  return lowered;
}

std::optional<std::string_view> Headers::find(std::string_view name) const {
  const auto is_it = [name](const Field& field) { return equal_ignoring_case(field.first, name); };
  const auto found = std::find_if(fields_.begin(), fields_.end(), is_it);
  if (found == fields_.end()) return std::nullopt;
  return found->second;
}

std::size_t Headers::count(std::string_view name) const {
  const auto is_it = [name](const Field& field) { return equal_ignoring_case(field.first, name); };
  return static_cast<std::size_t>(std::count_if(fields_.begin(), fields_.end(), is_it));
}

}  // namespace crm::http
