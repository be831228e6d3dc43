// What check says of the queue where there is a Redis.

#include "check_fixture.h"
#include "support/redis_server.h"

namespace {

using namespace crm::testing;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CheckOfQueue : public CheckTest {
 protected:
  Checked check_with(const std::string& redis_url, const std::string& queue) const {
    folder_.write("crm-metricsd.yaml",
                  fmt::format("{}redis: {{url: \"{}\"}}\nqueue: {}\n", database_and_plugins(), redis_url, queue));
    return check_configured();
  }

  RedisServer redis_;
};

TEST_F(CheckOfQueue, TellsWhatWaitsInEach) {
  redis_.command({"RPUSH", "bull:outgoing:wait", "2", "1"});
  redis_.command({"LPUSH", "bull:dead:wait", "9"});
  const Checked checked = check_with(redis_.url(), "{names: [outgoing], dead_letter: [dead]}");
  EXPECT_THAT(checked.faults(), IsEmpty()) << checked.output;
  EXPECT_THAT(checked.of("redis"), ElementsAre("ok redis: " + redis_.place() + ": connected"));
  EXPECT_THAT(checked.of("queue"), ElementsAre("ok queue: outgoing: 2 wait", "ok queue: dead: 1 waits"));
}

TEST_F(CheckOfQueue, WarnsOfAQueueThatIsPausedAndOfOneThatRedisDoesNotKnow) {
  redis_.command({"HSET", "bull:outgoing:meta", "paused", "1"});
  const Checked checked = check_with(redis_.url(), "{names: [outgoing, outgoign]}");
  EXPECT_THAT(checked.faults(), ElementsAre("warning queue: outgoing: nothing waits; it is paused",
                                            "warning queue: outgoign: Redis has no job of it, in any state"));
  EXPECT_THAT(checked.advice(), HasSubstr("bull:outgoign:"));
  EXPECT_EQ(checked.status, 0);
}

TEST_F(CheckOfQueue, ARedisThatIsAwayOrRefusesIsAnErrorWithoutThePassword) {
  redis_.command({"ACL", "SETUSER", "reader", "on", ">secret", "%R~bull:open:*", "-@all", "+llen", "+lindex", "+zcard",
                  "+zcount", "+zrange", "+hmget", "+select"});
  redis_.command({"RPUSH", "bull:open:wait", "1"});
  const Checked some = check_with(redis_.url("reader:secret"), "{names: [open, closed]}");
  EXPECT_THAT(some.faults(), ElementsAre("ERROR queue: closed: Redis does not let it be read"));
  EXPECT_EQ(some.status, 1);
  const Checked wrong = check_with(redis_.url("reader:guessed"), "{names: [open]}");
  ASSERT_EQ(wrong.faults().size(), 1U) << wrong.output;
  EXPECT_THAT(wrong.faults()[0], ::testing::StartsWith("ERROR redis: "));
  EXPECT_THAT(wrong.output, ::testing::Not(HasSubstr("guessed")));
  redis_.kill();
  const Checked away = check_with(redis_.url(), "{names: [open]}");
  ASSERT_EQ(away.faults().size(), 1U) << away.output;
  EXPECT_THAT(away.faults()[0], ::testing::StartsWith("ERROR redis: "));
  EXPECT_EQ(away.status, 1);
}

TEST_F(CheckOfQueue, KnowsTheWordsOfSessionsThatTheConfigurationKnows) {
  execute(url_, "UPDATE whatsapp_sessions SET status = 'On Holiday'");
  EXPECT_THAT(check().faults(), ElementsAre(HasSubstr("'on holiday' (1 row)")));
  folder_.write("crm-metricsd.yaml", database_and_plugins() + "sessions: {disconnected: [on holiday]}\n");
  EXPECT_THAT(check_configured().faults(), IsEmpty());
}

}  // namespace
