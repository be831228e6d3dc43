#pragma once
// Options of one collector, "open", for tests: good ones, over which a test says what is different.

#include <string>
#include <utility>
#include <vector>

#include <crm/sdk/errors.h>
#include <crm/sdk/testing/fake_config.h>

#include "plan.h"
#include "read_definitions.h"

namespace custom_sql::testing {

using crm::testing::FakeConfig;
using Values = FakeConfig::Values;

inline Values below(const std::string& key, const Values& values) {
  Values moved;
  for (const auto& [name, value] : values) moved.emplace(key + "." + name, value);
  return moved;
}

inline Values operator+(Values values, const Values& more) {
  for (const auto& [key, value] : more) values.insert_or_assign(key, value);
  return values;
}

inline Values without(Values values, const std::string& key) {
  values.erase(key);
  return values;
}

inline Values column(const std::string& name, const Values& options) {
  return below("columns." + name, options);
}

// A collector without its columns.
inline Values basics() {
  return {{"help", "Open tickets."}, {"sql", "SELECT 1"}};
}

// …and with them: open tickets by priority.
inline Values open_() {
  return basics() + column("priority", {{"role", "label"}}) +
         column("tickets", {{"role", "gauge"}, {"type", "integer"}});
}

inline FakeConfig collector(const Values& values, const std::string& name = "open") {
  return FakeConfig(below("collectors." + name, values));
}

inline Definition definition(const Values& values) {
  return read_definitions(collector(values)).front();
}

// "key: message" of what is thrown, or "(accepted)".
template <class Ask>
std::string refusal_of(Ask ask) {
  try {
    ask();
  } catch (const crm::ConfigError& error) {
    return error.key() + ": " + error.what();
  }
  return "(accepted)";
}

// What is said against these options of the collector, without "collectors.open.".
inline std::string refusal(const Values& values) {
  const std::string text = refusal_of([&] { plan(definition(values)); });
  const std::string own = "collectors.open.";
  return text.starts_with(own) ? text.substr(own.size()) : text;
}

}  // namespace custom_sql::testing
