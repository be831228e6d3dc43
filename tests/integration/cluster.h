#pragma once

#include <string>

#include "support/pgbouncer.h"
#include "support/postgres_cluster.h"

namespace crm::testing {

// The program's cluster, started by its main().
PostgresCluster& cluster();

// With CRM_TEST_POOLED=1 in the environment the daemon reaches the cluster through a PgBouncer in transaction mode,
// which has other clients too. Set-up and disturbances go to the cluster itself.
bool pooled();
PgBouncer& pooler();  // of a pooled run

// What the daemon is given for a database of the cluster: its own URL, or in a pooled run the pooler's, once neighbours
// have left their session state in all of the pool's connections.
std::string daemon_url(const std::string& url);

}  // namespace crm::testing
