#pragma once
// The options of one plugin, as its factory sees them.

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/config.h>
#include <crm/sdk/errors.h>

#include "config/node.h"
#include "config/problem.h"

namespace crm::config {

// Remembers what was asked for, so that the host can tell a typing error when the factory has returned. For one thread.
class PluginOptions final : public crm::Config {
 public:
  // `path` is the full key of `options`, which is a map or null.
  PluginOptions(Node options, std::string path, Settings settings);

  const Settings& settings() const override { return settings_; }
  bool has(std::string_view key) const override;
  std::string text(std::string_view key, std::string_view otherwise) const override;
  std::int64_t integer(std::string_view key, std::int64_t otherwise) const override;
  double real(std::string_view key, double otherwise) const override;
  bool boolean(std::string_view key, bool otherwise) const override;
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise) const override;
  std::vector<std::string> list(std::string_view key) const override;
  std::vector<std::string> keys(std::string_view key) const override;
  std::filesystem::path path(std::string_view key, const std::filesystem::path& otherwise) const override;
  std::string place(std::string_view key) const override;

  // The options that nobody asked for, with the nearest of those that were.
  std::vector<Problem> unknown() const;

  // What the factory threw, with file and line. Where it misses a key, one beside it that nobody asked for may be
  // meant.
  Problem problem(const ConfigError& error) const;

 private:
  const Node* ask(std::string_view key) const;
  const Node* scalar(std::string_view key, std::string_view noun) const;
  template <class Parse>
  auto parsed(std::string_view key, std::string_view noun, Parse parse, decltype(parse("")) otherwise) const;
  std::string meant_for(const Node& map, std::string_view path, const std::string& missing) const;
  bool asked(const std::string& key) const;  // for it, or for something below it
  bool asked_below(const std::string& key) const;
  std::vector<std::string> known_in(const std::string& path) const;  // the keys that were asked for in this map
  void collect_unknown_of_list(const Node& list, const std::string& path, std::vector<Problem>& problems) const;
  void collect_unknown(const Node& map, const std::string& path, std::vector<Problem>& problems) const;

  Node options_;
  std::string path_;
  Settings settings_;
  mutable std::set<std::string, std::less<>> asked_;
};

}  // namespace crm::config
