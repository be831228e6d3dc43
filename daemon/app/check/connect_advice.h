#pragma once
// What to do when a connection cannot be had, by the words of libpq, the server or a pooler.

#include <string_view>

#include "app/check/findings.h"

namespace crm::app {

Advice connect_advice(std::string_view why);

}  // namespace crm::app
