// Never comes back, whatever its deadline and its stop token say.
//
// Options: until (path, none): comes back when this file exists.

#include <filesystem>
#include <thread>

#include "tiny.h"

namespace {

crm::Collectors make(const crm::Config& options) {
  const std::string until = options.text("until", "");
  return tiny::one(tiny::description("hangs"), [until](const crm::Request&, crm::Sources&) {
    while (until.empty() || !std::filesystem::exists(until)) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    return tiny::report({{"came", "back"}});
  });
}

}  // namespace

CRM_COLLECTOR_PLUGIN("hangs", make)
