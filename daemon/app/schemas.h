#pragma once

#include "config/values.h"
#include "rollup/migrations.h"

namespace crm::app {

// Where the configuration says the daemon's own tables are, and the CRM's views.
inline rollup::Schemas schemas_of(const config::Config& values) {
  return {.own = values.rollup.schema, .views = values.database.schema};
}

}  // namespace crm::app
