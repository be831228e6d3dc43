#pragma once
// Pieces of the statements that count a fact into storage: what they do with what they have counted. They are CTEs, of
// which some read others by name:
//   counted  start, agent ('*': of all), the fact's columns and histograms; of facts in fact_values also key
//   listed   of those: start, agent, key, column_name, n, buckets
//   stored   what is stored, of all that `counted` (`listed`) may be different from
// and parameters that stored_sql.h tells.

#include <string>
#include <string_view>

#include "rollup/fact_file.h"
#include "rollup/stored_sql.h"

namespace crm::rollup {

// (VALUES ('answered', c.answered, NULL::bigint[]), …) v (column_name, n, buckets)
std::string as_values(const FactDefinition& fact, std::string_view alias);

// `stored`, of whole periods.
std::string stored_sql(const FactDefinition& fact);

// `growing`: start and until of the periods whose growth counters take, and whether they are stored. Ends with a comma.
std::string growing_sql();

// Adds `grown` to the counters: agent and the fact's columns and histograms; of facts in fact_values agent, key, name
// and n. Ends with a comma.
std::string add_grown_sql(const FactDefinition& fact);

// Both, of what is counted more than was stored.
std::string count_growth_sql(const FactDefinition& fact);

// Writes what is different, and takes away what is not there any more. Storing::first compares with nothing.
std::string put_sql(const FactDefinition& fact, Storing storing);

// The statement behind the CTEs: notes the periods of `rows` (start, until, as_of, next_due) as counted. `shared`: an
// expression over its row n: are all shares of it stored?
std::string note_periods_sql(const FactDefinition& fact, std::string_view rows, std::string_view shared = "false");

}  // namespace crm::rollup
