#pragma once
// What a plugin says of its faults goes into logs and answers: whatever it is, it becomes one readable line.

#include <string>

namespace crm::plugin {

// Control characters become spaces, what is no UTF-8 becomes U+FFFD, and a long text is cut. Null is allowed: a
// plugin's what() may return it.
std::string one_line(const char* text);

}  // namespace crm::plugin
