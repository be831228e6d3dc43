#include "api/caller.h"

#include <gtest/gtest.h>

namespace crm::api {
namespace {

http::Request with(const std::vector<std::pair<std::string, std::string>>& headers) {
  http::Request request;
  for (const auto& [name, value] : headers) request.headers.add(name, value);
  return request;
}

std::string refusal(const std::vector<std::pair<std::string, std::string>>& headers) {
  try {
    caller_without_auth(with(headers));
  } catch (const BadCaller& error) {
    return error.what();
  }
  return "accepted";
}

TEST(CallerWithoutAuth, IsTheOwnerUnlessHeSaysOtherwise) {
  EXPECT_EQ(caller_without_auth(with({})), (Scope{Role::owner, ""}));
  EXPECT_EQ(caller_without_auth(with({{"X-CRM-Role", "admin"}})), (Scope{Role::admin, ""}));
}

TEST(CallerWithoutAuth, NamesAnAgentOrASupervisorByHisId) {
  EXPECT_EQ(caller_without_auth(with({{"X-CRM-Role", "agent"}, {"X-CRM-Subject", "a1"}})), (Scope{Role::agent, "a1"}));
  EXPECT_EQ(caller_without_auth(with({{"x-crm-role", "supervisor"}, {"x-crm-subject", "s1"}})),
            (Scope{Role::supervisor, "s1"}));
}

TEST(CallerWithoutAuth, WithoutASubjectIsNoAgentAndNoSupervisor) {
  EXPECT_EQ(refusal({{"X-CRM-Role", "agent"}}),
            "the role agent sees the rows of one agent or team: name it in X-CRM-Subject");
  EXPECT_EQ(refusal({{"X-CRM-Role", "supervisor"}, {"X-CRM-Subject", ""}}),
            "the role supervisor sees the rows of one agent or team: name it in X-CRM-Subject");
}

TEST(CallerWithoutAuth, OfAnUnknownRoleIsRefusedAndNeverTheOwner) {
  for (const std::string role : {"", "Owner", "root", "owner,agent", "agent "}) {
    EXPECT_EQ(refusal({{"X-CRM-Role", role}, {"X-CRM-Subject", "a1"}}),
              "X-CRM-Role '" + role + "' is no role: use owner, admin, supervisor or agent");
  }
}

TEST(CallerWithoutAuth, WithAHeaderGivenTwiceIsRefused) {
  EXPECT_EQ(refusal({{"X-CRM-Role", "agent"}, {"x-crm-role", "owner"}}), "X-CRM-Role is given twice");
  EXPECT_EQ(refusal({{"X-CRM-Role", "agent"}, {"X-CRM-Subject", "a1"}, {"X-CRM-Subject", "a2"}}),
            "X-CRM-Subject is given twice");
}

}  // namespace
}  // namespace crm::api
