#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "instants.h"

namespace crm::calendar::test {
namespace {

using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string refusal(std::string_view name) {
  try {
    Zone::load(name);
  } catch (const UnknownZone& error) {
    return error.what();
  }
  return "accepted";
}

TEST(ZoneName, IsKept) {
  EXPECT_EQ(Zone::load("America/Argentina/Buenos_Aires")->name(), "America/Argentina/Buenos_Aires");
}

TEST(ZoneName, WithAMissingLetterIsRefusedWithTheNearest) {
  EXPECT_EQ(refusal("Europe/Berln"), "unknown time zone 'Europe/Berln'; did you mean 'Europe/Berlin'?");
}

TEST(ZoneName, InAnotherCaseIsRefusedWithTheRightCase) {
  EXPECT_EQ(refusal("europe/BERLIN"), "unknown time zone 'europe/BERLIN'; did you mean 'Europe/Berlin'?");
  EXPECT_EQ(refusal("utc"), "unknown time zone 'utc'; did you mean 'UTC'?");
}

TEST(ZoneName, OfACityAloneIsRefusedWithItsRegion) {
  EXPECT_EQ(refusal("Kolkata"), "unknown time zone 'Kolkata'; did you mean 'Asia/Kolkata'?");
  EXPECT_EQ(refusal("new york"), "unknown time zone 'new york'; did you mean 'America/New_York'?");
}

TEST(ZoneName, LikeNoOtherIsRefusedWithAnExample) {
  EXPECT_EQ(refusal("Middle-earth/Hobbiton"),
            "unknown time zone 'Middle-earth/Hobbiton'; give an IANA name such as 'Europe/Berlin' or 'UTC'");
  EXPECT_THAT(refusal(""), StartsWith("unknown time zone ''; give an IANA name"));
}

TEST(ZoneName, ThatIsAnOffsetIsNoZone) {
  EXPECT_THAT(refusal("+02:00"), StartsWith("unknown time zone '+02:00'"));
}

TEST(ZoneName, OfTheMachinesOwnZoneIsRefusedBecauseItSaysNothing) {
  EXPECT_THAT(refusal("localtime"), StartsWith("unknown time zone 'localtime'; give an IANA name"));
  EXPECT_THAT(refusal("Localtime"), StartsWith("unknown time zone 'Localtime'; give an IANA name"));
}

TEST(ZoneName, CannotLeadOutOfTheZoneinfoFolder) {
  EXPECT_THAT(refusal("../../../etc/passwd"), StartsWith("unknown time zone '../../../etc/passwd'"));
  EXPECT_THAT(refusal("/usr/share/zoneinfo/UTC"), StartsWith("unknown time zone"));
}

TEST(ZoneName, OfAnyLengthAndBytesIsRefusedInOneReadableLine) {
  EXPECT_THAT(refusal(std::string(1'000'000, 'x')), AllOf(HasSubstr(std::string(64, 'x') + "…'"), EndsWith("'UTC'")));
  EXPECT_THAT(refusal(std::string_view("UTC\0", 4)), StartsWith("unknown time zone 'UTC\\x00'"));
  EXPECT_THAT(refusal("Europe/Berlin\n"),
              StartsWith("unknown time zone 'Europe/Berlin\\x0a'; did you mean 'Europe/Berlin'?"));
}

// zoneinfo files compiled with `zic -b slim` list no transitions to come and the library ignores their rule: every
// summer would be winter. Debian's are fat.
TEST(Zoneinfo, OfThisSystemListsTheTransitionsToCome) {
  const auto new_york = Zone::load("America/New_York");
  EXPECT_EQ(new_york->iso(at("2036-07-01T12:00Z")), "2036-07-01T08:00:00-04:00");
  EXPECT_EQ(new_york->iso(at("2036-12-01T12:00Z")), "2036-12-01T07:00:00-05:00");
}

}  // namespace
}  // namespace crm::calendar::test
