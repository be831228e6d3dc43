#pragma once
// Phone numbers in texts that agents may read.

#include <string>
#include <string_view>

namespace crm {

// Every run of seven or more digits, written together or with + ( ) - . and single blanks between them, as "…" and its
// last four digits: "+49 151 23456789 is unknown" → "…6789 is unknown". Fewer digits are codes and counts, and stay.
std::string mask_phone_numbers(std::string_view text);

}  // namespace crm
