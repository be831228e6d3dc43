#include "history.h"

#include <filesystem>

#include "rollup/crm_files.h"
#include "rollup/migrations.h"
#include "support/temporary_folder.h"

namespace crm::testing {

std::string source_file(Crm crm, const std::string& name) {
  const char* folder = crm == Crm::reference ? "config/source/reference" : "tests/integration/other_crm";
  return read_text(std::filesystem::path(CRM_SOURCE_DIR) / folder / name);
}

std::string with_history(const std::string& url, Crm crm) {
  source::Connection connection(source::with_defaults(url, {}));
  rollup::migrate(connection, {});
  if (crm == Crm::reference) rollup::apply_in_transaction(connection, {}, source_file(crm, "columns.sql"));
  rollup::apply_in_transaction(connection, {}, source_file(crm, "changes.sql"));
  return url;
}

}  // namespace crm::testing
