#pragma once

#include <string>
#include <string_view>

#include "store/block.h"

namespace crm::metrics {

enum class Effort { small, fast };  // what is deflated once and sent often; what is deflated at every scrape

// Raw deflate of text, ended by Z_FULL_FLUSH on a byte boundary and without a final block; "" of no text.
std::string deflate_part(std::string_view text, Effort effort);

// CRC-32 as gzip has it; 0 of no text.
std::uint32_t crc_of(std::string_view text);

// A block of the given lines. Adds the last line's end if it lacks one.
store::BlockPtr make_block(std::string text);

}  // namespace crm::metrics
