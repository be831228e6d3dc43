#pragma once
// What a configuration may ask of the process around it.

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace crm::config {

struct FileText {
  std::string text;
  bool world_readable = false;
};

inline constexpr std::size_t max_file_bytes = 1 << 20;

// The variable's value, or nothing when it is not set.
std::optional<std::string> process_variable(const std::string& name);

// The whole file, or nothing when there is none. Throws std::runtime_error with the reason when it cannot be read, is
// no regular file (a pipe would block) or is larger than max_file_bytes.
std::optional<FileText> read_file(const std::filesystem::path& file);

// By default the process's own; tests put theirs.
struct Environment {
  std::function<std::optional<std::string>(const std::string& name)> variable = process_variable;
  std::function<std::optional<FileText>(const std::filesystem::path& file)> read = read_file;
};

}  // namespace crm::config
