#include "config/suggest.h"

#include <vector>

#include <gtest/gtest.h>

namespace crm::config {
namespace {

const std::vector<std::string> keys{"every", "timeout", "stale_after", "enabled", "jitter"};

TEST(Nearest, FindsTheWordThatWasMeant) {
  EXPECT_EQ(nearest("evry", keys), "every");
  EXPECT_EQ(nearest("Timeout", keys), "timeout");
  EXPECT_EQ(nearest("stale-after", keys), "stale_after");
  EXPECT_EQ(nearest("jittre", keys), "jitter");
  EXPECT_EQ(nearest("enable", keys), "enabled");
}

TEST(Nearest, SuggestsNothingFarAway) {
  EXPECT_EQ(nearest("colour", keys), "");
  EXPECT_EQ(nearest("x", keys), "");
  EXPECT_EQ(nearest("", keys), "");
  EXPECT_EQ(nearest(std::string(100'000, 'e'), keys), "");
}

TEST(Advice, ListsWhatIsKnownWhenNothingIsNear) {
  const std::vector<std::string> listen{"listen", "auth"};
  EXPECT_EQ(advice("lsten", listen), "; did you mean 'listen'?");
  EXPECT_EQ(advice("port", listen), "; known here: listen, auth");
  EXPECT_EQ(advice("port", {}), "");
}

}  // namespace
}  // namespace crm::config
