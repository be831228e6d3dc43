#pragma once
// What options must be to each other.

#include <vector>

#include "config/loaded.h"

namespace crm::config {

std::vector<Problem> broken_rules(const Loaded& loaded);

}  // namespace crm::config
