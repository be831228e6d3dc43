#pragma once
// A library that was not copied to its end.

#include <filesystem>

namespace crm::plugin {

// Does an ELF file lack a part that it says must be loaded? The loader does not look: it maps what is not there, and
// the process dies of SIGBUS. False for what is no ELF file, which the loader refuses by itself.
bool is_cut_short(const std::filesystem::path& file);

}  // namespace crm::plugin
