#pragma once
// The one table of options. Parsing, defaults, suggestions, `config print`, the editors' schema and the checks of the
// reference file all come from it.

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "config/kind.h"
#include "config/values.h"

namespace crm::config {

struct Option {
  // With dots; a step `*` stands for a name that the user chooses: "collectors.*.every".
  std::string_view key;
  Kind kind;
  // In YAML, as a file would say it; empty: the option has no default.
  std::string_view otherwise;
  // Puts a value where it belongs; `name` is what stands for `*`. Empty for Kind::Is::anything.
  std::function<void(Config& config, const std::string& name, const Value& value)> set;
  std::string_view help;
  bool secret = false;
};

// In the order in which they are printed. Constant.
const std::vector<Option>& options();

// The options whose key begins with these steps, in the table's order.
std::vector<const Option*> options_below(const std::vector<std::string>& path);

// The option of exactly this path, or nullptr.
const Option* find_option(const std::vector<std::string>& path);

}  // namespace crm::config
