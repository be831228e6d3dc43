#pragma once

#include <string>

namespace crm::app {

std::string version();   // "0.1.0"
std::string revision();  // of the source tree that it was built from

}  // namespace crm::app
