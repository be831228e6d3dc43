#include <gtest/gtest.h>

#include <crm/sdk/errors.h>
#include <crm/sdk/params.h>
#include <crm/sdk/scope.h>

namespace crm {
namespace {

TEST(Params, GiveDeclaredValuesAsTextAndInteger) {
  const Params params({{"limit", "-25"}, {"word", "x"}});
  EXPECT_EQ(params.integer("limit"), -25);
  EXPECT_EQ(params.text("limit"), "-25");
  EXPECT_EQ(params.text("word"), "x");
}

TEST(Params, AnUndeclaredOrMistypedParameterIsADefectOfTheCollector) {
  const Params params({{"word", "x"}, {"half", "1.5"}, {"empty", ""}, {"big", "9223372036854775808"}});
  EXPECT_THROW(params.text("limit"), UsageError);
  for (const char* name : {"limit", "word", "half", "empty", "big"})
    EXPECT_THROW(params.integer(name), UsageError) << name;
}

TEST(Role, IsReadAsItIsWritten) {
  for (const Role role : {Role::owner, Role::admin, Role::supervisor, Role::agent}) {
    EXPECT_EQ(parse_role(to_string(role)), role);
  }
  for (const char* word : {"", "Owner", "OWNER", "root", "agent ", "unknown"}) {
    EXPECT_EQ(parse_role(word), std::nullopt) << word;
  }
}

TEST(Scope, OfOwnerAndAdminIsTheSameWhoeverTheyAre) {
  EXPECT_EQ((Scope{Role::owner, ""}.key()), (Scope{Role::admin, "7"}.key()));
  EXPECT_TRUE((Scope{Role::admin, "7"}.sees_everyone()));
  EXPECT_EQ(Scope::everyone().key(), "everyone");
}

TEST(Scope, OfAnAgentIsNotThatOfASupervisorWithHisId) {
  EXPECT_NE((Scope{Role::agent, "7"}.key()), (Scope{Role::supervisor, "7"}.key()));
  EXPECT_NE((Scope{Role::agent, "7"}.key()), (Scope{Role::agent, "8"}.key()));
  EXPECT_NE((Scope{Role::agent, "everyone"}.key()), Scope::everyone().key());
}

TEST(Scope, MasksPhoneNumbersForAgentsOnly) {
  EXPECT_TRUE((Scope{Role::agent, "7"}.masks_phone_numbers()));
  for (const Role role : {Role::owner, Role::admin, Role::supervisor}) {
    EXPECT_FALSE((Scope{role, "7"}.masks_phone_numbers()));
  }
}

}  // namespace
}  // namespace crm
