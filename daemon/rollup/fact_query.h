#pragma once
// The live path of a fact: its SELECT over the raw rows, aggregated by what was asked for. Stored periods answer the
// same FactQuery with the same FactTable.

#include <crm/sdk/facts.h>
#include <crm/sdk/rows.h>

#include "rollup/fact_file.h"
#include "source/compiled.h"

namespace crm::rollup {

// How one column, one histogram is aggregated over the fact's rows.
std::string column_sql(const FactColumn& column, std::string_view alias);
std::string histogram_sql(const FactHistogram& histogram, std::string_view alias);

// The fact's SELECT as a subquery. One whose values are compared with many bounds is fenced: the planner would put the
// expression of the value into each comparison.
std::string fenced_sql(const FactDefinition& fact);

// The fact as the query asks for it: without its histograms where it wants none.
FactDefinition as_asked(const FactDefinition& fact, const FactQuery& query);

// The aggregating statement around the fact's SELECT. Its columns are bucket, agent, key (those asked for), then the
// fact's columns and histograms by name.
std::string aggregate_sql(const FactDefinition& fact, const FactQuery& query);

// :from, :to, :edges. UsageError for a query that makes no sense (buckets missing or not ascending).
source::Binding bind_query(const FactQuery& query);

// A group of events of which none counts is no group.
bool is_nothing(const FactRow& row);

// The table of rows with the columns of aggregate_sql(), or with start in place of bucket: then several may be of one.
FactTable to_table(const FactDefinition& fact, const FactQuery& query, const Rows& rows);

}  // namespace crm::rollup
