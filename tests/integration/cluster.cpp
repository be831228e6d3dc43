#include "cluster.h"

#include <cstdlib>
#include <memory>
#include <mutex>
#include <set>
#include <string_view>

#include <gtest/gtest.h>

#include "support/neighbour.h"

namespace crm::testing {
namespace {

std::unique_ptr<PostgresCluster>& owned() {
  static std::unique_ptr<PostgresCluster> cluster;
  return cluster;
}

std::unique_ptr<PgBouncer>& owned_pooler() {
  static std::unique_ptr<PgBouncer> pooler;
  return pooler;
}

class ClusterOfTheProgram final : public ::testing::Environment {
 public:
  void SetUp() override {
    owned() = std::make_unique<PostgresCluster>();
    if (pooled()) owned_pooler() = std::make_unique<PgBouncer>(cluster().port());
  }
  void TearDown() override {
    if (owned_pooler() && !owned_pooler()->running()) ADD_FAILURE() << "PgBouncer ended: " << owned_pooler()->log();
    owned_pooler().reset();
    owned().reset();
  }
};

}  // namespace

PostgresCluster& cluster() {
  return *owned();
}

bool pooled() {
  const char* value = std::getenv("CRM_TEST_POOLED");
  return value != nullptr && std::string_view(value) == "1";
}

PgBouncer& pooler() {
  return *owned_pooler();
}

std::string daemon_url(const std::string& url) {
  if (!pooled()) return url;
  static std::mutex mutex;  // tests have threads
  static std::set<std::string> disordered;
  const std::string through = pooler().url(url);
  const std::lock_guard lock(mutex);
  if (disordered.insert(through).second) leave_session_state(through);
  return through;
}

}  // namespace crm::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new crm::testing::ClusterOfTheProgram);
  return RUN_ALL_TESTS();
}
