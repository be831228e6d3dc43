#pragma once
// What the plugins of this folder share: a good description, and a collector made of one function.

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include <nlohmann/json.hpp>

#include <crm/sdk/plugin.h>

namespace tiny {

// Good in every respect: runs every second, is given a second.
inline crm::Description description(const std::string& name) {
  crm::Description description;
  description.name = name;
  description.title = "Test: " + name;
  description.help = "A collector for the tests of the host.";
  description.schedule = {.every = std::chrono::seconds(1), .aligned = false, .timeout = std::chrono::seconds(1)};
  return description;
}

using Collect = std::function<crm::Report(const crm::Request&, crm::Sources&)>;

class Collector final : public crm::Collector {
 public:
  Collector(crm::Description description, Collect collect)
      : description_(std::move(description)), collect_(std::move(collect)) {}

  const crm::Description& describe() const noexcept override { return description_; }
  crm::Report collect(const crm::Request& request, crm::Sources& sources) const override {
    return collect_(request, sources);
  }

 private:
  crm::Description description_;
  Collect collect_;
};

inline crm::Report report(crm::Json document, std::vector<crm::Sample> samples = {}) {
  return {.document = crm::share(std::move(document)), .samples = std::move(samples)};
}

inline crm::Collectors one(crm::Description description, Collect collect) {
  crm::Collectors collectors;
  collectors.push_back(std::make_unique<Collector>(std::move(description), std::move(collect)));
  return collectors;
}

// One that answers {} and has nothing wrong.
inline crm::Collectors good(crm::Description description) {
  return one(std::move(description), [](const crm::Request&, crm::Sources&) { return report(crm::Json::object()); });
}

inline void destroy(crm::Collector* collector) {
  delete collector;
}

}  // namespace tiny

// An entry point whose descriptor is written out by the plugin.
#define TINY_DESCRIPTOR(...)                                                                               \
  extern "C" __attribute__((visibility("default"))) const crm::PluginDescriptor* crm_plugin_descriptor() { \
    static const crm::PluginDescriptor descriptor{__VA_ARGS__};                                            \
    return &descriptor;                                                                                    \
  }
