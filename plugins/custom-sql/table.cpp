#include "table.h"

#include <algorithm>
#include <chrono>
#include <optional>

#include <crm/sdk/errors.h>

namespace custom_sql {
namespace {

// PostgreSQL's timestamp without a zone holds UTC, here as everywhere in the house.
crm::Instant instant(const crm::Row& row, const std::string& column) {
  const auto utc = crm::parse_instant(std::string(row.text(column)) + "+00");
  return utc ? *utc : row.instant(column);
}

Cell read(const crm::Row& row, const Column& column) {
  if (row.is_null(column.name)) return {};
  switch (column.type) {
    case Type::integer:
      return row.integer(column.name);
    case Type::real:
      return row.real(column.name);
    case Type::boolean:
      return row.boolean(column.name);
    case Type::instant:
      return instant(row, column.name);
    case Type::text:
    case Type::phone:
      break;
  }
  return std::string(row.text(column.name));
}

void refuse_missing_columns(const Definition& definition, const crm::Rows& rows) {
  for (const Column& column : definition.columns) {
    const auto times = std::count(rows.columns().begin(), rows.columns().end(), column.name);
    if (times == 1) continue;
    std::string given;
    for (const std::string& name : rows.columns()) given += (given.empty() ? "" : ", ") + name;
    throw crm::ContractError(times == 0
                                 ? "its query gives no column '" + column.name + "'; it gives " + given
                                 : "its query gives more than one column '" + column.name + "'; name them apart");
  }
}

void refuse_broken_histogram(const Definition& definition, const Histogram& histogram, const std::vector<Cell>& cells) {
  std::int64_t below = 0;
  for (const std::size_t bucket : histogram.buckets) {
    const std::string& name = definition.columns[bucket].name;
    const auto* count = std::get_if<std::int64_t>(&cells[bucket]);
    if (count == nullptr) throw crm::BadValue("column '" + name + "' is NULL");
    if (*count < below) {
      throw crm::BadValue("column '" + name + "': " + std::to_string(*count) + " is less than the bucket before it (" +
                          std::to_string(below) + "); a bucket counts all up to its bound");
    }
    below = *count;
  }
}

void refuse_negative_counter(const Definition& definition, const std::vector<Cell>& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const Column& column = definition.columns[i];
    if (column.role != Role::counter || std::holds_alternative<std::monostate>(cells[i])) continue;
    if (number(cells[i]) < 0) throw crm::BadValue("column '" + column.name + "' is a counter below 0");
  }
}

}  // namespace

Table read_table(const Definition& definition, const Plan& plan, const crm::Rows& rows) {
  refuse_missing_columns(definition, rows);
  const auto most = static_cast<std::size_t>(definition.max_rows);
  Table table;
  table.truncated = rows.size() > most;
  std::size_t seen = 0;
  rows.each([&](const crm::Row& row) {
    if (++seen > most) return;
    std::vector<Cell> cells;
    cells.reserve(definition.columns.size());
    for (const Column& column : definition.columns) cells.push_back(read(row, column));
    for (const Histogram& histogram : plan.histograms) refuse_broken_histogram(definition, histogram, cells);
    refuse_negative_counter(definition, cells);
    table.rows.push_back(std::move(cells));
  });
  return table;
}

double number(const Cell& cell) {
  struct ToNumber {
    double operator()(std::monostate) const { return 0; }
    double operator()(const std::string&) const { return 0; }
    double operator()(std::int64_t value) const { return static_cast<double>(value); }
    double operator()(double value) const { return value; }
    double operator()(bool value) const { return value ? 1 : 0; }
    double operator()(crm::Instant value) const {
      return std::chrono::duration<double>(value.time_since_epoch()).count();
    }
  };
  return std::visit(ToNumber{}, cell);
}

}  // namespace custom_sql
