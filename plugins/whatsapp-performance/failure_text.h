#pragma once
// Why a message failed, as one line for people, out of whatever the gateway wrote down.

#include <string>
#include <string_view>

namespace whatsapp {

// One line of valid UTF-8: control characters and line ends become blanks, blanks run together, none at the ends.
std::string one_line(std::string_view text);

// "131026: Message undeliverable"; the code or the reason alone where the other is missing, "unknown" where both are.
// The reason may begin with the code in any of the ways that gateways write it; it is not told twice.
std::string failure_text(std::string_view code, std::string_view reason, bool mask_phone_numbers);

}  // namespace whatsapp
