#pragma once

#include "support/postgres_cluster.h"

namespace crm::testing {

// The program's cluster, started by its main().
PostgresCluster& cluster();

}  // namespace crm::testing
