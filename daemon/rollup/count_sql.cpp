// The statements that count a fact into storage.

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "rollup/fact_query.h"
#include "rollup/put_sql.h"
#include "rollup/share_sql.h"
#include "rollup/stored_columns.h"
#include "rollup/stored_sql.h"

namespace crm::rollup {
namespace {

// The periods' rows f as b: start, agent, key, and what its numbers are made of. Ids are as they are, not as text.
// Even: periods of one length, side by side.
std::string rows_sql(const FactDefinition& fact, bool even) {
  return fmt::format("(SELECT {}, {} FROM ({}) f) b",
                     even ? "date_bin(:length, f.at::timestamptz, :from) AS start"
                          : "CASE WHEN f.at::timestamptz < (:untils)[width_bucket(f.at::timestamptz, :starts)] THEN "
                            "(:starts)[width_bucket(f.at::timestamptz, :starts)] END AS start",
                     joined(parts_of_row(fact, "f")), fenced_sql(fact));
}

// CTEs: the raw rows of the periods from :from to :to, counted by period and agent (by_agent, the unassigned among
// them) and key; those of agents, and the sums of all as agent '*' (counted).
std::string counted_sql(const FactDefinition& fact, bool even, bool shared) {
  const bool keyed = !has_own_table(fact);
  const std::string_view of_row = keyed ? ", b.key" : "";
  const std::string_view of_group = keyed ? ", g.key" : "";
  const std::string by_agent =
      shared ? shared_by_agent_sql(fact, rows_sql(fact, even))
             : fmt::format(
                   "by_agent AS MATERIALIZED (SELECT b.start, b.agent::text AS agent{0}, {1}, {2} AS next_due "
                   "FROM {3} WHERE b.start IS NOT NULL GROUP BY b.start, b.agent{0})",
                   of_row, joined(numbers_of_rows(fact, "b")), next_due_of_rows(fact, "b"), rows_sql(fact, even));
  return fmt::format(
      "{0}, counted AS MATERIALIZED (SELECT g.start, g.agent{1}, {2}, g.next_due FROM by_agent g WHERE g.agent <> '*' "
      "UNION ALL SELECT g.start, '*'{1}, {3}, min(g.next_due) FROM by_agent g GROUP BY g.start{1})",
      by_agent, of_group, joined(qualified(fact, "g")), joined(own_sums(fact, "g")));
}

std::string stored_if_any_sql(const FactDefinition& fact, Storing storing) {
  return storing == Storing::first ? "" : stored_sql(fact) + ", ";
}

}  // namespace

std::string count_into_storage_sql(const FactDefinition& fact, Storing storing, bool even) {
  const std::string listed =
      has_own_table(fact) ? ""
                          : fmt::format(
                                "listed AS MATERIALIZED (SELECT c.start, c.agent, c.key, v.column_name, v.n, v.buckets "
                                "FROM counted c CROSS JOIN LATERAL {} WHERE v.n <> 0 OR 0 < ANY (v.buckets)), ",
                                as_values(fact, "c"));
  const bool shared = storing == Storing::shared;
  const bool unshared = storing == Storing::again && !fact.shares.empty();
  return fmt::format("WITH {}, {}{}{}{}{}{}", counted_sql(fact, even, shared), listed, stored_if_any_sql(fact, storing),
                     storing == Storing::first ? "" : count_growth_sql(fact), unshared ? forget_shares_sql : "",
                     put_sql(fact, storing),
                     note_periods_sql(fact,
                                      "SELECT s.start, s.until, :as_of AS as_of, least(s.recount, due.at) AS next_due "
                                      "FROM unnest(:starts, :untils, :recounts) AS s (start, until, recount) "
                                      "LEFT JOIN (SELECT g.start, min(g.next_due) AS at FROM by_agent g GROUP BY "
                                      "g.start) due ON due.start = s.start",
                                      shared ? "true" : "false"));
}

std::string add_up_sql(const FactDefinition& fact, Storing storing, Growth growth) {
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
      "WITH {}{}{}{}{}", sums, stored_if_any_sql(fact, storing),
      growth == Growth::counted ? count_growth_sql(fact) : "", put_sql(fact, storing),
      note_periods_sql(fact,
                       "SELECT w.start, w.until, min(p.as_of) AS as_of, min(p.next_due) AS next_due "
                       "FROM unnest(:starts, :untils) AS w (start, until) "
                       "JOIN unnest(:parts, :into) AS s (part, start) ON s.start = w.start "
                       "JOIN fact_periods p ON p.fact = :fact AND p.grain = :from_grain AND p.start = s.part "
                       "GROUP BY w.start, w.until"));
}

}  // namespace crm::rollup
