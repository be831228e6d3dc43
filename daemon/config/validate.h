#pragma once
// A tree held against the table of options.

#include <map>
#include <string>
#include <vector>

#include "config/kind.h"
#include "config/values.h"

namespace crm::config {

// Every option that has a value, given or by default, by its full key.
using Values = std::map<std::string, Value>;

struct Resolution {
  Config config;
  Values values;
};

// `tree` is a map or null. Defaults stand where nothing is said or what is said is wrong. Relative default paths start
// from the folder of `file`.
Resolution resolve(const Node& tree, const std::string& file, std::vector<Problem>& problems);

}  // namespace crm::config
