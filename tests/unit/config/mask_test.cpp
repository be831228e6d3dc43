#include "config/mask.h"

#include <gtest/gtest.h>

namespace crm::config {
namespace {

TEST(WithoutPassword, MasksThePasswordOfAUrl) {
  EXPECT_EQ(without_password("postgresql://user:hush@host:5432/db"), "postgresql://user:***@host:5432/db");
  EXPECT_EQ(without_password("postgres://user@host/db"), "postgres://user@host/db");
  EXPECT_EQ(without_password("postgresql://:hush@host/db"), "postgresql://:***@host/db");
  EXPECT_EQ(without_password("postgresql://u:hush@a:1,b:2/db?sslmode=require"),
            "postgresql://u:***@a:1,b:2/db?sslmode=require");
}

TEST(WithoutPassword, LeavesNoTailOfAPasswordThatIsNotEscaped) {
  EXPECT_EQ(without_password("postgresql://user:a@b/c?d@host/db"), "postgresql://user:***@host/db");
}

TEST(WithoutPassword, MasksPasswordsInTheQuery) {
  EXPECT_EQ(without_password("postgresql://host/db?user=u&password=hush&sslpassword=hush2"),
            "postgresql://host/db?user=u&password=***&sslpassword=***");
  EXPECT_EQ(without_password("postgresql://host/db?p%61ssword=hush"), "postgresql://host/db?p%61ssword=***");
}

TEST(WithoutPassword, MasksThePasswordKeyword) {
  EXPECT_EQ(without_password("host=h password=hush dbname=d"), "host=h password=*** dbname=d");
  EXPECT_EQ(without_password("password = 'hu\\'sh now' host=h"), "password = *** host=h");
  EXPECT_EQ(without_password("PASSWORD=hu\\ sh"), "PASSWORD=***");
  EXPECT_EQ(without_password("host=h password='never closed host=x"), "host=h password=***");
  EXPECT_EQ(without_password("host=h dbname=postgresql://u:hush"), "host=h dbname=***");
}

TEST(WithoutPassword, MasksWhatItDoesNotUnderstand) {
  EXPECT_EQ(without_password("hush"), "***");
  EXPECT_EQ(without_password("host=h hush"), "host=h ***");
  EXPECT_EQ(without_password(""), "");
}

}  // namespace
}  // namespace crm::config
