#include "rollup/share_sql.h"

#include <algorithm>
#include <functional>

#include <fmt/format.h>

#include "rollup/fact_query.h"
#include "rollup/put_sql.h"
#include "rollup/stored_sql.h"
#include "source/compiled.h"

namespace crm::rollup {
namespace {

constexpr std::string_view of_message = "message ";

// Columns and histograms by name, each of `expression` (an SQL format, of its position in numbers_array) for them.
Texts by_position(const FactDefinition& fact, const std::function<std::string(std::size_t)>& expression) {
  std::size_t position = 0;
  Texts columns;
  for (const FactColumn& column : fact.columns)
    columns.push_back(fmt::format("{} AS {}", expression(++position), column.name));
  for (const FactHistogram& histogram : fact.histograms) {
    Texts counts;
    for (std::size_t i = 0; i < counts_of(histogram); ++i) counts.push_back(expression(++position));
    columns.push_back(fmt::format("ARRAY[{}] AS {}", joined(counts), histogram.name));
  }
  return columns;
}

// Numbers of rows b by part. Nobody's are agent '*', who is counted in the sum of all only.
std::string by_part_sql(const FactDefinition& fact, std::string_view rows) {
  return fmt::format(
      "SELECT b.start, b.part, coalesce(b.agent::text, '*') AS agent, {0} AS key, {1}, {2} AS next_due FROM {3} "
      "WHERE b.start IS NOT NULL GROUP BY b.start, b.part, b.agent{4}",
      has_own_table(fact) ? "''" : "b.key", joined(numbers_of_rows(fact, "b")), next_due_of_rows(fact, "b"), rows,
      has_own_table(fact) ? "" : ", b.key");
}

// What grew: the minutes' rows have changed by no more and no less than their shares.
std::string grown_sql(const FactDefinition& fact) {
  if (!has_own_table(fact)) {
    return fmt::format(
        "grown AS (SELECT c.agent, c.key, v.column_name AS name, sum(greatest(v.n, 0))::bigint AS n FROM growing g "
        "JOIN changed c ON c.start = g.start CROSS JOIN LATERAL {} GROUP BY c.agent, c.key, v.column_name), ",
        as_values(fact, "c"));
  }
  Texts sums;
  for (const FactColumn& column : fact.columns)
    sums.push_back(fmt::format("sum(greatest(c.{0}, 0))::bigint AS {0}", column.name));
  for (const FactHistogram& histogram : fact.histograms) {
    Texts counts;
    for (std::size_t i = 1; i <= counts_of(histogram); ++i)
      counts.push_back(fmt::format("sum(greatest(c.{}[{}], 0))::bigint", histogram.name, i));
    sums.push_back(fmt::format("ARRAY[{}] AS {}", joined(counts), histogram.name));
  }
  return fmt::format(
      "grown AS (SELECT c.agent, {} FROM growing g JOIN changed c ON c.start = g.start GROUP BY c.agent), ",
      joined(sums));
}

// `put`: the minutes' rows become what they were and what has changed. Where nothing is left, a row of nothing is.
std::string move_sql(const FactDefinition& fact) {
  if (!has_own_table(fact)) {
    return fmt::format(
        "put AS (INSERT INTO fact_values AS o (fact, grain, start, agent, key, column_name, n) "
        "SELECT :fact, :grain, c.start, c.agent, c.key, v.column_name, v.n FROM changed c CROSS JOIN LATERAL {} "
        "WHERE v.n <> 0 ORDER BY c.start, c.agent, c.key, v.column_name "
        "ON CONFLICT (fact, grain, start, agent, key, column_name) DO UPDATE SET n = o.n + excluded.n)",
        as_values(fact, "c"));
  }
  Texts sums;
  for (const FactColumn& column : fact.columns) sums.push_back(fmt::format("{0} = o.{0} + excluded.{0}", column.name));
  for (const FactHistogram& histogram : fact.histograms) {
    Texts counts;
    for (std::size_t i = 1; i <= counts_of(histogram); ++i)
      counts.push_back(fmt::format("o.{0}[{1}] + excluded.{0}[{1}]", histogram.name, i));
    sums.push_back(fmt::format("{} = ARRAY[{}]", histogram.name, joined(counts)));
  }
  return fmt::format(
      "put AS (INSERT INTO fact_{0} AS o (grain, start, agent, {1}) SELECT :grain, c.start, c.agent, {2} FROM changed "
      "c "
      "WHERE 0 <> ANY ({3}) ORDER BY c.start, c.agent ON CONFLICT (grain, start, agent) DO UPDATE SET {4})",
      fact.name, joined(names_of(fact)), joined(qualified(fact, "c")), numbers_array(fact, "c"), joined(sums));
}

// `asked_rows`: of what the fact is made of, those of the shares that are asked for, each looked up (OFFSET 0): how
// many there are in the newest minutes no statistics tell. Of a message without a conversation, the id is in the part;
// what can be any text may look like one.
std::string asked_rows_sql(const FactDefinition& fact, const PartTypes& types) {
  const std::string& type = types.conversation;
  const bool any_text = type != "uuid" && type != "bigint" && type != "integer" && type != "smallint";
  const std::string of_conversations = fmt::format(
      "SELECT r.* FROM (SELECT a.start, a.part::{0} AS id FROM asked a{1}) a CROSS JOIN LATERAL (SELECT r.* FROM {2} r "
      "WHERE r.conversation_id = a.id AND r.created_at >= a.start AND r.created_at < a.start + interval '1 minute' "
      "OFFSET 0) r",
      type, any_text ? "" : fmt::format(" WHERE a.part NOT LIKE '{}%'", of_message), fact.shares);
  if (fact.shares != "messages") return fmt::format("asked_rows AS MATERIALIZED ({}), ", of_conversations);
  return fmt::format(
      "asked_rows AS MATERIALIZED ({0} UNION ALL "
      "SELECT r.* FROM (SELECT a.start, substr(a.part, {1})::{2} AS id FROM asked a WHERE a.part LIKE '{3}%') a "
      "CROSS JOIN LATERAL (SELECT r.* FROM messages r WHERE r.message_id = a.id AND r.conversation_id IS NULL "
      "AND r.created_at >= a.start AND r.created_at < a.start + interval '1 minute' OFFSET 0) r), ",
      of_conversations, of_message.size() + 1, types.message, of_message);
}

}  // namespace

Texts parts_of_row(const FactDefinition& fact, std::string_view alias) {
  Texts parts{fmt::format("{}.agent AS agent", alias)};
  if (!has_own_table(fact)) parts.push_back(fmt::format("coalesce({}.key::text, '') AS key", alias));
  if (!fact.shares.empty()) parts.push_back(fmt::format("({}.part) COLLATE \"C\" AS part", alias));
  for (const FactColumn& column : fact.columns) parts.push_back(fmt::format("{}.{}", alias, column.name));
  for (const FactHistogram& histogram : fact.histograms) {
    const auto same = [&](const FactColumn& column) { return column.name == histogram.column; };
    if (std::none_of(fact.columns.begin(), fact.columns.end(), same))
      parts.push_back(fmt::format("{}.{}", alias, histogram.column));
  }
  if (!fact.next_due.empty()) parts.push_back(fmt::format("{}.{}", alias, fact.next_due));
  return parts;
}

Texts numbers_of_rows(const FactDefinition& fact, std::string_view alias) {
  Texts numbers;
  for (const FactColumn& column : fact.columns) numbers.push_back(column_sql(column, alias));
  for (const FactHistogram& histogram : fact.histograms)
    numbers.push_back(fmt::format("{} AS {}", histogram_sql(histogram, alias), histogram.name));
  return numbers;
}

std::string next_due_of_rows(const FactDefinition& fact, std::string_view alias) {
  return fact.next_due.empty() ? "NULL::timestamptz" : fmt::format("min({}.{})::timestamptz", alias, fact.next_due);
}

std::string shared_by_agent_sql(const FactDefinition& fact, std::string_view rows) {
  return fmt::format(
      "by_part AS MATERIALIZED ({0}), "
      "share AS (INSERT INTO fact_shares (fact, start, part, agent, key, n, next_due) "
      "SELECT :fact, s.start, s.part, s.agent, s.key, {1}, s.next_due FROM by_part s ORDER BY s.start, s.part), "
      "by_agent AS MATERIALIZED (SELECT s.start, s.agent, s.key, {2}, min(s.next_due) AS next_due "
      "FROM by_part s GROUP BY s.start, s.agent, s.key)",
      by_part_sql(fact, rows), numbers_array(fact, "s"), joined(own_sums(fact, "s")));
}

bool is_part(std::string_view part, const PartTypes& types) {
  if (source::is_id(part, types.conversation)) return true;
  return part.starts_with(of_message) && source::is_id(part.substr(of_message.size()), types.message);
}

// Which shares are asked for, what they are (fresh), what they were (old), both side by side (moved), and by how much
// the minutes' rows differ then (changed). No two of these are joined: the planner takes them for a row or two. A
// minute's next_due is the least of what is stored but of shares that are due now: it may be that of one that was
// something else, and comes too early then.
std::string count_shares_sql(const FactDefinition& fact, const PartTypes& types) {
  const std::string rows = fmt::format(
      "(SELECT date_bin('1 minute', f.at::timestamptz, :from) AS start, {} FROM ({}{}) f) b "
      "JOIN asked a ON a.start = b.start AND a.part = b.part",
      joined(parts_of_row(fact, "f")), fact.share_sql, fact.histograms.empty() ? "" : "\nOFFSET 0");
  const Texts differences = by_position(fact, [](std::size_t position) {
    return fmt::format("sum(coalesce(m.n[{0}], 0) - coalesce(m.was[{0}], 0))::bigint", position);
  });
  return fmt::format(
      "WITH asked AS MATERIALIZED (SELECT u.start, u.part COLLATE \"C\" AS part FROM unnest(:minutes, :parts) AS u "
      "(start, part) UNION SELECT h.start, h.part FROM fact_shares h WHERE h.fact = :fact AND h.start = ANY (:starts) "
      "AND h.next_due <= :as_of), "
      "{0}"
      "fresh AS MATERIALIZED (SELECT s.start, s.part, s.agent, s.key, {1} AS n, s.next_due FROM ({2}) s), "
      "old AS MATERIALIZED (SELECT h.start, h.part, h.agent, h.key, h.n, h.next_due FROM asked a "
      "JOIN fact_shares h ON h.fact = :fact AND h.start = a.start AND h.part = a.part), "
      "moved AS MATERIALIZED (SELECT m.start, m.part, m.agent, m.key, max(m.n) FILTER (WHERE m.fresh) AS n, "
      "max(m.next_due) FILTER (WHERE m.fresh) AS next_due, max(m.n) FILTER (WHERE NOT m.fresh) AS was, "
      "max(m.next_due) FILTER (WHERE NOT m.fresh) AS was_due FROM (SELECT f.*, true AS fresh FROM fresh f "
      "UNION ALL SELECT o.*, false FROM old o) m GROUP BY m.start, m.part, m.agent, m.key), "
      "unshared AS (DELETE FROM fact_shares h USING moved m WHERE m.n IS NULL AND h.fact = :fact "
      "AND h.start = m.start AND h.part = m.part AND h.agent = m.agent AND h.key = m.key), "
      "share AS (INSERT INTO fact_shares (fact, start, part, agent, key, n, next_due) "
      "SELECT :fact, m.start, m.part, m.agent, m.key, m.n, m.next_due FROM moved m "
      "WHERE m.n IS NOT NULL AND (m.n, m.next_due) IS DISTINCT FROM (m.was, m.was_due) ORDER BY m.start, m.part "
      "ON CONFLICT (fact, start, part, agent, key) DO UPDATE SET n = excluded.n, next_due = excluded.next_due), "
      "difference AS MATERIALIZED (SELECT m.start, m.agent, m.key, {3} FROM moved m "
      "WHERE m.n IS DISTINCT FROM m.was GROUP BY m.start, m.agent, m.key), "
      "changed AS MATERIALIZED (SELECT d.start, d.agent, d.key, {4} FROM difference d WHERE d.agent <> '*' "
      "UNION ALL SELECT d.start, '*', d.key, {5} FROM difference d GROUP BY d.start, d.key), "
      "{6}{7}{8}{9}{10}",
      asked_rows_sql(fact, types), numbers_array(fact, "s"), by_part_sql(fact, rows), joined(differences),
      joined(qualified(fact, "d")), joined(own_sums(fact, "d")), growing_sql(), grown_sql(fact), add_grown_sql(fact),
      move_sql(fact),
      note_periods_sql(fact,
                       "SELECT w.start, w.until, :as_of AS as_of, least(due.at, fresh.at) AS next_due "
                       "FROM unnest(:starts, :untils) AS w (start, until) "
                       "LEFT JOIN LATERAL (SELECT min(h.next_due) AS at FROM fact_shares h WHERE h.fact = :fact "
                       "AND h.start = w.start AND h.next_due > :as_of) due ON true "
                       "LEFT JOIN (SELECT s.start, min(s.next_due) AS at FROM fresh s GROUP BY s.start) fresh "
                       "ON fresh.start = w.start",
                       "true"));
}

}  // namespace crm::rollup
