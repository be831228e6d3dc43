// Works, and has two collectors and one option.
//
// Options: greeting (text, hello): what the document says.
//          gone (path, none): written when a collector is destroyed, by the plugin that made it.

#include <fstream>

#include "tiny.h"

namespace {

// A file that says that the last owner has gone.
std::shared_ptr<void> farewell(const std::string& file) {
  return {nullptr, [file](void*) {
            if (!file.empty()) std::ofstream(file, std::ios::app) << "gone\n";
          }};
}

tiny::Collect says(const std::string& greeting, const std::string& gone) {
  return [greeting, last_word = farewell(gone)](const crm::Request&, crm::Sources&) {
    return tiny::report({{"says", greeting}});
  };
}

crm::Collectors make(const crm::Config& options) {
  const std::string greeting = options.text("greeting", "hello");
  const std::string gone = options.text("gone", "");
  crm::Collectors collectors = tiny::one(tiny::description("options"), says(greeting, gone));
  collectors.push_back(std::move(tiny::one(tiny::description("options-again"), says(greeting, gone)).front()));
  return collectors;
}

}  // namespace

CRM_COLLECTOR_PLUGIN("options", make)
