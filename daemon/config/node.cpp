#include "config/node.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace crm::config {

namespace {

// "0" → 0; nothing for what is no position.
std::optional<std::size_t> position(std::string_view text) {
  std::size_t at = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), at);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return at;
}

}  // namespace

const Node* Node::find(std::string_view child) const {
  if (kind == Kind::list) {
    const auto at = position(child);
    return at && *at < children.size() ? &children[*at] : nullptr;
  }
  const auto at = std::find_if(children.begin(), children.end(), [&](const Node& node) { return node.key == child; });
  return kind != Kind::map || at == children.end() ? nullptr : &*at;
}

const Node* Node::find(std::span<const std::string> path) const {
  const Node* node = this;
  for (const std::string& step : path) {
    node = node->find(step);
    if (node == nullptr) return nullptr;
  }
  return node;
}

std::size_t size_of(const Node& node) {
  std::size_t size = 1;
  for (const Node& child : node.children) size += size_of(child);
  return size;
}

std::size_t depth_of(const Node& node) {
  std::size_t deepest = 0;
  for (const Node& child : node.children) deepest = std::max(deepest, depth_of(child));
  return deepest + 1;
}

void merge(Node& earlier, const Node& later) {
  if (earlier.kind == Node::Kind::map && later.kind == Node::Kind::null) return;
  if (earlier.kind != Node::Kind::map || later.kind != Node::Kind::map) {
    earlier = later;
    return;
  }
  for (const Node& child : later.children) {
    const auto same = std::find_if(earlier.children.begin(), earlier.children.end(),
                                   [&](const Node& node) { return node.key == child.key; });
    if (same == earlier.children.end()) {
      earlier.children.push_back(child);
    } else {
      merge(*same, child);
    }
  }
}

std::vector<std::string> split_key(std::string_view key) {
  std::vector<std::string> steps;
  while (!key.empty()) {
    const std::size_t dot = key.find('.');
    steps.emplace_back(key.substr(0, dot));
    key = dot == std::string_view::npos ? std::string_view{} : key.substr(dot + 1);
  }
  return steps;
}

std::string join_key(std::string_view parent, std::string_view child) {
  return parent.empty() ? std::string(child) : std::string(parent) + "." + std::string(child);
}

}  // namespace crm::config
