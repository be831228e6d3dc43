#include <stdexcept>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/redis/address.h"

namespace crm::source {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(RedisAddress, HasDefaults) {
  const RedisAddress address = parse_redis_url("redis://queue.example");
  EXPECT_EQ(address.host, "queue.example");
  EXPECT_EQ(address.port, 6379);
  EXPECT_EQ(address.user, "");
  EXPECT_EQ(address.password, "");
  EXPECT_EQ(address.database, 0);
  EXPECT_FALSE(address.tls);
  EXPECT_EQ(address.place(), "queue.example:6379/0");
}

TEST(RedisAddress, HasEveryPart) {
  const RedisAddress address = parse_redis_url("rediss://me:p%40ss%3A%25@[::1]:6380/12");
  EXPECT_EQ(address.host, "::1");
  EXPECT_EQ(address.port, 6380);
  EXPECT_EQ(address.user, "me");
  EXPECT_EQ(address.password, "p@ss:%");
  EXPECT_EQ(address.database, 12);
  EXPECT_TRUE(address.tls);
  EXPECT_EQ(address.place(), "[::1]:6380/12");
}

TEST(RedisAddress, TakesAPasswordWithoutAUserAndUnescapedOnes) {
  EXPECT_EQ(parse_redis_url("redis://:pw@h").password, "pw");
  EXPECT_EQ(parse_redis_url("redis://:pw@h").user, "");
  EXPECT_EQ(parse_redis_url("redis://u:a@b:c@h/").password, "a@b:c");
}

TEST(RedisAddress, IsRefusedWithoutShowingIt) {
  for (const char* url :
       {"", "canary", "http://canary", "redis://", "redis://u:canary@", "redis://u:canary@h:0",
        "redis://u:canary@h:65536", "redis://u:canary@h:x", "redis://u:canary@h/x", "redis://u:canary@h/-1",
        "redis://canary@h", "redis://u:@h", "redis://u:canary%4@h", "redis://u:canary%zz@h", "redis://u:canary@[::1",
        "redis://u:canary@[::1]x", "redis://u:canary@:1"}) {
    try {
      parse_redis_url(url);
      ADD_FAILURE() << url << " was taken";
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), HasSubstr("write redis://")) << url;
      EXPECT_THAT(error.what(), Not(HasSubstr("canary"))) << url;
    }
  }
}

}  // namespace
}  // namespace crm::source
