#include "rollup/stored_sql.h"

#include <algorithm>
#include <functional>
#include <vector>

#include <fmt/format.h>

#include "rollup/fact_query.h"

namespace crm::rollup {
namespace {

using Texts = std::vector<std::string>;

std::string joined(const Texts& texts, std::string_view separator = ", ") {
  return fmt::format("{}", fmt::join(texts, separator));
}

std::size_t counts_of(const FactHistogram& histogram) {
  return histogram.bounds.size() + 1;
}

std::size_t most_counts(const FactDefinition& fact) {
  std::size_t most = 0;
  for (const FactHistogram& histogram : fact.histograms) most = std::max(most, counts_of(histogram));
  return most;
}

Texts names_of(const FactDefinition& fact) {
  Texts names;
  for (const FactColumn& column : fact.columns) names.push_back(column.name);
  for (const FactHistogram& histogram : fact.histograms) names.push_back(histogram.name);
  return names;
}

Texts qualified(const FactDefinition& fact, std::string_view alias) {
  Texts names = names_of(fact);
  for (std::string& name : names) name = fmt::format("{}.{}", alias, name);
  return names;
}

// ARRAY[sum(f.response[1])…]: by subscript, which is twice as fast as unnest.
std::string sums_by_subscript(std::string_view array, std::size_t length, std::string_view filter = "") {
  Texts sums;
  for (std::size_t i = 1; i <= length; ++i)
    sums.push_back(fmt::format("coalesce(sum({}[{}]){}, 0)::bigint", array, i, filter));
  return fmt::format("ARRAY[{}]", joined(sums));
}

// Each column of the fact's own table summed.
Texts own_sums(const FactDefinition& fact, std::string_view alias) {
  Texts sums;
  for (const FactColumn& column : fact.columns) {
    sums.push_back(fmt::format("coalesce(sum({}.{}), 0)::bigint AS {}", alias, column.name, column.name));
  }
  for (const FactHistogram& histogram : fact.histograms) {
    const std::string array = fmt::format("{}.{}", alias, histogram.name);
    sums.push_back(fmt::format("{} AS {}", sums_by_subscript(array, counts_of(histogram)), histogram.name));
  }
  return sums;
}

// Each column of the fact, of rows that hold one each (fact_values, counters).
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

// (VALUES ('answered', c.answered, NULL::bigint[]), …) v (column_name, n, buckets)
std::string as_values(const FactDefinition& fact, std::string_view alias) {
  Texts rows;
  for (const FactColumn& column : fact.columns) {
    rows.push_back(fmt::format("('{0}', {1}.{0}, NULL::bigint[])", column.name, alias));
  }
  for (const FactHistogram& histogram : fact.histograms) {
    rows.push_back(fmt::format("('{0}', 0::bigint, {1}.{0})", histogram.name, alias));
  }
  return fmt::format("(VALUES {}) v (column_name, n, buckets)", joined(rows));
}

// CTEs: the raw rows between :from and :to, counted by period and agent (by_agent, the unassigned among them) and key;
// those of agents, and the sums of all as agent '*' (counted). Ids are grouped as what they are, not as text.
std::string counted_sql(const FactDefinition& fact, bool keyed, bool even) {
  Texts columns;
  for (const FactColumn& column : fact.columns) columns.push_back(column_sql(column, "b"));
  for (const FactHistogram& histogram : fact.histograms)
    columns.push_back(fmt::format("{} AS {}", histogram_sql(histogram, "b"), histogram.name));
  const std::string due = fact.next_due.empty() ? "NULL" : fmt::format("min(b.{})", fact.next_due);
  Texts inner{even ? "date_bin(:length, f.at::timestamptz, :from) AS start"
                   : "(:starts)[width_bucket(f.at::timestamptz, :starts)] AS start",
              "f.agent AS agent"};
  if (keyed) inner.emplace_back("coalesce(f.key::text, '') AS key");
  for (const FactColumn& column : fact.columns) inner.push_back("f." + column.name);
  for (const FactHistogram& histogram : fact.histograms) {
    const auto same = [&](const FactColumn& column) { return column.name == histogram.column; };
    if (std::none_of(fact.columns.begin(), fact.columns.end(), same)) inner.push_back("f." + histogram.column);
  }
  if (!fact.next_due.empty()) inner.push_back("f." + fact.next_due);
  const std::string_view of_row = keyed ? ", b.key" : "";
  const std::string_view of_group = keyed ? ", g.key" : "";
  return fmt::format(
      "by_agent AS MATERIALIZED (SELECT b.start, b.agent::text AS agent{0}, {1}, ({2})::timestamptz AS next_due "
      "FROM (SELECT {3} FROM ({4}) f) b GROUP BY b.start, b.agent{0}), "
      "counted AS MATERIALIZED (SELECT g.start, g.agent{5}, {6}, g.next_due FROM by_agent g WHERE g.agent IS NOT NULL "
      "UNION ALL SELECT g.start, '*', {7}{8}, min(g.next_due) FROM by_agent g GROUP BY g.start{5})",
      of_row, joined(columns), due, joined(inner), fenced_sql(fact), of_group, joined(qualified(fact, "g")),
      keyed ? "g.key, " : "", joined(own_sums(fact, "g")));
}

// Periods whose growth counters take: not those of the time before counting, nor those counted by another definition.
constexpr std::string_view growing_sql =
    "SELECT s.start, s.until, p.fact IS NOT NULL AS stored FROM unnest(:starts, :untils) AS s (start, until) "
    "LEFT JOIN fact_periods p ON p.fact = :fact AND p.grain = :grain AND p.start = s.start "
    "WHERE :counting_since IS NOT NULL AND CASE WHEN p.fact IS NULL THEN s.start >= :counting_since ELSE p.version = "
    ":version END";

constexpr std::string_view add_to_counters =
    "ON CONFLICT (fact, column_name, agent, key) DO UPDATE SET n = k.n + excluded.n, buckets = ("
    "SELECT array_agg(coalesce(u.old, 0) + coalesce(u.new, 0) ORDER BY u.i) "
    "FROM unnest(k.buckets, excluded.buckets) WITH ORDINALITY AS u (old, new, i))";

constexpr std::string_view is_something = "(v.n <> 0 OR 0 < ANY (v.buckets))";

// greatest(c.x - coalesce(b.x, 0), 0), summed over the periods.
Texts growths(const FactDefinition& fact) {
  Texts texts;
  for (const FactColumn& column : fact.columns) {
    texts.push_back(fmt::format("sum(greatest(c.{0} - coalesce(b.{0}, 0), 0))::bigint AS {0}", column.name));
  }
  for (const FactHistogram& histogram : fact.histograms) {
    Texts counts;
    for (std::size_t i = 1; i <= counts_of(histogram); ++i) {
      counts.push_back(
          fmt::format("sum(greatest(c.{0}[{1}] - coalesce(b.{0}[{1}], 0), 0))::bigint", histogram.name, i));
    }
    texts.push_back(fmt::format("ARRAY[{}] AS {}", joined(counts), histogram.name));
  }
  return texts;
}

// An hour that is counted for the first time may have been counted in part, by its minutes.
std::string count_own_growth_sql(const FactDefinition& fact) {
  const std::string table = "fact_" + fact.name;
  return fmt::format(
      "before AS (SELECT g.start, o.agent, {1} FROM growing g JOIN {0} o ON o.grain = :grain AND o.start = g.start "
      "WHERE g.stored "
      "UNION ALL SELECT g.start, o.agent, {2} FROM growing g JOIN {0} o ON o.grain = 'minutes' AND o.start >= g.start "
      "AND o.start < g.until "
      "WHERE NOT g.stored AND :grain = 'hour' GROUP BY g.start, o.agent), "
      "grown AS (SELECT c.agent, {3} FROM growing g JOIN counted c ON c.start = g.start "
      "LEFT JOIN before b ON b.start = c.start AND b.agent = c.agent GROUP BY c.agent), "
      "counting AS (INSERT INTO counters AS k (fact, column_name, agent, key, n, buckets) "
      "SELECT :fact, v.column_name, g.agent, '', v.n, v.buckets FROM grown g CROSS JOIN LATERAL {4} WHERE {5} {6})",
      table, joined(qualified(fact, "o")), joined(own_sums(fact, "o")), joined(growths(fact)), as_values(fact, "g"),
      is_something, add_to_counters);
}

std::string count_value_growth_sql(const FactDefinition& fact) {
  const std::size_t most = most_counts(fact);
  const std::string summed =
      most == 0 ? "NULL::bigint[]"
                : fmt::format("({})[1:max(array_length(o.buckets, 1))]", sums_by_subscript("o.buckets", most));
  return fmt::format(
      "before AS (SELECT g.start, o.agent, o.key, o.column_name, o.n, o.buckets FROM growing g JOIN fact_values o "
      "ON o.fact = :fact AND o.grain = :grain AND o.start = g.start WHERE g.stored "
      "UNION ALL SELECT g.start, o.agent, o.key, o.column_name, sum(o.n)::bigint, {0} FROM growing g JOIN fact_values "
      "o "
      "ON o.fact = :fact AND o.grain = 'minutes' AND o.start >= g.start AND o.start < g.until "
      "WHERE NOT g.stored AND :grain = 'hour' GROUP BY g.start, o.agent, o.key, o.column_name), "
      "growth AS (SELECT c.agent, c.key, c.column_name, greatest(c.n - coalesce(b.n, 0), 0) AS n, ("
      "SELECT array_agg(greatest(u.new - coalesce(u.old, 0), 0) ORDER BY u.i) "
      "FROM unnest(b.buckets, c.buckets) WITH ORDINALITY AS u (old, new, i)) AS buckets "
      "FROM growing g JOIN listed c ON c.start = g.start LEFT JOIN before b ON b.start = c.start AND b.agent = c.agent "
      "AND b.key = c.key AND b.column_name = c.column_name), "
      "counting AS (INSERT INTO counters AS k (fact, column_name, agent, key, n, buckets) "
      "SELECT :fact, v.column_name, v.agent, v.key, v.n, v.buckets FROM (SELECT o.column_name, o.agent, o.key, "
      "sum(o.n)::bigint AS n, {0} AS buckets FROM growth o GROUP BY o.column_name, o.agent, o.key) v WHERE {1} {2})",
      summed, is_something, add_to_counters);
}

// In order, so that an index is written page by page.
std::string put_own_sql(const FactDefinition& fact, Storing storing) {
  const std::string insert = fmt::format(
      "put AS (INSERT INTO fact_{0} AS o (grain, start, agent, {1}) SELECT :grain, c.start, c.agent, {2} FROM counted "
      "c ORDER BY c.start, c.agent",
      fact.name, joined(names_of(fact)), joined(qualified(fact, "c")));
  if (storing == Storing::first) return insert + ")";
  Texts assignments;
  for (const std::string& name : names_of(fact)) assignments.push_back(fmt::format("{0} = excluded.{0}", name));
  return fmt::format(
      "gone AS (DELETE FROM fact_{0} o WHERE o.grain = :grain AND o.start = ANY (:starts) "
      "AND NOT EXISTS (SELECT FROM counted c WHERE c.start = o.start AND c.agent = o.agent)), "
      "{1} ON CONFLICT (grain, start, agent) DO UPDATE SET {2} WHERE ({3}) IS DISTINCT FROM ({4}))",
      fact.name, insert, joined(assignments), joined(qualified(fact, "o")), joined(qualified(fact, "excluded")));
}

std::string put_values_sql(Storing storing) {
  const std::string insert =
      "put AS (INSERT INTO fact_values AS o (fact, grain, start, agent, key, column_name, n, buckets) "
      "SELECT :fact, :grain, c.start, c.agent, c.key, c.column_name, c.n, c.buckets FROM listed c "
      "ORDER BY c.start, c.agent, c.key, c.column_name";
  if (storing == Storing::first) return insert + ")";
  return "gone AS (DELETE FROM fact_values o WHERE o.fact = :fact AND o.grain = :grain AND o.start = ANY (:starts) AND "
         "NOT EXISTS (SELECT FROM listed c WHERE c.start = o.start AND c.agent = o.agent AND c.key = o.key AND "
         "c.column_name = o.column_name)), " +
         insert +
         " ON CONFLICT (fact, grain, start, agent, key, column_name) DO UPDATE SET n = excluded.n, buckets = "
         "excluded.buckets WHERE (o.n, o.buckets) IS DISTINCT FROM (excluded.n, excluded.buckets))";
}

std::string put_sql(const FactDefinition& fact, Storing storing) {
  return has_own_table(fact) ? put_own_sql(fact, storing) : put_values_sql(storing);
}

constexpr std::string_view note_periods_head =
    " INSERT INTO fact_periods AS p (fact, grain, start, until, version, as_of, next_due) ";
constexpr std::string_view note_periods_tail =
    " ON CONFLICT (fact, grain, start) DO UPDATE SET until = excluded.until, version = excluded.version, as_of = "
    "excluded.as_of, "
    "next_due = excluded.next_due, stale_since = NULL, shown = false WHERE NOT p.frozen";

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

// The total is stored, so that everyone's sum reads one row a period.
std::string visible(const std::vector<Axis>& by) {
  const bool by_agent = std::find(by.begin(), by.end(), Axis::agent) != by.end();
  return by_agent ? "(:agents IS NULL OR f.agent = ANY (:agents::text[]))"
                  : "((:agents IS NULL AND f.agent = '*') OR f.agent = ANY (:agents::text[]))";
}

}  // namespace

bool has_own_table(const FactDefinition& fact) {
  return fact.own_table;
}

std::string count_into_storage_sql(const FactDefinition& fact, Storing storing, bool even) {
  const bool own = has_own_table(fact);
  const std::string listed =
      own ? ""
          : fmt::format(
                "listed AS MATERIALIZED (SELECT c.start, c.agent, c.key, v.column_name, v.n, v.buckets "
                "FROM counted c CROSS JOIN LATERAL {} WHERE {}), ",
                as_values(fact, "c"), is_something);
  const std::string growth = storing == Storing::first
                                 ? ""
                                 : fmt::format("growing AS MATERIALIZED ({}), {}, ", growing_sql,
                                               own ? count_own_growth_sql(fact) : count_value_growth_sql(fact));
  return fmt::format(
      "WITH {}, {}{}{}{}"
      "SELECT :fact, :grain, s.start, s.until, :version, :as_of, least(s.recount, due.at) "
      "FROM unnest(:starts, :untils, :recounts) AS s (start, until, recount) "
      "LEFT JOIN (SELECT g.start, min(g.next_due) AS at FROM by_agent g GROUP BY g.start) due ON due.start = s.start{}",
      counted_sql(fact, !own, even), listed, growth, put_sql(fact, storing), note_periods_head, note_periods_tail);
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

std::string add_up_sql(const FactDefinition& fact, Storing storing) {
  const bool own = has_own_table(fact);
  std::string sums;
  if (own) {
    sums = fmt::format(
        "counted AS MATERIALIZED (SELECT s.start, f.agent, {} FROM unnest(:parts, :into) AS s (part, start) "
        "JOIN fact_{} f ON f.grain = :from_grain AND f.start = s.part GROUP BY 1, 2), ",
        joined(own_sums(fact, "f")), fact.name);
  } else {
    const std::size_t most = most_counts(fact);
    sums = fmt::format(
        "listed AS MATERIALIZED (SELECT s.start, o.agent, o.key, o.column_name, sum(o.n)::bigint AS n, {} AS buckets "
        "FROM unnest(:parts, :into) AS s (part, start) JOIN fact_values o ON o.fact = :fact AND o.grain = :from_grain "
        "AND o.start = s.part GROUP BY 1, 2, 3, 4), ",
        most == 0 ? "NULL::bigint[]"
                  : fmt::format("({})[1:max(array_length(o.buckets, 1))]", sums_by_subscript("o.buckets", most)));
  }
  return fmt::format(
      "WITH {}{}{}SELECT :fact, :grain, w.start, w.until, :version, min(p.as_of), min(p.next_due) "
      "FROM unnest(:starts, :untils) AS w (start, until) JOIN unnest(:parts, :into) AS s (part, start) ON s.start = "
      "w.start "
      "JOIN fact_periods p ON p.fact = :fact AND p.grain = :from_grain AND p.start = s.part GROUP BY w.start, "
      "w.until{}",
      sums, put_sql(fact, storing), note_periods_head, note_periods_tail);
}

std::string stored_sums_sql(const FactDefinition& fact, const FactQuery& query) {
  const bool own = has_own_table(fact);
  Texts columns = own ? own_sums(fact, "f") : sums_of_values(fact, "f");
  const std::string from = fmt::format(
      "unnest(:grains, :starts) AS s (grain, start) JOIN {} f ON {}f.grain = s.grain AND f.start = s.start WHERE {}",
      own ? "fact_" + fact.name : "fact_values", own ? "" : "f.fact = :fact AND ", visible(query.by));
  return grouped(asked_groups(query, !own), std::move(columns), from);
}

std::string counters_sql(const FactDefinition& fact, const std::vector<Axis>& by) {
  FactQuery query;
  query.by = by;
  return grouped(asked_groups(query, true), sums_of_values(fact, "f"),
                 fmt::format("counters f WHERE f.fact = :fact AND {}", visible(by)));
}

}  // namespace crm::rollup
