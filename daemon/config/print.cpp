#include <algorithm>

#include "config/load.h"
#include "config/mask.h"
#include "config/options.h"
#include "config/substitute.h"
#include "config/yaml.h"

namespace crm::config {
namespace {

// The node at this path below `map`, made where it is missing.
Node& make(Node& map, const std::vector<std::string>& path) {
  Node* node = &map;
  for (const std::string& step : path) {
    node->kind = Node::Kind::map;
    auto at = std::find_if(node->children.begin(), node->children.end(), [&](const Node& n) { return n.key == step; });
    if (at == node->children.end()) {
      at = node->children.insert(node->children.end(), Node{});
      at->key = step;
    }
    node = &*at;
  }
  return *node;
}

// What came from the environment goes back to being ${…}; other texts are kept from being taken for one.
std::string written_text(const Node& node) {
  return node.written.empty() ? unsubstituted(node.text) : node.written;
}

std::string flow(const Node& node) {
  const bool map = node.kind == Node::Kind::map;
  if (node.kind == Node::Kind::scalar) return yaml_scalar(written_text(node));
  if (node.kind == Node::Kind::null) return "null";
  std::string text(map ? "{" : "[");
  for (const Node& child : node.children) {
    if (text.size() > 1) text += ", ";
    text += (map ? yaml_scalar(child.key) + ": " : "") + flow(child);
  }
  return text + (map ? "}" : "]");
}

void block(const Node& map, const std::string& indent, std::string& text) {
  for (const Node& child : map.children) {
    text += indent + yaml_scalar(child.key) + ":";
    if (child.kind == Node::Kind::map && !child.children.empty()) {
      text += '\n';
      block(child, indent + "  ", text);
    } else {
      text += " " + flow(child) + "\n";
    }
  }
}

Node shown_value(const Option& option, const Value& value) {
  Node node = written(value);
  if (!option.secret || node.text.empty()) return node;
  node.text = option.key.ends_with("url") ? without_password(node.text) : "***";
  return node;
}

bool may_hold_a_password(std::string_view text) {
  const std::size_t scheme = text.find("://");
  return scheme != std::string_view::npos && (text.find('@', scheme) != std::string_view::npos || names_a_secret(text));
}

// A plugin does not tell which of its options are secrets; what looks like one is masked.
void mask_secrets(Node& options) {
  for (Node& child : options.children) {
    const bool shows_its_value = child.written.empty() || child.written.find(":-") != std::string::npos;
    std::string& text = child.written.empty() ? child.text : child.written;
    if (names_a_secret(child.key) && child.kind == Node::Kind::scalar && shows_its_value) {
      text = "***";
    } else if (may_hold_a_password(text)) {
      text = without_password(text);
    }
    mask_secrets(child);
  }
}

void add_plugin_options(const Loaded& loaded, const std::vector<std::string>& path, Node& tree) {
  const Node* options = loaded.tree().find(path);
  if (options == nullptr) return;
  Node& copy = make(tree, path);
  const std::string key = copy.key;
  copy = *options;
  copy.key = key;
  mask_secrets(copy);
  if (copy.kind == Node::Kind::null) copy.kind = Node::Kind::map;
}

}  // namespace

std::string print(const Loaded& loaded) {
  Node tree;
  for (const Option& option : options()) {
    if (option.kind.is == Kind::Is::anything) {
      for (const std::string& plugin : loaded.plugins_with_options()) {
        add_plugin_options(loaded, {"plugins", "options", plugin}, tree);
      }
      continue;
    }
    for (const auto& [key, value] : loaded.resolved()) {
      const auto path = split_key(key);
      if (find_option(path) != &option) continue;
      Node& node = make(tree, path);
      const std::string last = node.key;
      node = shown_value(option, value);
      node.key = last;
    }
  }
  std::string text;
  block(tree, "", text);
  return text;
}

}  // namespace crm::config
