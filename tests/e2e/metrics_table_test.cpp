// plugins/METRICS.md: every family that the built plugins declare, by what they say of themselves. CRM_UPDATE_GOLDEN=1
// writes it anew.

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <crm/sdk/testing/fake_config.h>
#include <crm/sdk/testing/golden.h>

#include "plugin/plugins.h"
#include "support/temporary_folder.h"

namespace crm {
namespace {

using Type = Family::Type;

std::string type_of(const Family& family) {
  switch (family.type) {
    case Type::counter:
      return "counter";
    case Type::gauge:
      return "gauge";
    case Type::histogram:
      return "histogram";
    case Type::summary:
      return "summary";
    case Type::state_set:
      return "state set";
    case Type::info:
      return "info";
  }
  return "";
}

std::string code(const std::string& text) {
  return "`" + text + "`";
}

std::string labels_of(const Family& family) {
  std::vector<std::string> labels;
  for (const std::string& label : family.labels) {
    const bool capped = family.cap && family.cap->label == label;
    labels.push_back(code(label) + (capped ? fmt::format(" ({} and `other`)", family.cap->most) : ""));
  }
  if (family.type == Type::state_set) {
    labels.push_back(code(family.state_label.empty() ? family.name : family.state_label) +
                     fmt::format(" ({})", fmt::join(family.states, ", ")));
  }
  return fmt::format("{}", fmt::join(labels, ", "));
}

// A bar would end the cell.
std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

std::string every(const Schedule& schedule) {
  return fmt::format("every {} s", std::chrono::duration_cast<std::chrono::seconds>(schedule.every).count());
}

std::string table_of(const Description& description) {
  std::string text = fmt::format(
      "\n## [{0}]({0}/README.md)\n\n{1}, {2}\n\n| family | type | labels | |\n| --- | --- | --- "
      "| --- |\n",
      description.name, description.title, every(description.schedule));
  for (const Family& family : description.families) {
    text += fmt::format("| {} | {} | {} | {} |\n", code(family.name), type_of(family), labels_of(family),
                        cell(family.help));
  }
  return text;
}

std::string metrics_table(const plugin::Plugins& plugins) {
  std::string text =
      "# Metrics of the collectors\n\n"
      "Made from what the built plugins say of themselves, by `CRM_UPDATE_GOLDEN=1 build/dev/bin/e2e_metrics_table`; a "
      "test fails when it is stale.\nThe daemon's own families are in [daemon/](../daemon/README.md).\n";
  for (const auto& collector : plugins.collectors) text += table_of(collector->description());
  return text;
}

// Every folder beside the SDK that has a collector, but for the template, which is there to be copied.
std::vector<std::string> plugin_folders() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(CRM_SOURCE_DIR) / "plugins")) {
    if (entry.path().filename() == "template") continue;
    if (std::filesystem::exists(entry.path() / "collector.cpp")) names.push_back(entry.path().filename());
  }
  std::sort(names.begin(), names.end());
  return names;
}

TEST(MetricsTable, IsWhatThePluginsSayOfThemselves) {
  const auto names = plugin_folders();
  const testing::TemporaryFolder folder(
      "metrics-table");  // which nobody else may write, whatever the umask of the build was
  for (const std::string& name : names) {
    const std::string file = "crm-" + name + ".so";
    std::filesystem::copy_file(std::filesystem::path(CRM_BINARY_DIR) / "plugins" / file, folder.path() / file);
    std::filesystem::permissions(folder.path() / file, std::filesystem::perms(0755));
  }
  const plugin::Plugins plugins =
      plugin::load(folder.path(), names, [](const std::string&) { return std::make_unique<testing::FakeConfig>(); });
  for (const plugin::Failure& failure : plugins.failed) ADD_FAILURE() << failure.plugin << ": " << failure.what;
  EXPECT_EQ(plugins.loaded, names);
  const auto differs = testing::differs_from_golden(metrics_table(plugins),
                                                    std::filesystem::path(CRM_SOURCE_DIR) / "plugins/METRICS.md");
  EXPECT_EQ(differs, std::nullopt) << differs.value_or("");
}

}  // namespace
}  // namespace crm
