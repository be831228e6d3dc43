#include <gtest/gtest.h>

#include <crm/sdk/phone.h>

namespace crm {
namespace {

TEST(MaskPhoneNumbers, KeepsTheLastFourDigits) {
  EXPECT_EQ(mask_phone_numbers("+4915123456789"), "…6789");
  EXPECT_EQ(mask_phone_numbers("4915123456789@c.us"), "…6789@c.us");
  EXPECT_EQ(mask_phone_numbers("1234567"), "…4567");
}

TEST(MaskPhoneNumbers, SeesNumbersThroughTheWaysInWhichTheyAreWritten) {
  EXPECT_EQ(mask_phone_numbers("+49 151 23456789 is unknown"), "…6789 is unknown");
  EXPECT_EQ(mask_phone_numbers("(0151) 234-56.789"), "…6789");
  EXPECT_EQ(mask_phone_numbers("+(49)1512345678"), "…5678");
}

TEST(MaskPhoneNumbers, LeavesCodesAndCounts) {
  for (const char* text :
       {"", "131026: Message undeliverable", "470: more than 24 hours", "v1.2.3", "…6789", "no digits"})
    EXPECT_EQ(mask_phone_numbers(text), text);
}

TEST(MaskPhoneNumbers, MasksEachOfSeveral) {
  EXPECT_EQ(mask_phone_numbers("from +4915111111111 to +4915222222222"), "from …1111 to …2222");
  EXPECT_EQ(mask_phone_numbers("131026: +49 151 99999999 unreachable"), "131026: …9999 unreachable");
}

}  // namespace
}  // namespace crm
