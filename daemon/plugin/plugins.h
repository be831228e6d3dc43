#pragma once
// The plugins of one configuration: loaded, their collectors made, conflicts refused.

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <crm/sdk/collector.h>
#include <crm/sdk/config.h>

#include "plugin/library.h"

namespace crm::plugin {

// A collector with the library that holds its code. Calls go through it; it is freed by its own plugin.
class LoadedCollector {
 public:
  LoadedCollector(std::shared_ptr<const Library> library, std::unique_ptr<Collector> collector);
  ~LoadedCollector();
  LoadedCollector(const LoadedCollector&) = delete;
  LoadedCollector& operator=(const LoadedCollector&) = delete;

  const Collector& operator*() const { return *collector_; }
  const Collector* operator->() const { return collector_; }
  const Description& description() const { return collector_->describe(); }

 private:
  std::shared_ptr<const Library> library_;
  Collector* collector_;
};

struct Failure {
  std::string plugin;
  std::string what;
};

struct Plugins {
  std::vector<std::string> loaded;                                 // names
  std::vector<std::string> without_collectors;                     // of those loaded: their options ask for none
  std::vector<std::shared_ptr<const LoadedCollector>> collectors;  // of all loaded plugins
  std::vector<Failure> failed;                                     // the rest goes on without them
};

// Options of a plugin by its name. A ConfigError from a factory is the user's and goes through, as PluginConfigError;
// every other fault is that plugin's failure.
using OptionsOf = std::function<std::unique_ptr<Config>(const std::string& plugin)>;

class PluginConfigError : public ConfigError {
 public:
  PluginConfigError(std::string plugin, std::shared_ptr<const Config> options, const ConfigError& error)
      : ConfigError(error.key(), error.what()), plugin_(std::move(plugin)), options_(std::move(options)) {}
  const std::string& plugin() const { return plugin_; }
  const Config& options() const { return *options_; }  // as the factory left them

 private:
  std::string plugin_;
  std::shared_ptr<const Config> options_;
};

// A rule that another room has for descriptions (metric names, known facts): one line for each fault.
using Rule = std::function<std::vector<std::string>(const Description&)>;

// `used` is given each plugin's options after its factory has returned, to find keys that nobody asked for.
Plugins load(const std::filesystem::path& directory, const std::vector<std::string>& names, const OptionsOf& options_of,
             const std::vector<Rule>& rules = {},
             const std::function<void(const std::string& plugin, const Config& options)>& used = {});

}  // namespace crm::plugin
