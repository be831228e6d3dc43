#pragma once

#include "config/values.h"
#include "rollup/migrations.h"

namespace crm::app {

// Where the configuration says the daemon's own tables are, and the CRM's views.
inline rollup::OwnSchema own_schema(const config::Config& values) {
  return {.name = "crm_metrics", .views = values.database.schema};
}

}  // namespace crm::app
