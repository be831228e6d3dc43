#pragma once
// What a plugin's factory is given: its own options, and the settings that all share.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/settings.h>

namespace crm {

// The `options:` of one plugin. Keys are paths with dots. Every accessor throws ConfigError when the value is of
// another type; a key that no accessor asked for is reported as unknown after the factory has returned.
class Config {
 public:
  virtual ~Config() = default;

  virtual const Settings& settings() const = 0;

  virtual bool has(std::string_view key) const = 0;
  virtual std::string text(std::string_view key, std::string_view otherwise) const = 0;
  virtual std::int64_t integer(std::string_view key, std::int64_t otherwise) const = 0;
  virtual double real(std::string_view key, double otherwise) const = 0;
  virtual bool boolean(std::string_view key, bool otherwise) const = 0;
  virtual std::chrono::milliseconds duration(std::string_view key, std::chrono::milliseconds otherwise) const = 0;
  virtual std::vector<std::string> list(std::string_view key) const = 0;

  // A file's or folder's path; a relative one starts from the folder of the file that names it. `otherwise` as it is.
  virtual std::filesystem::path path(std::string_view key, const std::filesystem::path& otherwise) const = 0;

  // Where a key stands, or what is nearest above it: "file:line", for messages of a later day.
  virtual std::string place(std::string_view key) const = 0;

  // What stands below a key ("" is the top): the keys of a map in the order of the file, the positions of a list ("0",
  // "1", …). Paths step through both: keys("queries") → {"0", "1"}, text("queries.0.sql", "").
  virtual std::vector<std::string> keys(std::string_view key) const = 0;
};

}  // namespace crm
