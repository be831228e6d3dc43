#include "plugin/plugins.h"

#include <map>

#include <fmt/format.h>

#include "plugin/description_rules.h"

namespace crm::plugin {
namespace {

using Made = std::vector<std::shared_ptr<const LoadedCollector>>;

Made make(const std::shared_ptr<const Library>& library, const Config& options) {
  Made made;
  for (auto& collector : library->descriptor().factory(options)) {
    if (!collector) throw LoadError("its factory returned an empty collector");
    made.push_back(std::make_shared<LoadedCollector>(library, std::move(collector)));
  }
  if (made.empty()) throw LoadError("its factory returned no collector");
  return made;
}

std::vector<std::string> all_faults(const Description& description, const std::vector<Rule>& rules) {
  std::vector<std::string> faults = faults_of(description);
  for (const Rule& rule : rules) {
    for (std::string& fault : rule(description)) faults.push_back(std::move(fault));
  }
  return faults;
}

// Sections and families that are taken, each with the plugin that has it.
class Claims {
 public:
  void check(const std::string& plugin, const Made& made, const std::vector<Rule>& rules) const {
    Claims own;
    for (const auto& collector : made) {
      const Description& description = collector->description();
      if (const auto faults = all_faults(description, rules); !faults.empty()) {
        throw LoadError(fmt::format("collector '{}': {}", description.name, fmt::join(faults, "; ")));
      }
      refuse("section", description.name, sections_, own.sections_);
      own.sections_[description.name] = plugin;
      for (const Family& family : description.families) {
        refuse("family", family.name, families_, own.families_);
        own.families_[family.name] = plugin;
      }
    }
  }

  void take(const std::string& plugin, const Made& made) {
    for (const auto& collector : made) {
      sections_[collector->description().name] = plugin;
      for (const Family& family : collector->description().families) families_[family.name] = plugin;
    }
  }

 private:
  using Owners = std::map<std::string, std::string>;

  static void refuse(const char* kind, const std::string& name, const Owners& others, const Owners& own) {
    for (const Owners* owners : {&others, &own}) {
      if (const auto found = owners->find(name); found != owners->end()) {
        throw LoadError(fmt::format("the {} '{}' is declared by plugin '{}' already", kind, name, found->second));
      }
    }
  }

  Owners sections_;
  Owners families_;
};

}  // namespace

LoadedCollector::LoadedCollector(std::shared_ptr<const Library> library, std::unique_ptr<Collector> collector)
    : library_(std::move(library)), collector_(collector.release()) {}

LoadedCollector::~LoadedCollector() {
  library_->descriptor().destroy(collector_);
}

// What is wrong with a plugin: set where it threw.
std::string fault_of(const std::function<void()>& step) {
  try {
    step();
    return "";
  } catch (const ConfigError&) {
    throw;
  } catch (const std::exception& error) {
    return one_line(error.what());
  } catch (...) {
    return "its factory threw something that is no std::exception";
  }
}
Plugins load(const std::filesystem::path& directory, const std::vector<std::string>& names, const OptionsOf& options_of,
             const std::vector<Rule>& rules, const std::function<void(const std::string&, const Config&)>& used) {
  Plugins plugins;
  Claims claims;
  for (const std::string& name : names) {
    const std::unique_ptr<Config> options = options_of(name);
    try {
      const Made made = make(Library::load(directory, name), *options);
      claims.check(name, made, rules);
      claims.take(name, made);
      plugins.loaded.push_back(name);
      plugins.collectors.insert(plugins.collectors.end(), made.begin(), made.end());
    } catch (const ConfigError& error) {
      throw PluginConfigError(name, error);
    } catch (const std::exception& error) {
      plugins.failed.push_back({name, error.what()});
      continue;
    } catch (...) {
      plugins.failed.push_back({name, "its factory threw something that is no std::exception"});
      continue;
    }
    if (used) used(name, *options);
  }
  return plugins;
}

}  // namespace crm::plugin
