#pragma once
// Pieces of the statements that count minutes by their shares (shares.h), and what they have in common with those that
// do not: how a fact's raw rows become numbers.

#include <string>
#include <string_view>

#include "rollup/fact_file.h"
#include "rollup/stored_columns.h"

namespace crm::rollup {

// What rows of the fact's SELECT are counted by and from: agent, key if it has its own, part, columns, what histograms
// are of, and when time will change it.
Texts parts_of_row(const FactDefinition& fact, std::string_view alias);

// Of such rows, grouped: columns and histograms by name; the earliest instant at which time changes one.
Texts numbers_of_rows(const FactDefinition& fact, std::string_view alias);
std::string next_due_of_rows(const FactDefinition& fact, std::string_view alias);

// CTEs: by_agent (start, agent, key, numbers, next_due) of `rows` (a FROM item b), counted by part first, and the
// shares stored, of which there are none.
std::string shared_by_agent_sql(const FactDefinition& fact, std::string_view rows);

// A CTE: the periods' shares, of minutes, are not kept. Ends with a comma.
inline constexpr std::string_view forget_shares_sql =
    "unshared AS (DELETE FROM fact_shares h WHERE :grain = 'minutes' AND h.fact = :fact AND h.start = ANY (:starts)), ";

}  // namespace crm::rollup
