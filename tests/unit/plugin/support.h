#pragma once
// What the tests of this room share: a folder of plugins of their own, and a run without sources.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include <crm/sdk/testing/fake_calendar.h>
#include <crm/sdk/testing/fake_config.h>
#include <crm/sdk/testing/fake_sources.h>

#include "plugin/plugins.h"
#include "plugin/run.h"

namespace crm::plugin::testing {

namespace fs = std::filesystem;
using crm::testing::FakeConfig;

// Copies of test plugins, with permissions that the host accepts whatever the umask of the build was.
class Folder {
 public:
  explicit Folder(const std::vector<std::string>& plugins = {}) {
    std::string name = (fs::temp_directory_path() / "crm-plugin-test.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
    for (const std::string& plugin : plugins) copy(plugin);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  const fs::path& path() const { return path_; }
  fs::path file(const std::string& plugin) const { return path_ / ("crm-" + plugin + ".so"); }
  fs::path copy(const std::string& plugin) const { return copy(plugin, file(plugin)); }
  static fs::path copy(const std::string& plugin, const fs::path& to) {
    fs::copy_file(fs::path(CRM_BINARY_DIR) / "test-plugins" / ("crm-" + plugin + ".so"), to);
    fs::permissions(to, fs::perms(0755));
    return to;
  }

 private:
  fs::path path_;
};

// What Library::load says, or "loaded".
inline std::string refusal(const fs::path& directory, const std::string& plugin) {
  try {
    Library::load(directory, plugin);
    return "loaded";
  } catch (const LoadError& error) {
    return error.what();
  }
}

using Options = FakeConfig::Values;

// All plugins with the same options.
inline Plugins load_all(const Folder& folder, const std::vector<std::string>& names, const Options& options = {},
                        const std::vector<Rule>& rules = {}) {
  return load(
      folder.path(), names, [&](const std::string&) { return std::make_unique<FakeConfig>(options); }, rules);
}

// "plugin: what" of each that failed.
inline std::vector<std::string> failures(const Plugins& plugins) {
  std::vector<std::string> lines;
  for (const Failure& failure : plugins.failed) lines.push_back(failure.plugin + ": " + failure.what);
  return lines;
}

inline std::vector<std::string> sections(const Plugins& plugins) {
  std::vector<std::string> names;
  for (const auto& collector : plugins.collectors) names.push_back(collector->description().name);
  return names;
}

// One run of a collector, everyone's rows, today until noon.
inline Outcome run_once(const Collector& collector) {
  const Window today{crm::testing::at("2026-11-23T00:00:00Z"), crm::testing::at("2026-11-23T12:00:00Z")};
  const Window yesterday{today.from - std::chrono::hours(24), today.to - std::chrono::hours(24)};
  const Params params;
  const Request request{today,
                        yesterday,
                        Scope::everyone(),
                        today.to,
                        params,
                        crm::testing::utc_calendar(),
                        std::chrono::steady_clock::now() + std::chrono::seconds(60),
                        {}};
  crm::testing::FakeSources sources(today.to);
  return run([&] { return collector.collect(request, sources); });
}

}  // namespace crm::plugin::testing
