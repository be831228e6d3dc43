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
  if (asks(Axis::bucket))
    groups.emplace_back(has_many_buckets(query) ? "f.start AS start" : "width_bucket(f.start, :buckets) AS bucket");
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

// An array that is bound, behind a SELECT: so the planner does not know how long it is, whether it sees the values or
// not. A plan for these values is then never cheaper than the one for any, and PostgreSQL keeps that instead of
// planning each time; and a cast is done once, not for each row.
std::string array(std::string_view parameter) {
  return fmt::format("(SELECT :{})", parameter);
}

constexpr std::string_view agents = "(SELECT :agents::text[])";

// The total is stored, so that everyone's sum reads one row a period. No parameter says whose rows are meant, but the
// text: one plan may serve all that is bound to it.
std::string visible(const std::vector<Axis>& by, bool scoped) {
  const bool by_agent = std::find(by.begin(), by.end(), Axis::agent) != by.end();
  if (scoped) return fmt::format("f.agent = ANY ({}::text[])", agents);
  return by_agent ? "true" : "f.agent = '*'";
}

// Periods that follow each other at one distance: a month's hours are one run or, where clocks change in it, some.
struct Runs {
  std::vector<Instant> froms;
  std::vector<Instant> untils;  // behind the last one's start
};

Runs runs_of(const std::vector<Instant>& starts, Duration step) {
  Runs runs;
  for (const Instant start : starts) {
    if (runs.untils.empty() || runs.untils.back() != start) {
      runs.froms.push_back(start);
      runs.untils.push_back(start);
    }
    runs.untils.back() = start + step;
  }
  return runs;
}

// Where a fact's rows are, and which of those there are its own.
struct Place {
  std::string table;
  std::string condition;  // ends with AND, or is empty
  Texts sums;
};

Place place_of(const FactDefinition& fact) {
  if (has_own_table(fact)) return {"fact_" + fact.name, "", own_sums(fact, "f")};
  return {"fact_values", fmt::format("f.fact = '{}' AND ", fact.name), sums_of_values(fact, "f")};
}

}  // namespace

bool has_many_buckets(const FactQuery& query) {
  return query.buckets.size() > 60;
}

bool has_own_table(const FactDefinition& fact) {
  return fact.own_table;
}

std::string forget_sql(const FactDefinition& fact) {
  return has_own_table(fact)
             ? fmt::format("DELETE FROM fact_{} f WHERE f.grain = :grain AND f.start = ANY (:starts)", fact.name)
             : "DELETE FROM fact_values f WHERE f.fact = :fact AND f.grain = :grain AND f.start = ANY (:starts)";
}

std::string forget_minutes_sql(const FactDefinition& fact) {
  const std::string from = has_own_table(fact)
                               ? fmt::format("fact_{} f WHERE f.grain = 'minutes' AND f.start < :before", fact.name)
                               : "fact_values f WHERE f.fact = :fact AND f.grain = 'minutes' AND f.start < :before";
  return fmt::format(
      "DELETE FROM {} AND NOT EXISTS (SELECT FROM fact_periods p WHERE p.fact = :fact AND p.grain = 'minutes' "
      "AND p.start = f.start)",
      from);
}

// An agent's rows of hours and days lie side by side in an index of theirs (deploy/migrations/0005, 0007), so they are
// read run by run. What else begins within a run (an hour of another time zone, stored before it was changed) is not at
// the distance of its periods; coalesce, because the planner takes one row of 200 to pass a mere comparison, and would
// sort what it had better hash. Of minutes, few, each is looked up. Grains of which there is none are in the text as
// well: so a fact has one for each way to ask, and not seven, of which a connection could not keep all prepared.
StoredSums stored_sums(const FactDefinition& fact, const FactQuery& query, const std::vector<StoredPeriod>& periods,
                       bool scoped) {
  const Place place = place_of(fact);
  std::map<Grain, std::vector<Instant>> starts;
  for (const StoredPeriod& period : periods) starts[period.grain].push_back(period.start);
  Texts parts;
  source::Binding binding;
  for (const Grain grain : {Grain::minutes, Grain::hour, Grain::day}) {
    const std::string_view name = to_string(grain);
    const std::vector<Instant>& of_grain = starts[grain];
    if (grain == Grain::minutes) {
      parts.push_back(
          fmt::format("SELECT f.* FROM unnest({3}) AS s (start) JOIN {0} f ON {4}f.grain = '{1}' AND f.start = s.start "
                      "WHERE {2}",
                      place.table, name, visible(query.by, scoped), array("minutes_starts"), place.condition));
      binding["minutes_starts"] = source::bind_instants(of_grain);
    } else {
      const Runs runs = runs_of(of_grain, usual(grain));
      parts.push_back(fmt::format(
          "SELECT r.* FROM unnest({2}, {3}) AS w (from_at, until_at) {4}CROSS JOIN LATERAL (SELECT f.* FROM {0} f "
          "WHERE {7}f.grain = '{1}' AND {5} AND f.start >= w.from_at AND f.start < w.until_at OFFSET 0) r "
          "WHERE coalesce(date_bin(interval '{6} hours', r.start, w.from_at) = r.start, false)",
          place.table, name, array(fmt::format("{}_froms", name)), array(fmt::format("{}_untils", name)),
          scoped ? fmt::format("CROSS JOIN (SELECT DISTINCT unnest({})) a (agent) ", agents) : "",
          scoped ? "f.agent = a.agent" : visible(query.by, scoped),
          std::chrono::floor<std::chrono::hours>(usual(grain)).count(), place.condition));
      binding[fmt::format("{}_froms", name)] = source::bind_instants(runs.froms);
      binding[fmt::format("{}_untils", name)] = source::bind_instants(runs.untils);
    }
  }
  const std::string from = fmt::format("({}) f", joined(parts, " UNION ALL "));
  return {grouped(asked_groups(query, !has_own_table(fact)), place.sums, from), std::move(binding)};
}

std::string counters_sql(const FactDefinition& fact, const std::vector<Axis>& by) {
  FactQuery query;
  query.by = by;
  const bool by_agent = std::find(by.begin(), by.end(), Axis::agent) != by.end();
  return grouped(asked_groups(query, true), sums_of_counters(fact),
                 fmt::format("counters f WHERE f.fact = :fact AND {}",
                             by_agent ? "(:agents IS NULL OR f.agent = ANY (:agents::text[]))"
                                      : "f.agent = ANY (coalesce(:agents::text[], '{*}'))"));
}

}  // namespace crm::rollup
