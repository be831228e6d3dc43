#include "rollup/stored_sql.h"

#include <algorithm>
#include <map>
#include <vector>

#include <fmt/format.h>

#include "rollup/stored_columns.h"
#include "rollup/text_array.h"

namespace crm::rollup {
namespace {

// Each column of the fact, of rows that hold one each.
Texts sums_of_values(const FactDefinition& fact, std::string_view alias) {
  Texts sums;
  for (const FactColumn& column : fact.columns) {
    sums.push_back(fmt::format("coalesce(sum({0}.n) FILTER (WHERE {0}.column_name = '{1}'), 0)::bigint AS {1}", alias,
                               column.name));
  }
  for (const FactHistogram& histogram : fact.histograms) {
    const std::string filter = fmt::format(" FILTER (WHERE {}.column_name = '{}')", alias, histogram.name);
    sums.push_back(fmt::format("{}::text AS {}",
                               sums_by_subscript(fmt::format("{}.buckets", alias), counts_of(histogram), filter),
                               histogram.name));
  }
  return sums;
}

// Each number of the fact summed over rows of `counters`, which has them by name.
Texts sums_of_counters(const FactDefinition& fact) {
  const auto sum = [](const std::string& name) {
    return fmt::format("coalesce(sum(f.n[array_position(f.names, '{}')]), 0)::bigint", name);
  };
  Texts sums;
  for (const FactColumn& column : fact.columns) sums.push_back(fmt::format("{} AS {}", sum(column.name), column.name));
  for (const FactHistogram& histogram : fact.histograms) {
    Texts counts;
    for (std::size_t i = 1; i <= counts_of(histogram); ++i)
      counts.push_back(sum(fmt::format("{}[{}]", histogram.name, i)));
    sums.push_back(fmt::format("ARRAY[{}]::text AS {}", joined(counts), histogram.name));
  }
  return sums;
}

Texts asked_groups(const FactQuery& query, bool has_key) {
  Texts groups;
  const auto asks = [&](Axis axis) { return std::find(query.by.begin(), query.by.end(), axis) != query.by.end(); };
  if (asks(Axis::bucket)) groups.emplace_back("width_bucket(f.start, :buckets) AS bucket");
  if (asks(Axis::agent)) groups.emplace_back("f.agent AS agent");
  if (asks(Axis::key)) groups.emplace_back(has_key ? "nullif(f.key, '') AS key" : "NULL::text AS key");
  return groups;
}

std::string grouped(const Texts& groups, Texts columns, const std::string& from) {
  columns.insert(columns.begin(), groups.begin(), groups.end());
  std::string sql = fmt::format("SELECT {} FROM {}", joined(columns), from);
  if (groups.empty()) return sql;
  Texts positions;
  for (std::size_t i = 1; i <= groups.size(); ++i) positions.push_back(std::to_string(i));
  return fmt::format("{} GROUP BY {}", sql, joined(positions));
}

// The total is stored, so that everyone's sum reads one row a period: with one condition on the agent, which the index
// serves, not with two under an OR.
std::string visible(const std::vector<Axis>& by) {
  const bool by_agent = std::find(by.begin(), by.end(), Axis::agent) != by.end();
  return by_agent ? "(:agents IS NULL OR f.agent = ANY (:agents::text[]))"
                  : "f.agent = ANY (coalesce(:agents::text[], '{*}'))";
}

// An agent's rows of hours and days lie side by side in an index of theirs (deploy/migrations/0005), so they are read
// from the first to the last; which of them are meant is looked at then (in a CASE: the planner would estimate each of
// a thousand instants). Of minutes, few, each is looked up.
StoredSums sums_of_own_table(const FactDefinition& fact, const FactQuery& query,
                             const std::vector<StoredPeriod>& periods) {
  std::map<Grain, std::vector<Instant>> starts;
  for (const StoredPeriod& period : periods) starts[period.grain].push_back(period.start);
  Texts parts;
  source::Binding binding;
  for (const auto& [grain, of_grain] : starts) {
    const std::string_view name = to_string(grain);
    if (grain == Grain::minutes) {
      parts.push_back(fmt::format(
          "SELECT f.* FROM unnest(:{1}_starts) AS s (start) JOIN fact_{0} f ON f.grain = '{1}' AND f.start = s.start "
          "WHERE {2}",
          fact.name, name, visible(query.by)));
    } else {
      parts.push_back(fmt::format(
          "SELECT r.* FROM (SELECT f.* FROM fact_{0} f WHERE f.grain = '{1}' AND f.start >= (:{1}_starts)[1] AND "
          "f.start <= (:{1}_starts)[cardinality(:{1}_starts)] AND {2} OFFSET 0) r WHERE CASE WHEN r.start = ANY "
          "(:{1}_starts) THEN true "
          "END",
          fact.name, name, visible(query.by)));
    }
    binding[fmt::format("{}_starts", name)] = source::bind_instants(of_grain);
  }
  const std::string from = fmt::format("({}) f", joined(parts, " UNION ALL "));
  return {grouped(asked_groups(query, false), own_sums(fact, "f"), from), std::move(binding)};
}

}  // namespace

bool has_own_table(const FactDefinition& fact) {
  return fact.own_table;
}

std::string forget_sql(const FactDefinition& fact) {
  return has_own_table(fact)
             ? fmt::format("DELETE FROM fact_{} f WHERE f.grain = :grain AND f.start = ANY (:starts)", fact.name)
             : "DELETE FROM fact_values f WHERE f.fact = :fact AND f.grain = :grain AND f.start = ANY (:starts)";
}

std::string forget_minutes_sql(const FactDefinition& fact) {
  return has_own_table(fact)
             ? fmt::format("DELETE FROM fact_{} f WHERE f.grain = 'minutes' AND f.start < :before", fact.name)
             : "DELETE FROM fact_values f WHERE f.fact = :fact AND f.grain = 'minutes' AND f.start < :before";
}

StoredSums stored_sums(const FactDefinition& fact, const FactQuery& query, const std::vector<StoredPeriod>& periods) {
  if (has_own_table(fact)) return sums_of_own_table(fact, query, periods);
  std::vector<std::string_view> grains;
  std::vector<Instant> starts;
  for (const StoredPeriod& period : periods) {
    grains.push_back(to_string(period.grain));
    starts.push_back(period.start);
  }
  const std::string from = fmt::format(
      "unnest(:grains, :starts) AS s (grain, start) JOIN fact_values f ON f.fact = :fact AND f.grain = s.grain AND "
      "f.start = s.start WHERE {}",
      visible(query.by));
  return {grouped(asked_groups(query, true), sums_of_values(fact, "f"), from),
          {{"fact", {fact.name, "text"}}, {"grains", text_array(grains)}, {"starts", source::bind_instants(starts)}}};
}

std::string counters_sql(const FactDefinition& fact, const std::vector<Axis>& by) {
  FactQuery query;
  query.by = by;
  return grouped(asked_groups(query, true), sums_of_counters(fact),
                 fmt::format("counters f WHERE f.fact = :fact AND {}", visible(by)));
}

}  // namespace crm::rollup
