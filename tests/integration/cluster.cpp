#include "cluster.h"

#include <memory>

#include <gtest/gtest.h>

namespace crm::testing {
namespace {

std::unique_ptr<PostgresCluster>& owned() {
  static std::unique_ptr<PostgresCluster> cluster;
  return cluster;
}

class ClusterOfTheProgram final : public ::testing::Environment {
 public:
  void SetUp() override { owned() = std::make_unique<PostgresCluster>(); }
  void TearDown() override { owned().reset(); }
};

}  // namespace

PostgresCluster& cluster() {
  return *owned();
}

}  // namespace crm::testing

int main(int argc, char** argv) {
  ::testing::InitGoogleTest(&argc, argv);
  ::testing::AddGlobalTestEnvironment(new crm::testing::ClusterOfTheProgram);
  return RUN_ALL_TESTS();
}
