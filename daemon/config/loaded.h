#pragma once
// A configuration that has been read: its values, and where they stand.

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/node.h"
#include "config/plugin_options.h"
#include "config/problem.h"
#include "config/validate.h"
#include "config/values.h"

namespace crm::config {

// Immutable; may be read by several threads at once.
class Loaded {
 public:
  // `tree` is merged and substituted; `files` are those that it was read from, the main one first.
  Loaded(Node tree, Resolution resolution, std::vector<std::string> files);

  const Config& values() const { return resolution_.config; }
  const std::vector<std::string>& files() const { return files_; }

  // What a plugin's factory is given; it may outlive this object. For a plugin without options, all are absent.
  std::unique_ptr<PluginOptions> plugin_options(std::string_view plugin) const;
  std::vector<std::string> plugins_with_options() const;

  // Where the key stands, or the section nearest above it, or the main file.
  Place place(std::string_view key) const;
  Problem problem(std::string key, std::string message) const;

  // One problem for each collector that is configured but not among those that the loaded plugins offer.
  std::vector<Problem> unknown_collectors(std::span<const std::string> offered) const;

  // For print() and changed_keys(): secrets stand here in clear.
  const Values& resolved() const { return resolution_.values; }
  const Node& tree() const { return tree_; }

 private:
  Node tree_;
  Resolution resolution_;
  std::vector<std::string> files_;
};

// Keys whose values differ, sorted; a plugin's options count as one key. For the line that a reload writes.
std::vector<std::string> changed_keys(const Loaded& before, const Loaded& after);

}  // namespace crm::config
