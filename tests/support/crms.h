#pragma once
// The CRMs that the hand-counted tests run on. A test says its rows in the tables of the reference CRM, by INSERT,
// UPDATE and DELETE or by support/rows.h, whichever CRM it runs on: in the other one those are views that write its own
// tables.

#include <ostream>
#include <string>

#include "support/postgres_cluster.h"

namespace crm::testing {

enum class Crm {
  reference,  // config/source/reference
  other,      // tests/integration/other_crm: other tables, types, words and habits
};

std::string to_string(Crm crm);
inline void PrintTo(Crm crm, std::ostream* out) {
  *out << to_string(crm);
}

// A database with that CRM's tables and views, and nothing in them that the daemon should count.
std::string create_database(PostgresCluster& cluster, Crm crm);

// The id of an agent, contact, message, … as the views of that CRM have it: id(name) of rows.h, or a bigint.
std::string id(Crm crm, const std::string& name);

}  // namespace crm::testing
