#pragma once

#include <filesystem>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace crm::testing {

// A real PostgreSQL of one's own: a cluster in a temporary folder, on a free port of the loopback, run by user postgres
// where the test runs as root. Gone at the end.
class PostgresCluster {
 public:
  PostgresCluster();
  ~PostgresCluster();

  // An empty database, or one with the reference CRM (config/source/reference: tables, indexes, views).
  std::string create_database();
  std::string create_reference_database();
  // One with what these files make, which are run once for all databases `like` the same name.
  std::string create_database_like(const std::string& like, const std::vector<std::filesystem::path>& files);

  std::string url(const std::string& database) const;
  int port() const { return port_; }

  // The server itself: stopped and continued by signal, killed, started again.
  Process& server() { return *server_; }
  void start();
  void kill();

 private:
  TemporaryFolder folder_;
  int port_;
  std::unique_ptr<Process> server_;
  int databases_ = 0;
  std::set<std::string> templates_;
};

// Runs SQL, any number of statements; throws std::runtime_error with the server's words.
void execute(const std::string& url, const std::string& sql);

// The first column of the first row, as text.
std::string scalar(const std::string& url, const std::string& sql);

}  // namespace crm::testing
