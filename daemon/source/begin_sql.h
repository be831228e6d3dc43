#pragma once
// How a snapshot begins, in two messages, after which nothing counts that anybody has SET in the session before.

#include <chrono>
#include <string>

namespace crm::source {

struct Beginning {
  std::string schema;            // of the views
  std::string application_name;  // shown in pg_stat_activity
  std::chrono::milliseconds left;
  std::chrono::milliseconds statement_timeout;
  std::string own_schema = "crm_metrics";  // of what the daemon stores
  bool writes = false;
};

// A repeatable-read transaction with the run's own time limits. It is under the limits that others may have left, and
// so short. ROLLBACK ends one that reads: a COMMIT would keep the RESET of what follows.
std::string begin_sql(const Beginning& beginning);

// Behind it: everything else that numbers may depend on. One that writes, and commits, resets what matters by name and
// for itself only. Nothing of it takes a snapshot of the rows.
std::string reset_sql(const Beginning& beginning);

}  // namespace crm::source
