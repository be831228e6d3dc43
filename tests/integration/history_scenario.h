#pragma once
// A history whose rows and steps a test tells one by one.

#include <filesystem>
#include <fstream>
#include <sstream>

#include "history_fixture.h"

namespace crm::testing {

class HistoryScenario : public HistoryTest {
 protected:
  Question question(const std::string& fact, const std::string& from, const std::string& to, const std::string& as_of) {
    return {&registry_.get(fact), {.fact = fact, .window = {at(from), at(to)}}, Scope::everyone(), at(as_of)};
  }

  static std::string example_fact(const std::string& file) {
    std::ostringstream text;
    text << std::ifstream(std::filesystem::path(CRM_SOURCE_DIR) / "plugins/examples" / file).rdbuf();
    return text.str();
  }

  std::vector<std::int64_t> total(const Question& asked) { return stored(asked).at("- - -"); }

  std::int64_t counter(const std::string& fact, const std::string& column, const std::string& agent = "*") {
    const std::string n =
        scalar(url_, "SELECT sum(n[array_position(names, '" + column + "')]) FROM crm_metrics.counters WHERE fact = '" +
                         fact + "' AND agent = '" + agent + "'");
    return n.empty() ? 0 : std::stoll(n);
  }
};

}  // namespace crm::testing
