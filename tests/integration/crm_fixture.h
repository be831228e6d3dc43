#pragma once
// Tests that run on every CRM (support/crms.h): derive from OnEveryCrm, write TEST_P, and say
// CRM_ON_EVERY_CRM(Fixture).

#include <string>

#include <gtest/gtest.h>

#include <crm/sdk/scope.h>

#include "cluster.h"
#include "support/crms.h"
#include "support/rows.h"

namespace crm::testing {

class OnEveryCrm : public ::testing::TestWithParam<Crm> {
 protected:
  template <typename... Rows>
  void given(const Rows&... rows) {
    std::string all;
    ((all += sql(rows)), ...);
    execute(url_, all);
  }

  // The other CRM knows that a message was delivered, and not when.
  static bool knows_when_delivered() { return GetParam() == Crm::reference; }

  static std::string id_of(const std::string& name) { return id(GetParam(), name); }
  static Scope agent(const std::string& name) { return {Role::agent, id_of(name)}; }
  static Scope supervisor(const std::string& name) { return {Role::supervisor, id_of(name)}; }

  const std::string url_ = create_database(cluster(), GetParam());
};

#define CRM_ON_EVERY_CRM(fixture)                                                        \
  INSTANTIATE_TEST_SUITE_P(Crms, fixture, ::testing::Values(Crm::reference, Crm::other), \
                           [](const auto& crm) { return to_string(crm.param); })

}  // namespace crm::testing
