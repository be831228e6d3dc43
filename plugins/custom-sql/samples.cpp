#include "samples.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include <crm/sdk/errors.h>

namespace custom_sql {
namespace {

constexpr const char* other = "other";

std::string text_of(const Cell& cell) {
  struct ToText {
    std::string operator()(std::monostate) const { return ""; }
    std::string operator()(const std::string& value) const { return value; }
    std::string operator()(std::int64_t value) const { return std::to_string(value); }
    std::string operator()(double value) const { return std::to_string(value); }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(crm::Instant value) const { return crm::to_iso(value); }
  };
  return std::visit(ToText{}, cell);
}

double merged(Merge merge, double one, double another) {
  if (merge == Merge::max) return std::max(one, another);
  if (merge == Merge::min) return std::min(one, another);
  return one + another;
}

bool is_null(const Cell& cell) {
  return std::holds_alternative<std::monostate>(cell);
}

class Sampler {
 public:
  Sampler(const Definition& definition, const Plan& plan) : definition_(definition), plan_(plan) {}

  void add(const std::vector<Cell>& cells) {
    bool folded = false;  // a value of a label did not fit
    std::vector<std::string> labels = labels_of(cells, folded);
    for (const Value& value : plan_.values) {
      if (is_null(cells[value.column])) continue;
      const bool adds_up = value.merge != Merge::refuse && definition_.columns[value.column].role == Role::gauge;
      if (!folded || adds_up) add_value(value, labels, number(cells[value.column]));
    }
    for (const Histogram& histogram : plan_.histograms) {
      if (!folded) add_histogram(histogram, labels, cells);
    }
  }

  Sampled take() {
    Sampled sampled;
    for (auto& [series, sample] : samples_) sampled.samples.push_back(std::move(sample));
    for (const std::size_t column : full_) {
      const Column& label = definition_.columns[column];
      sampled.warnings.push_back(
          "the label '" + label.label + "' has more than " + std::to_string(label.max_values) +
          " values (max_values); the rest is under `other` where it can be merged, else left out");
    }
    return sampled;
  }

 private:
  using Series = std::pair<std::string, std::vector<std::string>>;  // family, values of its labels

  std::vector<std::string> labels_of(const std::vector<Cell>& cells, bool& folded) {
    std::vector<std::string> labels;
    for (const std::size_t column : plan_.labels) {
      std::string value = text_of(cells[column]);
      std::set<std::string>& known = values_[column];
      if (!known.contains(value)) {
        if (known.size() < definition_.columns[column].max_values) {
          known.insert(value);
        } else {
          folded = true;
          full_.insert(column);
          value = other;
        }
      }
      labels.push_back(std::move(value));
    }
    return labels;
  }

  void add_value(const Value& value, std::vector<std::string> labels, double number) {
    labels.insert(labels.end(), value.fixed.begin(), value.fixed.end());
    const auto [place, fresh] = samples_.try_emplace({value.family, labels});
    crm::Sample& sample = place->second;
    if (!fresh) {
      if (value.merge == Merge::refuse) refuse(value, labels);
      sample.value = merged(value.merge, sample.value, number);
      return;
    }
    sample.family = value.family;
    sample.labels = std::move(labels);
    sample.value = number;
  }

  [[noreturn]] void refuse(const Value& value, const std::vector<std::string>& labels) const {
    std::string shown;
    for (std::size_t i = 0; i < plan_.labels.size(); ++i) {
      shown += (shown.empty() ? "" : ", ") + definition_.columns[plan_.labels[i]].label + " '" + labels[i] + "'";
    }
    throw crm::ContractError("its query gives several rows " + (shown.empty() ? "without a label" : "with " + shown) +
                             " for " + value.family +
                             "; make what tells them apart a label, or say how they merge (merge: sum, max or min)");
  }

  void add_histogram(const Histogram& histogram, const std::vector<std::string>& labels,
                     const std::vector<Cell>& cells) {
    const auto place = samples_.try_emplace({histogram.family, labels}).first;
    crm::Sample& sample = place->second;
    sample.family = histogram.family;
    sample.labels = labels;
    if (!sample.histogram) sample.histogram.emplace().counts.assign(histogram.buckets.size(), 0);
    std::int64_t below = 0;
    for (std::size_t i = 0; i < histogram.buckets.size(); ++i) {
      const std::int64_t count = std::get<std::int64_t>(cells[histogram.buckets[i]]);
      sample.histogram->counts[i] += static_cast<std::uint64_t>(count - below);
      below = count;
    }
    sample.histogram->sum += number(cells[histogram.sum]);  // NULL is the sum of nothing
  }

  const Definition& definition_;
  const Plan& plan_;
  std::map<Series, crm::Sample> samples_;
  std::map<std::size_t, std::set<std::string>> values_;  // of each label column, those shown
  std::set<std::size_t> full_;
};

}  // namespace

Sampled to_samples(const Definition& definition, const Plan& plan, const Table& table) {
  Sampler sampler(definition, plan);
  for (const std::vector<Cell>& cells : table.rows) sampler.add(cells);
  return sampler.take();
}

}  // namespace custom_sql
