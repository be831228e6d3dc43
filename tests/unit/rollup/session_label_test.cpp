#include "rollup/session_label.h"

#include <set>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::rollup {
namespace {

constexpr const char* key = "key";

TEST(SessionLabel, IsTheMaskedIdAndAKeyedHash) {
  // printf %s 4915123456789 | openssl dgst -sha256 -hmac key | cut -c-8
  EXPECT_EQ(session_label("4915123456789", key), "…6789-cd88479c");
  EXPECT_EQ(session_label("support", key), "support-d5cab11c");
}

TEST(SessionLabel, KeepsAnIdOfFewerThanSevenDigits) {
  EXPECT_THAT(session_label("wa-123456", key), ::testing::StartsWith("wa-123456-"));
  EXPECT_THAT(session_label("", key), ::testing::StartsWith("-"));
}

TEST(SessionLabel, TellsNumbersApartThatEndAlike) {
  std::set<std::string> labels;
  for (int i = 0; i < 1'000; ++i) labels.insert(session_label(fmt::format("49151{:04}6789", i), key));
  EXPECT_EQ(labels.size(), 1'000U);
}

TEST(SessionLabel, DependsOnTheKey) {
  EXPECT_NE(session_label("4915123456789", "one"), session_label("4915123456789", "other"));
  EXPECT_EQ(session_label("4915123456789", "one"), session_label("4915123456789", "one"));
}

}  // namespace
}  // namespace crm::rollup
