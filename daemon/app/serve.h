#pragma once

#include "app/command_line.h"

namespace crm::app {

// Runs until a signal says stop. The exit code: 0 after a clean stop, 1 if it could not start.
int serve(const CommandLine& line);

}  // namespace crm::app
