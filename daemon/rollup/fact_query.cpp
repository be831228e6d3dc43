#include "rollup/fact_query.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

namespace crm::rollup {
namespace {

bool asks(const FactQuery& query, Axis axis) {
  return std::find(query.by.begin(), query.by.end(), axis) != query.by.end();
}

// "{1,2,3}"
std::vector<std::int64_t> parse_counts(std::string_view array) {
  const auto bad = [&] { return BadValue(fmt::format("'{}' is no array of counts", array)); };
  if (array.size() < 2 || array.front() != '{' || array.back() != '}') throw bad();
  std::vector<std::int64_t> counts;
  const char* at = array.data() + 1;
  const char* const end = array.data() + array.size() - 1;
  while (at < end) {
    std::int64_t count = 0;
    const auto [next, error] = std::from_chars(at, end, count);
    if (error != std::errc{} || (next != end && *next != ',')) throw bad();
    counts.push_back(count);
    at = next + 1;
  }
  return counts;
}

// Of width_bucket: 1-based.
Instant bucket_of(const FactQuery& query, std::int64_t number) {
  return query.buckets.at(static_cast<std::size_t>(std::max<std::int64_t>(number, 1) - 1));
}

Instant bucket_of(const FactQuery& query, Instant start) {
  const auto after = std::upper_bound(query.buckets.begin(), query.buckets.end(), start);
  return after == query.buckets.begin() ? query.buckets.at(0) : *std::prev(after);
}

}  // namespace

bool is_nothing(const FactRow& row) {
  const auto zero = [](std::int64_t count) { return count == 0; };
  return std::all_of(row.values.begin(), row.values.end(), zero) &&
         std::all_of(row.histograms.begin(), row.histograms.end(),
                     [&](const auto& counts) { return std::all_of(counts.begin(), counts.end(), zero); });
}

std::string column_sql(const FactColumn& column, std::string_view alias) {
  return column.kind == FactColumn::Kind::count
             ? fmt::format("count(*) FILTER (WHERE {0}.{1}) AS {1}", alias, column.name)
             : fmt::format("coalesce(sum({0}.{1}), 0)::bigint AS {1}", alias, column.name);
}

// {count ≤ first bound, count in the next, …, count above the last}
std::string histogram_sql(const FactHistogram& histogram, std::string_view alias) {
  const std::string value = fmt::format("{}.{}", alias, histogram.column);
  std::vector<std::string> counts;
  std::string above;
  for (const std::int64_t bound : histogram.bounds) {
    counts.push_back(fmt::format("count(*) FILTER (WHERE {}{} <= {})", above, value, bound));
    above = fmt::format("{} > {} AND ", value, bound);
  }
  counts.push_back(fmt::format("count(*) FILTER (WHERE {} > {})", value, histogram.bounds.back()));
  return fmt::format("ARRAY[{}]", fmt::join(counts, ", "));
}

std::string fenced_sql(const FactDefinition& fact) {
  return fact.histograms.empty() ? fact.sql : fact.sql + "\nOFFSET 0";
}

FactDefinition as_asked(const FactDefinition& fact, const FactQuery& query) {
  FactDefinition asked = fact;
  if (!query.histograms) asked.histograms.clear();
  return asked;
}

std::string aggregate_sql(const FactDefinition& fact, const FactQuery& query) {
  std::vector<std::string> groups;
  if (asks(query, Axis::bucket)) groups.emplace_back("width_bucket(f.at::timestamptz, :edges) AS bucket");
  if (asks(query, Axis::agent)) groups.emplace_back("f.agent::text AS agent");
  if (asks(query, Axis::key)) groups.emplace_back("f.key::text AS key");
  std::vector<std::string> columns = groups;
  for (const FactColumn& column : fact.columns) columns.push_back(column_sql(column, "f"));
  for (const FactHistogram& histogram : fact.histograms) {
    columns.push_back(fmt::format("{}::text AS {}", histogram_sql(histogram, "f"), histogram.name));
  }
  std::string sql = fmt::format("SELECT {} FROM ({}) f", fmt::join(columns, ", "), fenced_sql(fact));
  if (groups.empty()) return sql;
  std::vector<std::string> positions;
  for (std::size_t i = 1; i <= groups.size(); ++i) positions.push_back(std::to_string(i));
  const std::string list = fmt::format("{}", fmt::join(positions, ", "));
  const std::string sets = query.apart ? fmt::format("GROUPING SETS (({}))", fmt::join(positions, "), (")) : list;
  return fmt::format("{} GROUP BY {} ORDER BY {}", sql, sets, list);
}

source::Binding bind_query(const FactQuery& query) {
  if (query.apart && !(query.by.size() == 2 && asks(query, Axis::bucket) && asks(query, Axis::agent)))
    throw UsageError(fmt::format("fact {}: apart is for bucket and agent", query.fact));
  std::vector<Instant> edges{query.window.from};
  if (asks(query, Axis::bucket)) {
    const bool ascend = std::is_sorted(query.buckets.begin(), query.buckets.end(), std::less_equal<>());
    if (query.buckets.empty() || !ascend || query.buckets.front() > query.window.from) {
      throw UsageError(fmt::format("fact {}: buckets must ascend and begin at or before the window", query.fact));
    }
    edges = query.buckets;
  }
  return {{"from", {to_iso(query.window.from), "timestamptz"}},
          {"to", {to_iso(query.window.to), "timestamptz"}},
          {"edges", source::bind_instants(edges)}};
}

FactTable to_table(const FactDefinition& fact, const FactQuery& query, const Rows& rows) {
  if (rows.absent()) return FactTable::of_absent_view(rows.absent_view());
  std::vector<std::string> columns;
  std::vector<std::string> histograms;
  for (const FactColumn& column : fact.columns) columns.push_back(column.name);
  for (const FactHistogram& histogram : fact.histograms) histograms.push_back(histogram.name);
  const bool by_start = std::find(rows.columns().begin(), rows.columns().end(), "start") != rows.columns().end();
  std::vector<FactRow> table;
  rows.each([&](const Row& row) {
    FactRow group;
    if (asks(query, Axis::bucket) && !(query.apart && row.is_null("bucket")))
      group.bucket = by_start ? bucket_of(query, row.instant("start")) : bucket_of(query, row.integer("bucket"));
    if (asks(query, Axis::agent) && !row.is_null("agent")) group.agent = row.text("agent");
    if (asks(query, Axis::key) && !row.is_null("key")) group.key = row.text("key");
    for (const std::string& column : columns) group.values.push_back(row.integer(column));
    for (const std::string& histogram : histograms) group.histograms.push_back(parse_counts(row.text(histogram)));
    if (!query.by.empty() && is_nothing(group)) return;
    table.push_back(std::move(group));
  });
  return {std::move(columns), std::move(histograms), std::move(table)};
}

}  // namespace crm::rollup
