#pragma once

#include "app/command_line.h"

namespace crm::app {

// The configuration in effect on standard output, or what is wrong with it on standard error and 1.
int config_print(const CommandLine& line);

}  // namespace crm::app
