#pragma once

#include <string>
#include <string_view>

namespace crm::rollup {

// A session's id where everybody may read it: phone numbers masked, and eight digits of a keyed hash that tell apart
// those that look alike then. The same for the same id and key, in every replica: "…6789-0f3a9c21".
std::string session_label(std::string_view id, std::string_view key);

}  // namespace crm::rollup
