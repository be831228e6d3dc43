#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_config.h>

namespace crm::testing {
namespace {

template <typename Type>
Type read(const FakeConfig::Value* value, std::string_view key, const char* expected, Type otherwise) {
  if (value == nullptr) return otherwise;
  if (const auto* typed = std::get_if<Type>(value)) return *typed;
  throw ConfigError(std::string(key), "'" + std::string(key) + "' must be " + expected);
}

}  // namespace

const FakeConfig::Value* FakeConfig::find(std::string_view key) const {
  asked_.emplace(key);
  const auto found = values_.find(key);
  return found == values_.end() ? nullptr : &found->second;
}

bool FakeConfig::has(std::string_view key) const {
  const std::string below = std::string(key) + ".";
  const auto next = values_.lower_bound(below);
  return find(key) != nullptr || (next != values_.end() && next->first.starts_with(below));
}

std::string FakeConfig::text(std::string_view key, std::string_view otherwise) const {
  return read<std::string>(find(key), key, "a text", std::string(otherwise));
}

std::int64_t FakeConfig::integer(std::string_view key, std::int64_t otherwise) const {
  return read<std::int64_t>(find(key), key, "an integer", otherwise);
}

double FakeConfig::real(std::string_view key, double otherwise) const {
  const Value* value = find(key);
  if (value != nullptr && std::holds_alternative<std::int64_t>(*value)) {
    return static_cast<double>(std::get<std::int64_t>(*value));
  }
  return read<double>(value, key, "a number", otherwise);
}

bool FakeConfig::boolean(std::string_view key, bool otherwise) const {
  return read<bool>(find(key), key, "true or false", otherwise);
}

std::chrono::milliseconds FakeConfig::duration(std::string_view key, std::chrono::milliseconds otherwise) const {
  return read<std::chrono::milliseconds>(find(key), key, "a duration", otherwise);
}

std::vector<std::string> FakeConfig::list(std::string_view key) const {
  return read<std::vector<std::string>>(find(key), key, "a list of texts", {});
}

std::filesystem::path FakeConfig::path(std::string_view key, const std::filesystem::path& otherwise) const {
  const Value* value = find(key);
  return value == nullptr ? otherwise : folder_ / read<std::string>(value, key, "a path", "");
}

std::string FakeConfig::place(std::string_view key) const {
  return "test.yaml: " + std::string(key);
}

std::vector<std::string> FakeConfig::keys(std::string_view key) const {
  asked_.emplace(key);
  const std::string path = key.empty() ? std::string() : std::string(key) + ".";
  std::vector<std::string> keys;
  for (const auto& [name, value] : values_) {
    if (!name.starts_with(path)) continue;
    std::string step = name.substr(path.size(), name.find('.', path.size()) - path.size());
    if (keys.empty() || keys.back() != step) keys.push_back(std::move(step));
  }
  return keys;
}

std::vector<std::string> FakeConfig::unknown() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : values_) {
    if (!asked_.contains(key)) keys.push_back(key);
  }
  return keys;
}

}  // namespace crm::testing
