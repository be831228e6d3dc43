#include "config/values.h"

#include <algorithm>

namespace crm::config {

std::string_view to_string(Level level) {
  return level_names.at(static_cast<std::size_t>(level));
}
std::string_view to_string(Format format) {
  return format_names.at(static_cast<std::size_t>(format));
}
std::string_view to_string(Auth auth) {
  return auth_names.at(static_cast<std::size_t>(auth));
}

std::optional<Level> parse_level(std::string_view name) {
  const auto at = std::find(level_names.begin(), level_names.end(), name);
  if (at == level_names.end()) return std::nullopt;
  return static_cast<Level>(at - level_names.begin());
}

Collector Config::collector(const std::string& name) const {
  const auto at = collectors.find(name);
  return at == collectors.end() ? Collector{} : at->second;
}

}  // namespace crm::config
