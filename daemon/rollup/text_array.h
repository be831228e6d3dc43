#pragma once
// Lists as parameters of type text[].

#include <string>
#include <string_view>

#include "source/compiled.h"

namespace crm::rollup {

template <typename Texts>
source::Bound text_array(const Texts& texts, const std::string& type = "text[]") {
  std::string array = "{";
  for (const std::string_view text : texts) {
    array += array.size() > 1 ? ",\"" : "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') array += '\\';
      array += c;
    }
    array += '"';
  }
  return {array + "}", type};
}

}  // namespace crm::rollup
