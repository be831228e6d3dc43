#include "support/history.h"

#include <fstream>
#include <sstream>

#include "support/postgres_cluster.h"
namespace crm::testing {
std::string with_history(const std::string& url) {
  const auto text = [](const char* path) {
    std::ostringstream t;
    t << std::ifstream(path).rdbuf();
    return t.str();
  };
  execute(url, "CREATE SCHEMA crm_metrics; SET search_path = crm_metrics, pg_temp;" +
                   text(CRM_SOURCE_DIR "/deploy/migrations/0001_history.sql"));
  execute(url, text("/tmp/interim_changes.sql"));
  return url;
}
}  // namespace crm::testing
