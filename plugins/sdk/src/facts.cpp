#include <algorithm>

#include <crm/sdk/errors.h>
#include <crm/sdk/facts.h>

namespace crm {
namespace {

std::size_t position(const std::vector<std::string>& names, std::string_view name, std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) throw UsageError("the fact has no " + std::string(what) + " '" + std::string(name) + "'");
  return static_cast<std::size_t>(found - names.begin());
}

}  // namespace

FactTable::FactTable(std::vector<std::string> columns, std::vector<std::string> histograms, std::vector<FactRow> rows)
    : columns_(std::move(columns)), histograms_(std::move(histograms)), rows_(std::move(rows)) {
  for (const FactRow& row : rows_) {
    if (row.values.size() != columns_.size() || row.histograms.size() != histograms_.size()) {
      throw UsageError("a fact row has " + std::to_string(row.values.size()) + " values and " +
                       std::to_string(row.histograms.size()) + " histograms, the fact " +
                       std::to_string(columns_.size()) + " and " + std::to_string(histograms_.size()));
    }
  }
}

FactTable FactTable::of_absent_view(std::string view) {
  FactTable table;
  table.absent_view_ = std::move(view);
  return table;
}

std::int64_t FactTable::sum(std::string_view column) const {
  if (absent()) return 0;
  const std::size_t at = position(columns_, column, "column");
  std::int64_t total = 0;
  for (const FactRow& row : rows_) total += row.values[at];
  return total;
}

std::int64_t FactTable::value(const FactRow& row, std::string_view column) const {
  return row.values[position(columns_, column, "column")];
}

std::vector<std::int64_t> FactTable::histogram(std::string_view name) const {
  if (absent()) return {};
  const std::size_t at = position(histograms_, name, "histogram");
  std::vector<std::int64_t> merged;
  for (const FactRow& row : rows_) {
    const auto& counts = row.histograms[at];
    merged.resize(std::max(merged.size(), counts.size()), 0);
    for (std::size_t i = 0; i < counts.size(); ++i) merged[i] += counts[i];
  }
  return merged;
}

const std::vector<std::int64_t>& FactTable::histogram(const FactRow& row, std::string_view name) const {
  return row.histograms[position(histograms_, name, "histogram")];
}

}  // namespace crm
