#include "config/environment.h"

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>

namespace crm::config {

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::optional<FileText> read_file(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (status.type() == std::filesystem::file_type::not_found) return std::nullopt;
  if (!std::filesystem::status_known(status)) throw std::runtime_error("cannot be read: " + error.message());
  if (!std::filesystem::is_regular_file(status)) throw std::runtime_error("cannot be read: it is not a regular file");

  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("cannot be read: " + std::generic_category().message(errno));
  FileText result;
  result.world_readable = (status.permissions() & std::filesystem::perms::others_read) != std::filesystem::perms::none;
  result.text.resize(max_file_bytes + 1);
  stream.read(result.text.data(), static_cast<std::streamsize>(result.text.size()));
  if (stream.bad()) throw std::runtime_error("cannot be read: " + std::generic_category().message(errno));
  result.text.resize(static_cast<std::size_t>(stream.gcount()));
  if (result.text.size() > max_file_bytes) {
    throw std::runtime_error(fmt::format("is larger than {} KiB", max_file_bytes / 1024));
  }
  return result;
}

}  // namespace crm::config
