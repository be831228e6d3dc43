#include "config/loaded.h"

#include <array>
#include <set>
#include <utility>

#include "config/suggest.h"

namespace crm::config {
namespace {

const std::array<std::string, 2> options_path{"plugins", "options"};

bool same_content(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.key != b.key || a.text != b.text || a.children.size() != b.children.size()) return false;
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!same_content(a.children[i], b.children[i])) return false;
  }
  return true;
}

const Node& options_of(const Loaded& loaded, std::string_view plugin) {
  static const Node nothing;
  const Node* all = loaded.tree().find(options_path);
  const Node* own = all == nullptr ? nullptr : all->find(plugin);
  return own == nullptr || own->children.empty() ? nothing : *own;
}

}  // namespace

Loaded::Loaded(Node tree, Resolution resolution, std::vector<std::string> files)
    : tree_(std::move(tree)), resolution_(std::move(resolution)), files_(std::move(files)) {}

std::unique_ptr<PluginOptions> Loaded::plugin_options(std::string_view plugin) const {
  const std::string path = "plugins.options." + std::string(plugin);
  Node options = options_of(*this, plugin);
  options.place = place(path);
  return std::make_unique<PluginOptions>(std::move(options), path, values().settings);
}

std::vector<std::string> Loaded::plugins_with_options() const {
  std::vector<std::string> names;
  if (const Node* all = tree_.find(options_path)) {
    for (const Node& plugin : all->children) names.push_back(plugin.key);
  }
  return names;
}

Place Loaded::place(std::string_view key) const {
  Place place{files_.front(), 0};
  const Node* node = &tree_;
  for (const std::string& step : split_key(key)) {
    node = node->find(step);
    if (node == nullptr) break;
    place = node->place;
  }
  return place;
}

Problem Loaded::problem(std::string key, std::string message) const {
  Place where = place(key);
  return {std::move(where.file), where.line, std::move(key), std::move(message)};
}

std::vector<Problem> Loaded::unknown_collectors(std::span<const std::string> offered) const {
  const std::set<std::string, std::less<>> known(offered.begin(), offered.end());
  std::vector<Problem> problems;
  for (const auto& [name, collector] : values().collectors) {
    if (known.contains(name)) continue;
    problems.push_back(problem("collectors." + name, "no loaded plugin has this collector" + advice(name, offered)));
  }
  return problems;
}

std::vector<std::string> changed_keys(const Loaded& before, const Loaded& after) {
  std::set<std::string> keys;
  const auto compare = [&keys](const Values& one, const Values& other) {
    for (const auto& [key, value] : one) {
      const auto at = other.find(key);
      if (at == other.end() || at->second != value) keys.insert(key);
    }
  };
  compare(before.resolved(), after.resolved());
  compare(after.resolved(), before.resolved());
  for (const Loaded* loaded : {&before, &after}) {
    for (const std::string& plugin : loaded->plugins_with_options()) {
      const bool same = same_content(options_of(before, plugin), options_of(after, plugin));
      if (!same) keys.insert("plugins.options." + plugin);
    }
  }
  return {keys.begin(), keys.end()};
}

}  // namespace crm::config
