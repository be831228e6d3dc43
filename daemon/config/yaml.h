#pragma once
// YAML text → Node.

#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"

namespace crm::config {

// One document of at most max_depth levels and max_nodes values; anchors, aliases and `<<` are resolved. What is wrong
// (syntax, duplicate keys, bytes that are no text) is added to `problems`; the tree is then whatever could be read.
Node parse_yaml(std::string_view text, const std::string& file, std::vector<Problem>& problems);

// The text as one YAML scalar, quoted where it must be.
std::string yaml_scalar(std::string_view text);

}  // namespace crm::config
