#pragma once

#include <iosfwd>

#include "app/command_line.h"

namespace crm::app {

// Tries what serve would need and prints one line for each thing: ok, warning or error, and what to do. 1 on an error.
int check(const CommandLine& line);
int check(const CommandLine& line, std::ostream& out, bool colours);

}  // namespace crm::app
