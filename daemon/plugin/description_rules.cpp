#include "plugin/description_rules.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace crm::plugin {
namespace {

bool lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

constexpr std::size_t longest_name = 60;

bool is_section(std::string_view name) {
  if (name.starts_with(custom_prefix)) name.remove_prefix(custom_prefix.size());
  return !name.empty() && name.size() <= longest_name && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-'; });
}

// Names of statements and facts become comments in SQL and labels in Prometheus.
bool is_path(const std::string& name) {
  return std::all_of(name.begin(), name.end(),
                     [](char c) { return lower_or_digit(c) || c == '_' || c == '-' || c == '/'; });
}

class Rules {
 public:
  explicit Rules(const Description& description) : description_(description) {}

  std::vector<std::string> check() {
    if (!is_section(description_.name))
      add("its name '{}' must be lower case letters, digits and hyphens, at most {} of them", description_.name,
          longest_name);
    if (description_.title.empty()) add("it has no title");
    if (description_.help.empty()) add("it has no help");
    if (description_.schedule.every < std::chrono::seconds(1)) add("it wants to run more often than once a second");
    if (description_.schedule.timeout <= std::chrono::milliseconds(0)) add("its timeout is not positive");
    if (description_.window.count < 1) add("its default window is empty");
    for (const Statement& statement : description_.statements) check_statement(statement);
    std::set<std::string_view> names;
    for (const Param& param : description_.params) {
      check_param(param);
      if (!names.insert(param.name).second) add("the parameter '{}' is declared twice", param.name);
    }
    return std::move(faults_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> text, Values&&... values) {
    faults_.push_back(fmt::format(text, std::forward<Values>(values)...));
  }

  void check_statement(const Statement& statement) {
    if (statement.name.empty()) {
      add("a statement has no name");
    } else if (!is_path(statement.name)) {
      add("the statement name '{}' has characters other than a-z 0-9 _ - /", statement.name);
    }
  }

  void check_param(const Param& param) {
    for (const char* taken : {"dateRange", "startDate", "endDate"}) {
      if (param.name == taken) add("the parameter '{}' belongs to every section", param.name);
    }
    if (param.name.empty()) add("a parameter has no name");
  }

  const Description& description_;
  std::vector<std::string> faults_;
};

}  // namespace

std::vector<std::string> faults_of(const Description& description) {
  return Rules(description).check();
}

}  // namespace crm::plugin
