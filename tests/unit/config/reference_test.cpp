// config/crm-metricsd.yaml and its schema, held against the table of options.
#include <regex>
#include <sstream>

#include <gmock/gmock.h>

#include <crm/sdk/testing/golden.h>

#include "config/options.h"
#include "config/schema.h"
#include "support.h"

namespace crm::config::testing {
namespace {

using ::testing::ElementsAre;

const std::filesystem::path folder = std::filesystem::path(CRM_SOURCE_DIR) / "config";
const std::string reference = (folder / "crm-metricsd.yaml").string();

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string reference_text() {
  const auto file = read_file(reference);
  return file ? file->text : throw std::runtime_error(reference + " is missing");
}

// With the options that have no default (`#every: 15s`) as if they were set.
std::string everything_set() {
  std::string text;
  static const std::regex option(R"(^( *)#([A-Za-z_]+:.*)$)");
  for (const std::string& line : lines_of(reference_text())) text += std::regex_replace(line, option, "$1$2") + "\n";
  return text;
}

TEST(ReferenceFile, IsTheDefaults) {
  const Loaded file = load_text(reference_text(), reference, environment());
  const Loaded empty = load_text("collectors: {kpi: {}}", reference, environment());
  EXPECT_THAT(changed_keys(file, empty), ElementsAre());
}

TEST(ReferenceFile, ListsEveryOptionWithAComment) {
  const Loaded loaded = load_text(everything_set(), reference, environment());
  const auto lines = lines_of(reference_text());
  const auto comments_on = [&](int number) {
    const std::string& own = lines.at(static_cast<std::size_t>(number) - 1);
    const std::string& before = lines.at(static_cast<std::size_t>(number) - 2);
    return own.find(" # ") != std::string::npos || own.find("  # ") != std::string::npos ||
           before.find("# ") < before.find_first_not_of(" #");
  };
  std::set<std::string_view> missing;
  for (const Option& option : options()) missing.insert(option.key);
  const auto visit = [&](const auto& self, const Node& node, std::vector<std::string> path) -> void {
    for (const Node& child : node.children) {
      path.push_back(child.key);
      if (const Option* option = find_option(path)) {
        missing.erase(option->key);
        EXPECT_TRUE(comments_on(child.place.line)) << option->key << " in line " << child.place.line;
      } else {
        self(self, child, path);
      }
      path.pop_back();
    }
  };
  visit(visit, loaded.tree(), {});
  EXPECT_THAT(missing, ElementsAre());
}

TEST(ReferenceFile, IsNoWiderThanAScreen) {
  for (const std::string& line : lines_of(reference_text())) EXPECT_LE(line.size(), 122U) << line;
}

TEST(Schema, IsCurrent) {
  EXPECT_EQ(crm::testing::differs_from_golden(json_schema(), folder / "crm-metricsd.schema.json"), std::nullopt);
}

}  // namespace
}  // namespace crm::config::testing
