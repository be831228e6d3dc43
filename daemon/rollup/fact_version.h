#pragma once
// What stored numbers of a fact depend on besides the rows: numbers of another version are not this fact's.

#include <string>

#include <crm/sdk/settings.h>

#include "rollup/fact_file.h"

namespace crm::rollup {

// A short hash of the fact's SQL, its columns, its bounds and the settings that enter it.
std::string version_of(const FactDefinition& fact, const Settings& settings);

}  // namespace crm::rollup
