#pragma once
// How a snapshot begins: one message, after which nothing counts that anybody has SET in the session before.

#include <chrono>
#include <string>

namespace crm::source {

struct Beginning {
  std::string schema;            // of the views
  std::string application_name;  // shown in pg_stat_activity
  std::chrono::milliseconds left;
  std::chrono::milliseconds statement_timeout;
};

// A repeatable-read, read-only transaction; its last result is now(). ROLLBACK ends it: a COMMIT would keep the RESET.
std::string begin_sql(const Beginning& beginning);

}  // namespace crm::source
