#pragma once
// Text that came from elsewhere: is it text, and how is it shown in one line of a message?

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace crm::config {

// Where the first byte stands that is not part of valid UTF-8 or is a control character other than tab, CR and LF.
std::optional<std::size_t> first_byte_that_is_no_text(std::string_view text);

// With \" \\ \n \t and \u00XX for other control characters, as in double-quoted YAML. The text must be UTF-8.
std::string escaped(std::string_view text);

// Without control characters, and cut to a length that fits a message.
std::string printable(std::string_view text);

// printable, in single quotes.
std::string shown(std::string_view text);

}  // namespace crm::config
