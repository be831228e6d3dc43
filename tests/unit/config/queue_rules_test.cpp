// What redis, queue and sessions must be to each other.
#include <gmock/gmock.h>

#include "support.h"

namespace crm::config::testing {
namespace {

using ::testing::ElementsAre;

constexpr const char* valid = "(valid)";

TEST(RedisUrl, IsOneOfTwoSchemesWithOrWithoutUserAndDatabase) {
  for (const std::string url : {"redis://h", "redis://h:1", "redis://h/2", "redis://:pw@h", "redis://u:p%40w@h:1/0",
                                "rediss://u:pw@[::1]:6380/3"}) {
    EXPECT_THAT(problems("redis: {url: \"" + url + "\"}\nqueue: {names: [out]}"), ElementsAre(valid)) << url;
  }
}

TEST(RedisUrl, ThatIsNoneIsRefusedWithoutShowingIt) {
  for (const std::string url :
       {"http://canary", "redis://canary@h", "redis://h/x?password=canary", "canary", "redis://u:canary@h/0/1"}) {
    EXPECT_THAT(problems("redis: {url: \"" + url + "\"}\nqueue: {names: [out]}"),
                ElementsAre("/etc/x.yaml:1: redis.url: must be redis://[user:password@]host[:port][/database], or "
                            "rediss:// for TLS; or empty for none, not the value"))
        << url;
  }
}

TEST(Queue, NamesNeedARedis) {
  EXPECT_THAT(problems("queue: {names: [out]}"),
              ElementsAre("/etc/x.yaml:1: queue.names: are queues of a Redis, and redis.url names none; set it, or "
                          "remove the names"));
  EXPECT_THAT(problems("queue: {dead_letter: [dead]}"),
              ElementsAre("/etc/x.yaml:1: queue.dead_letter: are queues of a Redis, and redis.url names none; set it, "
                          "or remove the names"));
}

TEST(Queue, ARedisNeedsNames) {
  EXPECT_THAT(problems("redis: {url: \"redis://h\"}"),
              ElementsAre("/etc/x.yaml:1: redis.url: is set, but no queue is named; list the gateway's queues in "
                          "queue.names"));
  EXPECT_THAT(problems("redis: {url: \"redis://h\"}\nqueue: {dead_letter: [dead]}"), ElementsAre(valid));
}

TEST(Queue, OfDeadLettersIsNoOtherToo) {
  EXPECT_THAT(problems("redis: {url: \"redis://h\"}\nqueue: {names: [a, b], dead_letter: [b]}"),
              ElementsAre("/etc/x.yaml:2: queue.dead_letter: 'b' is in queue.names too; name it in one of them"));
}

TEST(Queue, NamesAreTextsWithoutAColonEachOnce) {
  const std::string redis = "redis: {url: \"redis://h\"}\n";
  EXPECT_THAT(problems(redis + "queue: {names: [wa.out, \"with blank\", 7, ü]}"), ElementsAre(valid));
  EXPECT_THAT(problems(redis + "queue: {names: [\"a:b\"]}"),
              ElementsAre("/etc/x.yaml:2: queue.names: must be a queue's name: 1 to 200 characters without a "
                          "colon, not 'a:b'"));
  EXPECT_THAT(problems(redis + "queue: {names: [a, a]}"), ElementsAre("/etc/x.yaml:2: queue.names: names 'a' twice"));
  EXPECT_THAT(problems("queue: {names: a}"),
              ElementsAre("/etc/x.yaml:1: queue.names: must be a list of texts such as [one, two], not 'a'"));
  EXPECT_THAT(problems(redis + "queue: {names: [[a]]}"),
              ElementsAre("/etc/x.yaml:2: queue.names: must be a list of texts such as [one, two], each one a single "
                          "text"));
}

TEST(Queue, APrefixInBracesIsQuoted) {
  EXPECT_EQ(read("redis: {url: \"redis://h\"}\nqueue:\n  prefix: \"{bull}\"\n  names: [a]").values().queue.prefix,
            "{bull}");
  EXPECT_THAT(problems("redis: {url: \"redis://h\"}\nqueue:\n  prefix: {bull}\n  names: [a]"),
              ElementsAre("/etc/x.yaml:3: queue.prefix: must be one text, not a map"));
}

TEST(Redis, ACertificateIsForTls) {
  EXPECT_THAT(problems("redis: {url: \"redis://h\", ca_file: ca.pem}\nqueue: {names: [a]}"),
              ElementsAre("/etc/x.yaml:1: redis.ca_file: is for rediss:// only, and redis.url begins with redis://"));
}

TEST(Sessions, AWordMeansOneState) {
  EXPECT_THAT(problems("sessions: {connected: [up, OPEN], reconnecting: [open]}"),
              ElementsAre("/etc/x.yaml:1: sessions.reconnecting: 'open' is in sessions.connected too; words are "
                          "compared without case"));
  EXPECT_THAT(problems("sessions: {connected: [Up, uP]}"),
              ElementsAre("/etc/x.yaml:1: sessions.connected: 'uP' stands there twice; words are compared without "
                          "case"));
}

TEST(Metrics, AKeyOfLabelsIsLongAndNeverShown) {
  EXPECT_THAT(problems("metrics: {label_key: canary}"),
              ElementsAre("/etc/x.yaml:1: metrics.label_key: must be 16 characters or more, or empty, not the value"));
}

}  // namespace
}  // namespace crm::config::testing
