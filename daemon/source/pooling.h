#pragma once
// Is there a pooler between the daemon and PostgreSQL, and how does it share its connections? For `check`.
//
// PostgreSQL tells a new client the process that will serve it. A pooler has to answer before it has chosen one, so it
// makes up a number (PgBouncer, Supavisor, PgCat and Odyssey do), and pg_backend_pid() says another: that is a pooler.
// A process that serves two clients which are both connected is shared between transactions. A proxy that only passes
// bytes on (HAProxy, a load balancer) looks direct, and is.

#include <crm/sdk/instant.h>

#include "source/postgres.h"

namespace crm::source {

enum class Pooling {
  direct,
  by_transaction,  // seen: one server process served two clients
  by_session,      // a pooler, whose processes were not seen to be shared
  unknown,         // a pooler that had no process free for a second client before the deadline
};

// Opens two connections of its own. SourceUnavailable where they cannot be had.
Pooling find_pooling(Postgres& postgres, Deadline deadline);

}  // namespace crm::source
