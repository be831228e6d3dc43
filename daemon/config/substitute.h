#pragma once
// ${NAME} and ${NAME:-default} in values. A value comes from the environment variable NAME, else from the file that
// NAME_FILE names, else from the systemd credential NAME; `$${` is a literal `${`.

#include <string>
#include <string_view>
#include <vector>

#include "config/environment.h"
#include "config/node.h"

namespace crm::config {

// Throws std::runtime_error that says what is missing, refused or malformed; never with a value in it.
std::string substitute(std::string_view text, const Environment& environment);

// The text that substitute() turns into `text`.
std::string unsubstituted(std::string_view text);

// Replaces in every scalar of the tree. Those for which there is no value are taken out, so that no more is said of
// them.
void substitute(Node& tree, const Environment& environment, std::vector<Problem>& problems);

}  // namespace crm::config
