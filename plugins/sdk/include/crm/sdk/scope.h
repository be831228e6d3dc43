#pragma once
// Who asks, and so whose rows count.

#include <optional>
#include <string>
#include <string_view>

namespace crm {

enum class Role { owner, admin, supervisor, agent };

std::string_view to_string(Role role);
std::optional<Role> parse_role(std::string_view text);

// An agent sees his own rows, a supervisor those of his team and his own, owner and admin all. The host turns a scope
// into the parameter :agents of every statement; a collector never filters by itself.
struct Scope {
  Role role = Role::owner;
  std::string subject;  // the caller's agent id; empty for the scheduler

  static Scope everyone() { return {}; }

  bool sees_everyone() const { return role == Role::owner || role == Role::admin; }
  bool masks_phone_numbers() const { return role == Role::agent; }

  // Equal keys see equal rows and the same fields.
  std::string key() const;

  friend bool operator==(const Scope&, const Scope&) = default;
};

}  // namespace crm
