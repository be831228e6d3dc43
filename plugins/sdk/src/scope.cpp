#include <array>
#include <utility>

#include <crm/sdk/scope.h>

namespace crm {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 4> roles{
    {{Role::owner, "owner"}, {Role::admin, "admin"}, {Role::supervisor, "supervisor"}, {Role::agent, "agent"}}};

}  // namespace

std::string_view to_string(Role role) {
  for (const auto& [value, name] : roles) {
    if (value == role) return name;
  }
  return "unknown";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const auto& [value, name] : roles) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::string Scope::key() const {
  if (sees_everyone()) return "everyone";
  return std::string(to_string(role)) + ":" + subject;
}

}  // namespace crm
