#pragma once

#include <string>

#include "support/crms.h"

namespace crm::testing {

// The database with the daemon's own schema and that CRM's change feed, as `crm-metricsd migrate` and `migrate
// --source` make them. Returns the url.
std::string with_history(const std::string& url, Crm crm = Crm::reference);

// The SQL file of a CRM's folder: "changes.sql".
std::string source_file(Crm crm, const std::string& name);

}  // namespace crm::testing
