#pragma once
// A YAML document as a tree that knows where each value stands.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/problem.h"

namespace crm::config {

// Files are refused beyond these, so that recursion over a tree is safe and an alias bomb stays small.
inline constexpr std::size_t max_depth = 32;
inline constexpr std::size_t max_nodes = 10'000;

struct Node {
  enum class Kind { null, scalar, list, map };

  Kind kind = Kind::null;
  std::string key;             // of a map's child
  Place place;                 // of the key in a map, else of the value
  std::string text;            // of a scalar, ${…} replaced
  std::string written;         // of a scalar in which something was replaced: the text before
  std::vector<Node> children;  // of a list or map, in order

  // The child of that key, or at that position of a list ("0"), or nullptr.
  const Node* find(std::string_view child) const;

  // The node at the end of a path of keys, or nullptr.
  const Node* find(std::span<const std::string> path) const;
};

// Nodes in all, and levels, the node itself included.
std::size_t size_of(const Node& node);
std::size_t depth_of(const Node& node);

// `later` over `earlier`: maps merge deeply, anything else replaces. An empty section (`database:`) changes nothing.
void merge(Node& earlier, const Node& later);

// "a.b.c" as its keys and back.
std::vector<std::string> split_key(std::string_view key);
std::string join_key(std::string_view parent, std::string_view child);

}  // namespace crm::config
