#include "plugin/plugins.h"

#include <map>

#include <fmt/format.h>

#include "plugin/description_rules.h"
#include "plugin/one_line.h"

namespace crm::plugin {
namespace {

using Made = std::vector<std::shared_ptr<const LoadedCollector>>;

Made make(const std::shared_ptr<const Library>& library, const Config& options) {
  Made made;
  for (auto& collector : library->descriptor().factory(options)) {
    if (!collector) throw LoadError("its factory returned an empty collector");
    made.push_back(std::make_shared<LoadedCollector>(library, std::move(collector)));
  }
  return made;
}

void refuse_faults(const Description& description, const std::vector<std::string>& faults) {
  if (faults.empty()) return;
  throw LoadError(fmt::format("collector '{}': {}", description.name, fmt::join(faults, "; ")));
}

// Sections and families that are taken, each with the plugin that has it.
class Claims {
 public:
  // LoadError for the first thing wrong. A rule may take note of what it is shown (facts, say), so that rules come
  // last.
  void check(const Made& made, const std::vector<Rule>& rules) const {
    Claims own;
    for (const auto& collector : made) {
      const Description& description = collector->description();
      refuse_faults(description, faults_of(description));
      refuse("section", description.name, sections_, own.sections_);
      own.sections_[description.name] = {};
      for (const Family& family : description.families) {
        refuse("family", family.name, families_, own.families_);
        own.families_[family.name] = {};
      }
    }
    for (const auto& collector : made) {
      for (const Rule& rule : rules) refuse_faults(collector->description(), rule(collector->description()));
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
    if (const auto found = others.find(name); found != others.end())
      throw LoadError(fmt::format("the {} '{}' is declared by plugin '{}' already", kind, name, found->second));
    if (own.contains(name)) throw LoadError(fmt::format("it declares the {} '{}' twice", kind, name));
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

Plugins load(const std::filesystem::path& directory, const std::vector<std::string>& names, const OptionsOf& options_of,
             const std::vector<Rule>& rules, const std::function<void(const std::string&, const Config&)>& used) {
  Plugins plugins;
  Claims claims;
  for (const std::string& name : names) {
    const std::shared_ptr<const Config> options = options_of(name);
    std::shared_ptr<const Library> library;  // outlives what is thrown below: an exception may be code of the plugin
    try {
      library = Library::load(directory, name);
      const Made made = make(library, *options);
      claims.check(made, rules);
      claims.take(name, made);
      plugins.loaded.push_back(name);
      if (made.empty()) plugins.without_collectors.push_back(name);
      plugins.collectors.insert(plugins.collectors.end(), made.begin(), made.end());
    } catch (const ConfigError& error) {
      throw PluginConfigError(name, options, error);
    } catch (const std::exception& error) {
      plugins.failed.push_back({name, one_line(error.what())});
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
