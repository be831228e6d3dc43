#include "source/begin_sql.h"

#include <algorithm>

#include <fmt/format.h>

namespace crm::source {
namespace {

std::string doubled(const std::string& text, std::string_view special) {
  std::string result;
  for (const char c : text) result += special.find(c) == std::string_view::npos ? std::string(1, c) : std::string(2, c);
  return result;
}

std::string limits_sql(const Beginning& beginning) {
  const auto timeout = std::clamp<std::int64_t>(beginning.left.count(), 1, beginning.statement_timeout.count());
  // Should the daemon stand still, the server ends what nobody will ask any more: it would hold back VACUUM.
  const auto idle = std::clamp<std::int64_t>(beginning.left.count(), 1, 86'400'000) + 10'000;
  return fmt::format(
      "SET LOCAL statement_timeout = {0}; SET LOCAL lock_timeout = {0}; "
      "SET LOCAL idle_in_transaction_session_timeout = {1}",
      timeout, idle);
}

}  // namespace

// A pooler in transaction mode may hand us a connection with whatever other clients have SET in it: a statement_timeout
// of a millisecond, for one. Inside the transaction the connection is ours.
std::string begin_sql(const Beginning& beginning) {
  return fmt::format("BEGIN ISOLATION LEVEL REPEATABLE READ {} NOT DEFERRABLE; ",
                     beginning.writes ? "READ WRITE" : "READ ONLY") +
         limits_sql(beginning);
}

// What is read lies in memory or on storage without moving parts: with the page cost of disks, 4, the planner reads
// whole tables rather than look up a few thousand conversations (283 against 10 ms for an hour of messages, at ten
// million). And a worker that helps takes ten milliseconds to begin: only what takes much longer has any.
//
// RESET ALL takes back what nobody thinks of, our limits too, and the ROLLBACK gives it back; roles are not part of
// ALL. The literal is understood with standard_conforming_strings on or off.
std::string reset_sql(const Beginning& beginning) {
  const std::string name = doubled(beginning.application_name, "'\\");
  return fmt::format(
      "{0}SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT; {1}; "
      "SET LOCAL client_encoding = 'UTF8'; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO, YMD'; "
      "SET LOCAL IntervalStyle = 'postgres'; SET LOCAL jit = off; SET LOCAL random_page_cost = 1.1; SET LOCAL "
      "parallel_setup_cost = 20000; SET LOCAL application_name = E'{2}'; "
      "SET LOCAL search_path = \"{3}\", \"{4}\", pg_temp",
      beginning.writes
          ? "SET LOCAL standard_conforming_strings = on; SET LOCAL row_security = on; SET LOCAL work_mem = '64MB'; "
            "SET LOCAL max_parallel_workers_per_gather = 0; "
          : "RESET ALL; ",
      limits_sql(beginning), name, doubled(beginning.schema, "\""), doubled(beginning.own_schema, "\""));
}

}  // namespace crm::source
