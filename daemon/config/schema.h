#pragma once
// JSON Schema (draft 07) of the configuration file, for editors; made from the table of options.

#include <string>

namespace crm::config {

std::string json_schema();

}  // namespace crm::config
