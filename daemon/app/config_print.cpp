#include "app/config_print.h"

#include <iostream>

#include "config/config.h"

namespace crm::app {

int config_print(const CommandLine& line) {
  try {
    std::cout << config::print(config::load(line.config, {})) << '\n';
    return std::cout.flush() ? 0 : 1;
  } catch (const config::Invalid& invalid) {
    std::cerr << invalid.what() << '\n';
  } catch (const std::exception& error) {
    std::cerr << "crm-metricsd: " << error.what() << '\n';
  }
  return 1;
}

}  // namespace crm::app
