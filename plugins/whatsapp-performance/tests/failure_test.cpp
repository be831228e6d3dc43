// Why messages failed: the table of codes, and the line that people read.

#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "failure_codes.h"
#include "failure_text.h"

namespace whatsapp {
namespace {

using ::testing::MatchesRegex;

std::string fault_of(std::string_view key) {
  const FailureCode& code = failure_code(key);
  return std::string(code.code) + " " + std::string(to_string(code.fault));
}

TEST(FailureCodes, SayWhoseFaultItIs) {
  EXPECT_EQ(fault_of("131026"), "131026 recipient");  // undeliverable
  EXPECT_EQ(fault_of("131047"), "131047 recipient");  // window closed
  EXPECT_EQ(fault_of("470"), "470 recipient");        // the same, by the older API
  EXPECT_EQ(fault_of("131049"), "131049 none");       // marketing cap
  EXPECT_EQ(fault_of("131050"), "131050 none");       // opt-out
  EXPECT_EQ(fault_of("130472"), "130472 none");       // experiment
  EXPECT_EQ(fault_of("131042"), "131042 system");     // our bill
  EXPECT_EQ(fault_of("132015"), "132015 system");     // our template
  EXPECT_EQ(fault_of("0"), "0 system");
}

TEST(FailureCodes, ThatNobodyKnowsShareOneLabel) {
  EXPECT_EQ(fault_of("131999"), "other unknown");
  EXPECT_EQ(fault_of("other"), "other unknown");
  EXPECT_EQ(fault_of("none"), "none unknown");
  EXPECT_EQ(fault_of(""), "other unknown");
  EXPECT_EQ(fault_of("+49 151 23456789"), "other unknown") << "never a label of its own";
}

TEST(FailureCodes, AreAClosedSetOfDistinctLabels) {
  std::set<std::string_view> labels;
  for (const FailureCode& code : failure_codes()) {
    EXPECT_TRUE(labels.insert(code.code).second) << code.code;
    EXPECT_THAT(std::string(code.code), MatchesRegex("[0-9]{1,3}|13[0-9]{4}|80[0-9]{3}|other|none"))
        << "the fact message_failures would give it the key `other`";
    EXPECT_FALSE(code.meaning.empty());
  }
  EXPECT_EQ(labels.size(), 61U);
}

TEST(FailureText, IsCodeAndReasonHoweverTheGatewayWroteThem) {
  const auto text = [](const char* code, const char* reason) { return failure_text(code, reason, false); };
  EXPECT_EQ(text("131026", "131026: Message undeliverable"), "131026: Message undeliverable");
  EXPECT_EQ(text("131049", "(#131049) This message was not delivered"), "131049: This message was not delivered");
  EXPECT_EQ(text("131050", "131050"), "131050");
  EXPECT_EQ(text("131026", " [131026] - Message undeliverable "), "131026: Message undeliverable");
  EXPECT_EQ(text("131026", "Error code 131026: Message undeliverable"), "131026: Message undeliverable");
  EXPECT_EQ(text("190", "OAuthException: (#190) expired"), "190: OAuthException: (#190) expired");
  EXPECT_EQ(text("", "connection reset by gateway"), "connection reset by gateway");
  EXPECT_EQ(text("470", ""), "470");
  EXPECT_EQ(text("", ""), "unknown");
  EXPECT_EQ(text("", " \t\n "), "unknown");
}

TEST(FailureText, IsOneLineOfUtf8WhateverTheGatewayWrote) {
  const auto text = [](std::string_view reason) { return failure_text("", reason, false); };
  EXPECT_EQ(text("invalid number\tcarrier said:\r\n\r\n  no such user\x7f"),
            "invalid number carrier said: no such user");
  EXPECT_EQ(text("\x1b[31mred\x1b[0m"), "[31mred [0m");
  EXPECT_EQ(text(std::string_view("a\0b", 3)), "a b");
  EXPECT_EQ(text("Zoë \xE2\x80\xA8is\xC2\x85 away"), "Zoë is away");  // LINE SEPARATOR, NEXT LINE
  EXPECT_EQ(text("\xE2\x80\xAEgnp.exe"), "gnp.exe");                  // RIGHT-TO-LEFT OVERRIDE
  EXPECT_EQ(text("caf\xE9 \xC0\xAF \xED\xA0\x80"),
            "caf\xEF\xBF\xBD \xEF\xBF\xBD\xEF\xBF\xBD "
            "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(text("\xF0\x9F\x98\x80"), "\xF0\x9F\x98\x80");
}

TEST(FailureText, HidesPhoneNumbersFromAgentsButNoCodes) {
  const auto text = [](const char* code, const char* reason) { return failure_text(code, reason, true); };
  EXPECT_EQ(text("131026", "131026: +49 151 2345 6789 is unknown"), "131026: …6789 is unknown");
  EXPECT_EQ(text("131026", "(#131026) 4915123456789"), "131026: …6789");
  EXPECT_EQ(text("", "invalid number +4915123456789\tno such user"), "invalid number …6789 no such user");
  EXPECT_EQ(text("",
                 "4915\xE2\x80\x8B"
                 "123456789"),
            "…6789")
      << "a zero-width blank hides nothing";
  EXPECT_EQ(text("470", "470: more than 24 hours"), "470: more than 24 hours");
}

}  // namespace
}  // namespace whatsapp
