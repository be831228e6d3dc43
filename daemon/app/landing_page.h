#pragma once
// The admin listener's page at /: what this is, how it fares, and where everything else is.

#include <string>

#include "app/house.h"

namespace crm::app {

struct Addresses {
  std::string admin;  // "127.0.0.1:9464"
  std::string api;
};

std::string landing_page(const House& house, const Addresses& addresses, bool ready);

}  // namespace crm::app
