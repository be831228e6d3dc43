#include "support/crms.h"

#include "support/rows.h"

namespace crm::testing {

std::string to_string(Crm crm) {
  return crm == Crm::reference ? "Reference" : "Other";
}

std::string create_database(PostgresCluster& cluster, Crm crm) {
  if (crm == Crm::reference) return cluster.create_reference_database();
  const std::filesystem::path folder = std::filesystem::path(CRM_SOURCE_DIR) / "tests/integration/other_crm";
  return cluster.create_database_like("other_crm", {folder / "tables.sql", folder / "views.sql",
                                                    folder / "reference_rows.sql", folder / "other_account.sql"});
}

std::string id(Crm crm, const std::string& name) {
  const std::string uuid = id(name);
  if (crm == Crm::reference) return uuid;
  // The 32 bits at either end, as desk.id_of() takes them.
  const auto bits = std::stoull(uuid.substr(0, 8) + uuid.substr(uuid.size() - 8), nullptr, 16);
  return std::to_string(static_cast<std::int64_t>(bits));
}

}  // namespace crm::testing
