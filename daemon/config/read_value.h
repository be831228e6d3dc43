#pragma once
// What stands in a file → an option's value.

#include "config/kind.h"
#include "config/node.h"

namespace crm::config {

// Throws std::invalid_argument with the whole message; a secret's value is not part of it. Not for Is::anything.
Value read_value(const Kind& kind, const Node& node, bool secret);

}  // namespace crm::config
