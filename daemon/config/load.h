#pragma once
// Files → configuration.

#include <filesystem>
#include <string>
#include <string_view>

#include "config/environment.h"
#include "config/loaded.h"

namespace crm::config {

// The file, and over it conf.d/*.yaml beside it in the order of their names. Throws Invalid with all that is wrong.
Loaded load(const std::filesystem::path& file, const Environment& environment);

// The same of a text without drop-ins; `file` names it in messages, and relative paths start from its folder.
Loaded load_text(std::string_view yaml, const std::string& file, const Environment& environment);

// The effective configuration as YAML, defaults included and secrets masked. Read again it gives the same values but
// for what is masked; what a plugin's option takes from the environment is printed as the ${…} that it was.
std::string print(const Loaded& loaded);

}  // namespace crm::config
