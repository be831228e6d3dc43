#include "plugin/description_rules.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace crm::plugin {
namespace {

bool lower_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

bool is_section(const std::string& name) {
  return !name.empty() && name.size() <= 60 && name.front() != '-' && name.back() != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '-'; });
}

bool is_snake(const std::string& name) {
  return !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
         std::all_of(name.begin(), name.end(), [](char c) { return lower_or_digit(c) || c == '_'; });
}

// Names of statements and facts become comments in SQL and labels in Prometheus.
bool is_path(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return lower_or_digit(c) || c == '_' || c == '-' || c == '/'; });
}

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

class Rules {
 public:
  explicit Rules(const Description& description) : description_(description) {}

  std::vector<std::string> check() {
    if (!is_section(description_.name))
      add("its name '{}' must be lower case letters, digits and hyphens", description_.name);
    if (description_.title.empty()) add("it has no title");
    if (description_.help.empty()) add("it has no help");
    if (description_.schedule.every < std::chrono::seconds(1)) add("it wants to run more often than once a second");
    if (description_.schedule.timeout <= std::chrono::milliseconds(0)) add("its timeout is not positive");
    if (description_.window.count < 1) add("its default window is empty");
    std::set<std::string> names;
    for (const Family& family : description_.families) {
      if (!names.insert(family.name).second) add("family {} is declared twice", family.name);
      check_family(family);
    }
    for (const Statement& statement : description_.statements) {
      if (!is_path(statement.name))
        add("the statement name '{}' has characters other than a-z 0-9 _ - /", statement.name);
    }
    for (const Param& param : description_.params) check_param(param);
    return std::move(faults_);
  }

 private:
  template <typename... Values>
  void add(fmt::format_string<Values...> text, Values&&... values) {
    faults_.push_back(fmt::format(text, std::forward<Values>(values)...));
  }

  void check_family(const Family& family) {
    if (!is_snake(family.name) || family.name.compare(0, 4, "crm_") != 0) {
      add("family {} must begin with crm_ and hold only a-z, 0-9 and _", family.name);
    }
    if (family.help.empty()) add("family {} has no help", family.name);
    const bool counter = family.type == Family::Type::counter;
    if (counter != ends_with(family.name, "_total")) {
      add("family {}: counters end in _total, and nothing else does", family.name);
    }
    if (family.type == Family::Type::info && !ends_with(family.name, "_info")) {
      add("family {}: info families end in _info", family.name);
    }
    check_labels(family);
    if ((family.type == Family::Type::histogram) == family.buckets.empty()) {
      add("family {}: a histogram has buckets, and nothing else does", family.name);
    }
    if (!std::is_sorted(family.buckets.begin(), family.buckets.end(), std::less_equal<>())) {
      add("family {}: buckets must ascend", family.name);
    }
    if ((family.type == Family::Type::state_set) == family.states.empty()) {
      add("family {}: a state set has states, and nothing else does", family.name);
    }
  }

  void check_labels(const Family& family) {
    std::set<std::string> names;
    for (const std::string& label : family.labels) {
      const bool reserved = label == "le" || label == "quantile" || label == "job" || label == "instance";
      if (!is_snake(label) || reserved) add("family {}: '{}' cannot be a label", family.name, label);
      if (!names.insert(label).second) add("family {}: the label '{}' is declared twice", family.name, label);
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
