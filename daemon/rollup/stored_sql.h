#pragma once
// The statements that put a fact into storage and take it out. A fact of the house without a key has a table of its
// own, fact_<name>, with its columns; all others share fact_values, a row for each column. See deploy/migrations.

#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/facts.h>

#include "rollup/fact_file.h"
#include "rollup/grain.h"
#include "source/compiled.h"

namespace crm::rollup {

// `first`: nothing is stored for these periods, and no counter takes from them; it costs half as much. `again`: in the
// place of what is stored. `shared`: again, of minutes, and their shares are stored with them (there are none).
enum class Storing { first, again, shared };

// Counts the raw rows between :from and :to into the periods :starts … :untils of one :grain, puts the result in the
// place of what was stored, and adds to the counters what grew. Bound besides: :version, :counting_since (NULL: nothing
// is added), :recounts (when they are due at the latest; NULL: only when time or a change says so).
// `even`: the periods are all as long as :length and lie side by side, and the first begins at :from.
std::string count_into_storage_sql(const FactDefinition& fact, Storing storing, bool even);

// Minutes :starts … :untils of which all shares are stored: those of :parts, each with the start of its minute
// (:minutes), and those that are due, are counted anew from the raw rows between :from and :to; then as above.
struct PartTypes {  // of the ids that parts are made of
  std::string conversation;
  std::string message;
};
std::string count_shares_sql(const FactDefinition& fact, const PartTypes& types);

// Is it a conversation's id, or "message " and one's?
bool is_part(std::string_view part, const PartTypes& types);

// Adds up periods of :from_grain to the periods :starts … :untils of :grain. `counted`, again: what grew is added to
// the counters, as above.
enum class Growth { known, counted };
std::string add_up_sql(const FactDefinition& fact, Storing storing, Growth growth = Growth::known);

// Takes the numbers of the periods :starts of one :grain away; those of minutes before :before that are no period any
// more.
std::string forget_sql(const FactDefinition& fact);
std::string forget_minutes_sql(const FactDefinition& fact);

// As many buckets as there are hours in some days: a row is each hour's then (start in place of bucket; several may be
// of one bucket), as to tell the hours of a month apart costs the database more than to add them up.
bool has_many_buckets(const FactQuery& query);

// Sums of these stored periods (ascending), with the columns of aggregate_sql(). By agent, the total is in the row of
// agent '*'. Of a scope's agents only (:agents, to be bound), or of everyone. The binding is all but these, and
// :buckets where the query asks for them.
struct StoredSums {
  std::string sql;
  source::Binding binding;
};
StoredSums stored_sums(const FactDefinition& fact, const FactQuery& query, const std::vector<StoredPeriod>& periods,
                       bool scoped);

// The counters by the axes agent and key, with the same columns.
std::string counters_sql(const FactDefinition& fact, const std::vector<Axis>& by);

bool has_own_table(const FactDefinition& fact);

}  // namespace crm::rollup
