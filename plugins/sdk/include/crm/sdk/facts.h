#pragma once
// Facts: additive numbers that belong to one instant and one agent (or none). See "Facts" in the daemon's README.
//
// A fact file is one SELECT that returns `at, agent, key, value…` for :from, :to, :as_of and :agents. Its header says
// what the host must know to aggregate it, live or into storage:
//
//   -- <what it counts, for a reader>
//   -- fact: turns
//   -- clock: happened                      created | happened: which instant `at` is
//   -- state: now                           left out, or now: what is true now of rows, by when they were created. It
//                                           is no history: rows that the CRM prunes leave it, and it has no counters
//   -- touched_by: reply                    which changes make a stored period count anew: message, delivery,
//                                           agent_message, recipient, conversation, outcome, resolution, reply,
//                                           first_response, asked, talk, contact, intent, agent_intent, lead, ticket,
//                                           presence, campaign, rating (daemon/rollup/fact_file.h says what each is)
//   -- columns: answered count, response_ms sum, response histogram(response_ms: 15000 60000 300000)
//   -- settings: sla.count_bot_replies      settings that enter it (bound, and part of its version)
//   -- next_due: none                       none, or an SQL expression over the row: the instant at which time alone
//                                           changes it
//   -- shares: messages m                   left out, or what is written so much that a minute of it is kept by
//                                           conversation, too (daemon/rollup/shares.h): messages or conversations, and
//                                           what the SELECT calls them where it reads them first. It has a column
//                                           `part` then, in whose share a row is: the conversation's id as text, or
//                                           'message ' and the id of a message that has none; and no histogram
//
// What lasts (a span of presence) belongs to each instant of it: its SELECT cuts it at :edges, the beginnings of the
// periods that it is asked for, the first of them at or before :from.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/window.h>

namespace crm {

// A fact of a plugin's own; built-in facts are named only.
struct FactFile {
  std::string name;
  std::string text;
};

enum class Axis { agent, key, bucket };

// What to sum and by what. Without axes: one row, the total.
struct FactQuery {
  std::string fact;
  Window window;
  std::vector<Axis> by = {};
  std::vector<Instant> buckets = {};  // starts, ascending, the first ≤ window.from; needed by Axis::bucket
  bool histograms = true;             // false: the answer has none of them, and is the cheaper for it
  // By each axis on its own: a row for each bucket and a row for each agent, instead of one for each agent in each
  // bucket, and the rows are read once. For bucket and agent only: a row that has a bucket is of the one kind.
  bool apart = false;
  // Of everybody's rows, whoever asks: for what classifies (which hours are peaks), never for a number that is shown.
  bool whole_company = false;
};

// One group. Counts and sums are 64-bit; durations are milliseconds; a histogram holds one number for each bound, of
// the events at or below it and above the one before, and a last one for those above all bounds.
struct FactRow {
  std::optional<Instant> bucket = {};     // the start of its bucket
  std::optional<std::string> agent = {};  // nothing: unassigned, or not grouped by agent
  std::optional<std::string> key = {};
  std::vector<std::int64_t> values = {};                   // as FactTable::columns
  std::vector<std::vector<std::int64_t>> histograms = {};  // as FactTable::histograms
};

class FactTable {
 public:
  FactTable() = default;
  // UsageError for a row of another shape.
  FactTable(std::vector<std::string> columns, std::vector<std::string> histograms, std::vector<FactRow> rows);

  // The fact reads a view that this CRM does not have.
  static FactTable of_absent_view(std::string view);
  bool absent() const { return !absent_view_.empty(); }

  const std::vector<std::string>& columns() const { return columns_; }
  const std::vector<std::string>& histograms() const { return histograms_; }
  const std::vector<FactRow>& rows() const { return rows_; }

  // Sum of a column over all rows, or its value in one. 0 of no rows. UsageError for a column that the fact lacks.
  std::int64_t sum(std::string_view column) const;
  std::int64_t value(const FactRow& row, std::string_view column) const;

  // A histogram merged over all rows, or its counts in one.
  std::vector<std::int64_t> histogram(std::string_view name) const;
  const std::vector<std::int64_t>& histogram(const FactRow& row, std::string_view name) const;

 private:
  std::vector<std::string> columns_;
  std::vector<std::string> histograms_;
  std::vector<FactRow> rows_;
  std::string absent_view_;
};

}  // namespace crm
