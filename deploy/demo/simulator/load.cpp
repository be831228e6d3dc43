#include "load.h"

#include <chrono>
#include <ostream>

#include <fmt/format.h>

#include "history.h"
#include "rows.h"

namespace crm::simulator {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void empty_tables(Database& database) {
  std::string names;
  for (std::size_t i = 0; i < table_count; ++i) {
    if (i > 0) names += ", ";
    names += table_name(static_cast<Table>(i));
  }
  database.run("TRUNCATE " + names);
}

void require_empty_tables(Database& database) {
  for (std::size_t i = 0; i < table_count; ++i) {
    const auto name = table_name(static_cast<Table>(i));
    if (database.run(fmt::format("SELECT 1 FROM {} LIMIT 1", name)).empty()) continue;
    throw DatabaseError(
        fmt::format("table {} already holds rows; --truncate deletes all rows of all tables first", name));
  }
}

class ProgressLines {
 public:
  explicit ProgressLines(std::ostream& log) : log_(log) {}

  void operator()(std::int64_t done, std::int64_t total) {
    if (seconds_since(last_) < 2 && done < total) return;
    last_ = Clock::now();
    log_ << fmt::format("history: {:3d} %, {} of {} messages, {:.0f} messages/s\n", 100 * done / total, done, total,
                        static_cast<double>(done) / seconds_since(start_))
         << std::flush;
  }

 private:
  std::ostream& log_;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_ = Clock::now();
};

}  // namespace

void load_history(Database& database, const History& history, bool truncate, std::ostream& log) {
  const auto start = Clock::now();
  database.run("BEGIN");
  if (truncate) {
    empty_tables(database);
  } else {
    require_empty_tables(database);
  }
  RowWriter writer([&](Table table, std::string_view rows) { database.copy(copy_target(table), rows); });
  write_history(history, writer, ProgressLines(log));
  database.run("COMMIT");

  std::int64_t rows = 0;
  for (std::size_t i = 0; i < table_count; ++i) rows += writer.rows(static_cast<Table>(i));
  const double took = seconds_since(start);
  log << fmt::format(
             "history: {} rows ({} messages, {} conversations, {} tickets) until {} in {:.1f} s, {:.0f} rows/s\n", rows,
             writer.rows(Table::messages), writer.rows(Table::conversations), writer.rows(Table::tickets),
             to_iso(history.now), took, static_cast<double>(rows) / took)
      << std::flush;
}

}  // namespace crm::simulator
