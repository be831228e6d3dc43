#pragma once
// Options of a plugin for tests, without YAML.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <crm/sdk/config.h>

namespace crm::testing {

// FakeConfig({{"queue.prefix", "bull"}, {"limit", 50}, {"every", 15s}}). Asking for a value as another type throws
// ConfigError, as the host does; an integer is also a real.
class FakeConfig : public Config {
 public:
  using Value =
      std::variant<std::string, std::int64_t, double, bool, std::chrono::milliseconds, std::vector<std::string>>;
  using Values = std::map<std::string, Value, std::less<>>;

  explicit FakeConfig(Values values = {}, Settings settings = {})
      : values_(std::move(values)), settings_(std::move(settings)) {}

  const Settings& settings() const override { return settings_; }

  // True for a key and for the path that leads to one ("queue" of "queue.prefix").
  bool has(std::string_view key) const override;
  std::string text(std::string_view key, std::string_view otherwise) const override;
  std::int64_t integer(std::string_view key, std::int64_t otherwise) const override;
  double real(std::string_view key, double otherwise) const override;
  bool boolean(std::string_view key, bool otherwise) const override;
  std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise) const override;
  std::vector<std::string> list(std::string_view key) const override;
  // Relative ones start from folder(); the host's rule with that folder as the file's.
  std::filesystem::path path(std::string_view key, const std::filesystem::path& otherwise) const override;
  // "test.yaml: <key>"
  std::string place(std::string_view key) const override;
  std::vector<std::string> keys(std::string_view key) const override;

  FakeConfig& folder(std::filesystem::path folder) {
    folder_ = std::move(folder);
    return *this;
  }

  // Keys whose value nobody asked for: the host would refuse them as unknown.
  std::vector<std::string> unknown() const;

 private:
  const Value* find(std::string_view key) const;

  Values values_;
  Settings settings_;
  std::filesystem::path folder_;
  mutable std::set<std::string, std::less<>> asked_;
};

}  // namespace crm::testing
