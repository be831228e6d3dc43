#pragma once
// Does a statement find its rows by an index, and which one is missing if it does not? Told from what a plan filters
// by.

#include <optional>
#include <string>
#include <vector>

#include "source/plan.h"

namespace crm::source {

struct IndexIdea {
  std::vector<std::string> columns;  // quoted where they must be
  std::string leading;               // the first, without quotes
  std::string where;                 // the condition of a partial index, or empty

  friend bool operator==(const IndexIdea&, const IndexIdea&) = default;
};

// Nothing where no condition is one that an index serves: a column inside an expression, an upper bound alone, or none
// at all. A lower bound is chosen first (what is newer than the window's start), then what is still open (IS NULL, as a
// partial index), then an id, then the column that the table is joined by.
std::optional<IndexIdea> index_for(const Access& access);

// Is the index entered near the rows that are asked for? Its first column must be equal to something, or bounded from
// below: else the whole index is read.
bool enters_by(const Access& access, const std::string& leading);

// Does it ask for a range that no plain column tells? Then a view wraps the column.
bool hides_its_range(const Access& access);

// "CREATE INDEX CONCURRENTLY ON public.messages (created_at);" A partitioned table cannot do it CONCURRENTLY.
std::string create_sql(const std::string& table, const IndexIdea& idea, bool partitioned);

}  // namespace crm::source
