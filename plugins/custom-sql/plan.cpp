#include "plan.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <crm/sdk/errors.h>

namespace custom_sql {
namespace {

using crm::ConfigError;
using crm::Family;

class Planner {
 public:
  explicit Planner(const Definition& definition) : definition_(definition) {}

  Plan make() {
    take_labels();
    for (std::size_t i = 0; i < columns().size(); ++i) {
      if (columns()[i].role == Role::gauge || columns()[i].role == Role::counter) take_value(i);
      if (columns()[i].role == Role::bucket || columns()[i].role == Role::sum) take_part(i);
    }
    for (auto& [family, histogram] : parts_) finish(family, histogram);
    return std::move(plan_);
  }

 private:
  struct Parts {
    std::vector<std::size_t> buckets;
    std::vector<std::size_t> sums;
  };

  const std::vector<Column>& columns() const { return definition_.columns; }
  const std::string& name(std::size_t column) const { return columns()[column].name; }
  [[noreturn]] void fail(std::size_t column, const char* option, const std::string& message) const {
    throw ConfigError(definition_.key + ".columns." + name(column) + (*option == '\0' ? "" : ".") + option, message);
  }

  void take_labels() {
    std::map<std::string, std::size_t> seen;
    for (std::size_t i = 0; i < columns().size(); ++i) {
      if (columns()[i].role != Role::label) continue;
      const auto [first, fresh] = seen.emplace(columns()[i].label, i);
      if (!fresh) {
        fail(i, "label", "'" + columns()[i].label + "' is the label of column '" + name(first->second) + "' already");
      }
      plan_.labels.push_back(i);
      label_names_.push_back(columns()[i].label);
    }
  }

  Family family_of(std::size_t column, Family::Type type) const {
    Family family{columns()[column].metric, type, columns()[column].help};
    family.labels = label_names_;
    for (const auto& [label, value] : columns()[column].labels) family.labels.push_back(label);
    return family;
  }

  Family* find(const std::string& name) {
    const auto found = std::find_if(plan_.families.begin(), plan_.families.end(),
                                    [&](const Family& family) { return family.name == name; });
    return found == plan_.families.end() ? nullptr : &*found;
  }

  void take_value(std::size_t i) {
    const Column& column = columns()[i];
    std::vector<std::string> fixed;
    for (const auto& [label, value] : column.labels) {
      if (std::find(label_names_.begin(), label_names_.end(), label) != label_names_.end()) {
        fail(i, "labels", "'" + label + "' is the label of a column already");
      }
      fixed.push_back(value);
    }
    const auto type = column.role == Role::counter ? Family::Type::counter : Family::Type::gauge;
    const Family family = family_of(i, type);
    if (const Family* known = find(column.metric)) {
      refuse_unlike(i, *known, family, fixed);
    } else {
      plan_.families.push_back(family);
    }
    plan_.values.push_back({i, column.metric, fixed, column.role == Role::counter ? Merge::sum : column.merge});
  }

  // Two columns may give one family, told apart by labels of their own: tickets{state="open"}, tickets{state="closed"}.
  void refuse_unlike(std::size_t i, const Family& known, const Family& family,
                     const std::vector<std::string>& fixed) const {
    for (const Value& other : plan_.values) {
      if (other.family != family.name) continue;
      if (other.fixed == fixed || known.labels != family.labels || known.type != family.type) {
        fail(i, "metric",
             family.name + " is what column '" + name(other.column) +
                 "' gives too; give it another name, or the same labels: with another value");
      }
    }
  }

  void take_part(std::size_t i) {
    Parts& parts = parts_[columns()[i].metric];
    (columns()[i].role == Role::bucket ? parts.buckets : parts.sums).push_back(i);
  }

  void finish(const std::string& metric, Parts& parts) {
    auto& buckets = parts.buckets;
    const std::size_t any = buckets.empty() ? parts.sums.front() : buckets.front();
    if (find(metric) != nullptr) fail(any, "metric", metric + " is what a gauge or counter gives too");
    if (parts.sums.empty()) fail(any, "", "the histogram " + metric + " has no column of role sum");
    if (parts.sums.size() > 1) fail(parts.sums[1], "", "the histogram " + metric + " has a column of role sum already");
    std::sort(buckets.begin(), buckets.end(),
              [&](std::size_t a, std::size_t b) { return columns()[a].le < columns()[b].le; });
    for (std::size_t i = 1; i < buckets.size(); ++i) {
      if (columns()[buckets[i]].le > columns()[buckets[i - 1]].le) continue;
      fail(buckets[i], "le", "is the bound of column '" + name(buckets[i - 1]) + "' already");
    }
    if (buckets.empty() || std::isfinite(columns()[buckets.back()].le)) {
      fail(any, "", "the histogram " + metric + " has no column of role bucket with le: inf, which counts all");
    }
    Family family = family_of(any, Family::Type::histogram);
    for (const std::size_t bucket : buckets) {
      if (std::isfinite(columns()[bucket].le)) family.buckets.push_back(columns()[bucket].le);
    }
    plan_.families.push_back(std::move(family));
    plan_.histograms.push_back({metric, buckets, parts.sums.front()});
  }

  const Definition& definition_;
  Plan plan_;
  std::vector<std::string> label_names_;
  std::map<std::string, Parts> parts_;  // by metric
};

std::vector<std::string> names_taken_by(const Family& family) {
  if (family.type != Family::Type::histogram) return {family.name};
  return {family.name, family.name + "_bucket", family.name + "_sum", family.name + "_count"};
}

}  // namespace

Plan plan(const Definition& definition) {
  return Planner(definition).make();
}

void refuse_common_families(const std::vector<Definition>& definitions, const std::vector<Plan>& plans) {
  std::map<std::string, std::string> owners;
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    for (const Family& family : plans[i].families) {
      for (const std::string& name : names_taken_by(family)) {
        const auto [owner, fresh] = owners.emplace(name, definitions[i].name);
        if (fresh) continue;
        throw ConfigError(definitions[i].key + ".columns",
                          name + " is a family of the collector '" + owner->second + "' already; set `metric`");
      }
    }
  }
}

}  // namespace custom_sql
