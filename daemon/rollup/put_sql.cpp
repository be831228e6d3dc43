// What becomes of what was counted: numbers in storage, and growth of counters.

#include "rollup/put_sql.h"

#include <fmt/format.h>

#include "rollup/stored_columns.h"

namespace crm::rollup {
namespace {

// Periods whose growth counters take: not those of the time before counting, nor those counted by another definition,
// nor hours of another time zone than the stored ones that they lie across, in which all has been counted.
constexpr std::string_view periods_that_grow =
    "SELECT s.start, s.until, p.fact IS NOT NULL AS stored FROM unnest(:starts, :untils) AS s (start, until) "
    "LEFT JOIN fact_periods p ON p.fact = :fact AND p.grain = :grain AND p.start = s.start "
    "WHERE :counting_since IS NOT NULL AND CASE WHEN p.fact IS NOT NULL THEN p.version = :version "
    "ELSE s.start >= :counting_since AND (:grain <> 'hour' OR NOT EXISTS (SELECT FROM fact_periods o WHERE o.fact = "
    ":fact "
    "AND o.grain = :grain AND o.start > s.start - interval '2 hours' AND o.start < s.until AND o.until > s.start)) END";

// A counter's row holds all its numbers; those that another version of the fact had stay.
constexpr std::string_view add_to_counters =
    "ON CONFLICT (fact, agent, key) DO UPDATE SET "
    "names = k.names || ARRAY(SELECT x.name FROM unnest(excluded.names) AS x (name) WHERE x.name <> ALL (k.names)), "
    "n = ARRAY(SELECT coalesce(k.n[array_position(k.names, x.name)], 0) "
    "+ coalesce(excluded.n[array_position(excluded.names, x.name)], 0) "
    "FROM unnest(k.names || ARRAY(SELECT y.name FROM unnest(excluded.names) AS y (name) WHERE y.name <> ALL "
    "(k.names))) "
    "WITH ORDINALITY AS x (name, i) ORDER BY x.i)";

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

// `grown`: an agent's growth of each column. An hour that is counted for the first time may have been counted in part,
// by its minutes.
std::string grown_sql(const FactDefinition& fact) {
  return fmt::format(
      "before AS (SELECT o.start, o.agent, {1} FROM growing g JOIN stored o ON o.start = g.start WHERE g.stored "
      "UNION ALL SELECT g.start, o.agent, {2} FROM growing g JOIN fact_{0} o ON o.grain = 'minutes' "
      "AND o.start >= g.start AND o.start < g.until "
      "WHERE NOT g.stored AND :grain = 'hour' GROUP BY g.start, o.agent), "
      "grown AS (SELECT c.agent, {3} FROM growing g JOIN counted c ON c.start = g.start "
      "LEFT JOIN before b ON b.start = c.start AND b.agent = c.agent GROUP BY c.agent), ",
      fact.name, joined(qualified(fact, "o")), joined(own_sums(fact, "o")), joined(growths(fact)));
}

// The same by number: agent, key, name, n.
std::string grown_values_sql(const FactDefinition& fact) {
  const std::size_t most = most_counts(fact);
  const std::string summed =
      most == 0 ? "NULL::bigint[]"
                : fmt::format("({})[1:max(array_length(o.buckets, 1))]", sums_by_subscript("o.buckets", most));
  return fmt::format(
      "before AS (SELECT o.start, o.agent, o.key, o.column_name, o.n, o.buckets FROM growing g JOIN stored o "
      "ON o.start = g.start WHERE g.stored "
      "UNION ALL SELECT g.start, o.agent, o.key, o.column_name, sum(o.n)::bigint, {0} FROM growing g JOIN fact_values "
      "o "
      "ON o.fact = :fact AND o.grain = 'minutes' AND o.start >= g.start AND o.start < g.until "
      "WHERE NOT g.stored AND :grain = 'hour' GROUP BY g.start, o.agent, o.key, o.column_name), "
      "grown AS (SELECT c.agent, c.key, u.name, sum(greatest(u.new - u.old, 0))::bigint AS n FROM growing g "
      "JOIN listed c ON c.start = g.start LEFT JOIN before b ON b.start = c.start AND b.agent = c.agent "
      "AND b.key = c.key AND b.column_name = c.column_name CROSS JOIN LATERAL ("
      "SELECT c.column_name AS name, c.n AS new, coalesce(b.n, 0) AS old WHERE c.buckets IS NULL UNION ALL "
      "SELECT c.column_name || '[' || h.i || ']', coalesce(h.new, 0), coalesce(h.old, 0) "
      "FROM unnest(b.buckets, c.buckets) WITH ORDINALITY AS h (old, new, i) WHERE c.buckets IS NOT NULL) u "
      "GROUP BY c.agent, c.key, u.name), ",
      summed);
}

// In order, so that an index is written page by page. What is not there any more is found by EXCEPT, which compares in
// one pass: the planner takes what is stored for a row or two, and would loop over it.
std::string put_own_sql(const FactDefinition& fact, Storing storing) {
  const std::string insert = fmt::format(
      "put AS (INSERT INTO fact_{0} AS o (grain, start, agent, {1}) SELECT :grain, c.start, c.agent, {2} FROM counted "
      "c ",
      fact.name, joined(names_of(fact)), joined(qualified(fact, "c")));
  if (storing == Storing::first) return insert + "ORDER BY c.start, c.agent)";
  Texts assignments;
  for (const std::string& name : names_of(fact)) assignments.push_back(fmt::format("{0} = excluded.{0}", name));
  return fmt::format(
      "gone AS (DELETE FROM fact_{0} o USING (SELECT s.start, s.agent FROM stored s "
      "EXCEPT SELECT c.start, c.agent FROM counted c) s "
      "WHERE o.grain = :grain AND o.start = s.start AND o.agent = s.agent), "
      "{1}LEFT JOIN stored s ON s.start = c.start AND s.agent = c.agent "
      "WHERE s.agent IS NULL OR ({2}) IS DISTINCT FROM ({3}) ORDER BY c.start, c.agent "
      "ON CONFLICT (grain, start, agent) DO UPDATE SET {4})",
      fact.name, insert, joined(qualified(fact, "s")), joined(qualified(fact, "c")), joined(assignments));
}

std::string put_values_sql(Storing storing) {
  const std::string insert =
      "put AS (INSERT INTO fact_values AS o (fact, grain, start, agent, key, column_name, n, buckets) "
      "SELECT :fact, :grain, c.start, c.agent, c.key, c.column_name, c.n, c.buckets FROM listed c ";
  const std::string ordered = "ORDER BY c.start, c.agent, c.key, c.column_name";
  if (storing == Storing::first) return insert + ordered + ")";
  return "gone AS (DELETE FROM fact_values o USING (SELECT s.start, s.agent, s.key, s.column_name FROM stored s "
         "EXCEPT SELECT c.start, c.agent, c.key, c.column_name FROM listed c) s WHERE o.fact = :fact AND o.grain = "
         ":grain AND o.start = s.start AND o.agent = s.agent AND o.key = s.key AND o.column_name = s.column_name), " +
         insert +
         "LEFT JOIN stored s ON s.start = c.start AND s.agent = c.agent AND s.key = c.key AND s.column_name = "
         "c.column_name WHERE s.agent IS NULL OR (s.n, s.buckets) IS DISTINCT FROM (c.n, c.buckets) " +
         ordered +
         " ON CONFLICT (fact, grain, start, agent, key, column_name) DO UPDATE SET n = excluded.n, buckets = "
         "excluded.buckets)";
}

}  // namespace

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

std::string growing_sql() {
  return fmt::format("growing AS MATERIALIZED ({}), ", periods_that_grow);
}

std::string add_grown_sql(const FactDefinition& fact) {
  if (!has_own_table(fact)) {
    return fmt::format(
        "counting AS (INSERT INTO counters AS k (fact, agent, key, names, n) "
        "SELECT :fact, v.agent, v.key, array_agg(v.name ORDER BY v.name), array_agg(v.n ORDER BY v.name) FROM grown v "
        "GROUP BY v.agent, v.key HAVING max(v.n) > 0 {}), ",
        add_to_counters);
  }
  Texts names;
  for (const CounterNumber& number : counter_numbers(fact)) names.push_back(fmt::format("'{}'", number.name));
  return fmt::format(
      "counting AS (INSERT INTO counters AS k (fact, agent, key, names, n) "
      "SELECT :fact, v.agent, '', ARRAY[{}], v.n FROM (SELECT g.agent, {}::bigint[] AS n FROM grown g) v "
      "WHERE 0 < ANY (v.n) {}), ",
      joined(names), numbers_array(fact, "g"), add_to_counters);
}

std::string count_growth_sql(const FactDefinition& fact) {
  return growing_sql() + (has_own_table(fact) ? grown_sql(fact) : grown_values_sql(fact)) + add_grown_sql(fact);
}

std::string stored_sql(const FactDefinition& fact) {
  return has_own_table(fact)
             ? fmt::format(
                   "stored AS MATERIALIZED (SELECT o.* FROM fact_{} o WHERE o.grain = :grain AND o.start = ANY "
                   "(:starts))",
                   fact.name)
             : "stored AS MATERIALIZED (SELECT o.* FROM fact_values o WHERE o.fact = :fact AND o.grain = :grain "
               "AND o.start = ANY (:starts))";
}

std::string put_sql(const FactDefinition& fact, Storing storing) {
  return has_own_table(fact) ? put_own_sql(fact, storing) : put_values_sql(storing);
}

std::string note_periods_sql(const FactDefinition& fact, std::string_view rows, std::string_view shared) {
  return fmt::format(
      " INSERT INTO fact_periods AS p (fact, grain, start, until, version, as_of, next_due, shown, shared) "
      "SELECT :fact, :grain, n.start, n.until, :version, n.as_of, n.next_due, {}, {} "
      "FROM ({}) n ON CONFLICT (fact, grain, start) DO UPDATE SET until = excluded.until, version = excluded.version, "
      "as_of = excluded.as_of, next_due = excluded.next_due, stale_since = NULL, late_since = NULL, "
      "shown = excluded.shown, shared = excluded.shared WHERE NOT p.frozen",
      fact.of_now ? "true" : "false", shared, rows);
}

}  // namespace crm::rollup
