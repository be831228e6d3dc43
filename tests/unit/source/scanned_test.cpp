#include "source/scanned.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace crm::source {
namespace {

TEST(Scanned, SaysWhatTheTextSays) {
  const Scanned text(
      "/* why */ WITH a AS (SELECT 1) SELECT m.direction FROM messages m WHERE m.agent_id = ANY (:agents)");
  EXPECT_TRUE(text.queries);
  EXPECT_TRUE(text.scoped);
  EXPECT_EQ(text.reads, reads_of("SELECT m.direction, m.agent_id FROM messages m"));
  EXPECT_EQ(text.pieces.size(), 3u) << "before the parameter, it, and behind it";
}

TEST(Scanned, ATextThatIsNoQueryOrNotScopedIsSaidToBeSo) {
  EXPECT_FALSE(Scanned("").queries);
  EXPECT_FALSE(Scanned("COMMIT").queries);
  EXPECT_FALSE(Scanned("-- SELECT\nDELETE FROM x").queries);
  EXPECT_FALSE(Scanned("SELECT ':agents'").scoped) << "a string";
  EXPECT_FALSE(Scanned("SELECT :agent").scoped);
}

TEST(ScannedTexts, AreScannedOnce) {
  ScannedTexts texts;
  const auto first = texts.of("SELECT 1");
  EXPECT_EQ(texts.of("SELECT 1"), first);
  EXPECT_NE(texts.of("SELECT 2"), first);
}

TEST(ScannedTexts, OfManyMadeUpOnesTheFirstIsForgottenAndStaysValid) {
  ScannedTexts texts;
  const auto first = texts.of("SELECT 0");
  for (int i = 1; i <= 1'000; ++i) texts.of(fmt::format("SELECT {}", i));
  EXPECT_NE(texts.of("SELECT 0"), first);
  EXPECT_TRUE(first->queries);
}

}  // namespace
}  // namespace crm::source
