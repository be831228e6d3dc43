// A Redis that is away, stops, restarts, refuses; rights, TLS, secrets; and what a sample costs it.

#include <atomic>
#include <future>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <crm/sdk/errors.h>

#include "queue_fixture.h"
#include "support/hostile_server.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StrEq;
using ::testing::ThrowsMessage;

template <typename Work>
std::chrono::milliseconds duration_of(Work work) {
  const auto began = steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
}

class RedisFault : public RedisTest {
 protected:
  // A queue as BullMQ would leave it, of any size, written by Redis itself.
  static void fill(int jobs) {
    redis_server().command({"EVAL", R"(
      for i = 1, ARGV[1] do
        redis.call('LPUSH', 'bull:out:wait', i)
        redis.call('ZADD', 'bull:out:prioritized', i, 'p' .. i)
        redis.call('ZADD', 'bull:out:delayed', i * 4096, 'd' .. i)
        redis.call('ZADD', 'bull:out:completed', i, 'c' .. i)
        redis.call('ZADD', 'bull:out:failed', i, 'f' .. i)
      end
      redis.call('HSET', 'bull:out:1', 'timestamp', '1773144000000', 'opts', '{}'))",
                            "0", std::to_string(jobs)});
  }

  std::string failure(source::Queues& queues, steady_clock::duration within = 10s) const {
    try {
      read(queues, within);
    } catch (const SourceUnavailable& unavailable) {
      return unavailable.what();
    }
    return "(none)";
  }

  bool recovers(source::Queues& queues) const {
    return eventually([&] { return failure(queues) == "(none)"; });
  }
};

// --- what a sample costs ---------------------------------------------------------------------------------------------

TEST_F(RedisFault, ASampleOfAHugeQueueIsTheSameFewCommands) {
  const auto queues = watch(open(options()));
  fill(1);
  read(*queues);
  redis_server().command({"CONFIG", "RESETSTAT"});
  read(*queues);
  const int of_one = redis_server().all_calls();
  redis_server().command({"FLUSHALL"});
  fill(100'000);
  redis_server().command({"CONFIG", "RESETSTAT"});
  const QueueState state = read(*queues).at(0);
  EXPECT_EQ(state.jobs.at("waiting"), 100'000);
  EXPECT_EQ(state.depth, 3 * 100'000) << "every delayed one is due";
  EXPECT_LE(redis_server().all_calls() - of_one, 1) << "one more job may be the oldest: the first of the list";
  EXPECT_LE(of_one, 32);
  for (const char* grows : {"keys", "scan", "lrange", "hgetall", "zrangebyscore", "smembers", "sort_ro"}) {
    EXPECT_EQ(redis_server().calls(grows), 0) << grows;
  }
}

TEST_F(RedisFault, ManyWhoAskAtOnceShareASample) {
  source::QueueOptions shared{.names = {"out"}};  // of at most a second
  source::Queues queues(open(options()), shared, memory_);
  fill(1);
  redis_server().command({"CONFIG", "RESETSTAT"});
  std::vector<std::jthread> people;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 20; ++i) {
    people.emplace_back([&] {
      for (int again = 0; again < 5; ++again) answered += read(queues).at(0).depth == 3 ? 1 : 0;
    });
  }
  people.clear();
  EXPECT_EQ(answered, 20 * 5);
  EXPECT_LE(redis_server().calls("llen"), 2 * 3)
      << "a sample asks for three lengths; a second one only on a slow machine";
}

TEST_F(RedisFault, ARunThatIsStoppedDoesNotAnswerForThoseWhoWaitForItsSample) {
  auto patient = options();
  patient.timeout = 20s;
  const auto queues = watch(open(patient));
  read(*queues);
  redis_server().server().signal(SIGSTOP);
  std::stop_source stop;
  auto stopped = std::async(std::launch::async, [&] { queues->read(steady_clock::now() + 60s, stop.get_token()); });
  auto waiting = std::async(std::launch::async, [&] { return failure(*queues, 60s); });
  stop.request_stop();
  EXPECT_THROW(stopped.get(), SourceUnavailable);
  redis_server().server().signal(SIGCONT);
  EXPECT_EQ(waiting.get(), "(none)");
}

// --- away ------------------------------------------------------------------------------------------------------------

TEST_F(RedisFault, ThatIsNotThereIsToldOnceAndFailsAtOnce) {
  const std::string port = std::to_string(free_port());
  const auto queues = watch(open(options("redis://metrics:canary@127.0.0.1:" + port + "/2")));
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(failure(*queues), AllOf(HasSubstr("Redis 127.0.0.1:" + port + "/2: "), HasSubstr("Connection refused"),
                                        Not(HasSubstr("canary"))));
  }
  EXPECT_THAT(ups(), ElementsAre(false));
  EXPECT_THAT(told_.availability[0].second, Not(HasSubstr("canary")));
}

TEST_F(RedisFault, ThatIsKilledComesBackByItself) {
  const auto queues = watch(open(options()));
  read(*queues);
  redis_server().kill();
  EXPECT_NE(failure(*queues), "(none)");
  redis_server().start();
  EXPECT_TRUE(recovers(*queues));
  EXPECT_THAT(ups(), ElementsAre(true, false, true));
}

TEST_F(RedisFault, ThatWasRestartedWhileNobodyAskedIsNoFailure) {
  const auto queues = watch(open(options()));
  read(*queues);
  redis_server().kill();
  redis_server().start();
  EXPECT_EQ(failure(*queues), "(none)");
  EXPECT_THAT(ups(), ElementsAre(true));
}

TEST_F(RedisFault, ThatStandsStillCostsOneTimeoutAndThenNothing) {
  auto patient = options();
  patient.first_backoff = patient.last_backoff = 30s;
  const auto queues = watch(open(patient));
  read(*queues);
  redis_server().server().signal(SIGSTOP);
  std::string first;
  const auto once = duration_of([&] { first = failure(*queues); });
  EXPECT_THAT(first, HasSubstr("timed out while waiting for its answer"));
  EXPECT_GE(once, 490ms);
  EXPECT_LT(once, 3s);
  const auto then = duration_of([&] {
    for (int i = 0; i < 20; ++i) EXPECT_EQ(failure(*queues), first);
  });
  EXPECT_LT(then, 3s) << "twenty answers at once, not ten seconds";
  redis_server().server().signal(SIGCONT);
  EXPECT_THAT(ups(), ElementsAre(true, false));
}

TEST_F(RedisFault, ThatGoesOnAfterStandingStillIsAskedAgain) {
  const auto queues = watch(open(options()));
  read(*queues);
  redis_server().server().signal(SIGSTOP);
  EXPECT_NE(failure(*queues), "(none)");
  redis_server().server().signal(SIGCONT);
  EXPECT_TRUE(recovers(*queues));
  EXPECT_THAT(ups(), ElementsAre(true, false, true));
}

TEST_F(RedisFault, ThatStandsStillTakesHalfOfARunsTimeAtMost) {
  auto slow = options();
  slow.timeout = 60s;
  const auto queues = watch(open(slow));
  read(*queues);
  redis_server().server().signal(SIGSTOP);
  const auto took = duration_of([&] { EXPECT_NE(failure(*queues, 4s), "(none)"); });
  redis_server().server().signal(SIGCONT);
  EXPECT_GE(took, 1'900ms);
  EXPECT_LT(took, 3'500ms) << "the rest is for the rest of the report";
}

TEST_F(RedisFault, ARunWithoutTimeDoesNotBlameRedis) {
  const auto queues = watch(open(options()));
  EXPECT_THROW(read(*queues, 0ms), DeadlineExceeded);
  EXPECT_THAT(ups(), ElementsAre());
  EXPECT_EQ(failure(*queues), "(none)");
}

TEST_F(RedisFault, ARunThatIsStoppedDoesNotWaitAndDoesNotBlameRedis) {
  auto slow = options();
  slow.timeout = 60s;
  const auto queues = watch(open(slow));
  read(*queues);
  redis_server().server().signal(SIGSTOP);
  std::stop_source stop;
  auto asked = std::async(std::launch::async, [&] { queues->read(steady_clock::now() + 60s, stop.get_token()); });
  stop.request_stop();
  const auto took = duration_of([&] { EXPECT_THROW(asked.get(), SourceUnavailable); });
  redis_server().server().signal(SIGCONT);
  EXPECT_LT(took, 2s);
  EXPECT_THAT(ups(), ElementsAre(true));
  EXPECT_EQ(failure(*queues), "(none)");
}

TEST_F(RedisFault, AServerThatIsNoRedisIsRefused) {
  const HostileServer http("HTTP/1.1 400 Bad Request\r\n\r\n");
  EXPECT_THAT(failure(*watch(open(options(http.url("redis"))))), HasSubstr("the answer is not Redis's protocol"));
}

TEST_F(RedisFault, AnAnswerThatDripsEndsAtTheSameLimit) {
  const HostileServer dripping("*1000000\r\n", 20ms, ":1\r\n");
  const auto queues = watch(open(options(dripping.url("redis"))));
  const auto took = duration_of([&] { EXPECT_THAT(failure(*queues), HasSubstr("timed out")); });
  EXPECT_LT(took, 3s) << "not the hours that the drip would last";
}

TEST_F(RedisFault, AnAnswerOfAnImpossibleLengthIsNotBelieved) {
  const HostileServer lying("$2000000000\r\nabc");
  EXPECT_THAT(failure(*watch(open(options(lying.url("redis"))))), HasSubstr("a text of 2000000000 bytes"));
}

// --- rights ----------------------------------------------------------------------------------------------------------

// The line that config/README.md gives, word by word.
std::vector<std::string> documented_acl() {
  std::istringstream readme(read_text(std::filesystem::path(CRM_SOURCE_DIR) / "config/README.md"));
  for (std::string line; std::getline(readme, line);) {
    if (!line.starts_with("ACL SETUSER crm_metrics ")) continue;
    std::istringstream words(line);
    return {std::istream_iterator<std::string>(words), {}};
  }
  return {};
}

TEST_F(RedisFault, TheDocumentedUserReadsAndNoMore) {
  const auto acl = documented_acl();
  ASSERT_FALSE(acl.empty());
  redis_server().command(acl);
  fill(3);
  redis_server().command({"SELECT", "0"});
  const auto queues = watch(open(options(redis_server().url("crm_metrics:PASSWORD"))));
  EXPECT_EQ(read(*queues).at(0).depth, 9);
  const auto redis = open(options(redis_server().url("crm_metrics:PASSWORD") + "/0"));
  for (const auto& refused : std::vector<std::vector<std::string>>{
           {"DEL", "bull:out:wait"}, {"LPUSH", "bull:out:wait", "x"}, {"KEYS", "*"}, {"LLEN", "other:out:wait"}}) {
    const RedisCommand command{refused};
    const auto replies = redis->ask({&command, 1}, steady_clock::now() + 5s);
    ASSERT_TRUE(replies.at(0).is_error) << refused[0];
    EXPECT_THAT(std::get<std::string>(replies[0].value), HasSubstr("NOPERM"));
  }
  EXPECT_THAT(ups(), ElementsAre(true, true)) << "two connections, neither failed";
}

TEST_F(RedisFault, AQueueThatMayNotBeReadIsLeftOutAndToldOnce) {
  redis_server().command({"ACL", "SETUSER", "half", "reset", "on", ">canary", "~bull:out:*", "+@read"});
  fill(1);
  const auto queues = watch(open(options(redis_server().url("half:canary"))), {"secret", "out"});
  for (int i = 0; i < 2; ++i) {
    const auto states = read(*queues);
    ASSERT_EQ(states.size(), 1U);
    EXPECT_EQ(states[0].queue, "out");
  }
  ASSERT_EQ(told_.readable.size(), 1U);
  EXPECT_EQ(told_.readable[0].first, "secret");
  EXPECT_THAT(told_.readable[0].second, HasSubstr("NOPERM"));
  redis_server().command({"ACL", "SETUSER", "half", "~bull:secret:*"});
  EXPECT_EQ(read(*queues).size(), 2U);
  EXPECT_THAT(told_.readable.back(), ::testing::Pair("secret", ""));
}

TEST_F(RedisFault, AUserWithoutARightIsToldWhich) {
  redis_server().command({"ACL", "SETUSER", "less", "reset", "on", ">canary", "~bull:*", "+@read", "-zcount"});
  EXPECT_THAT(failure(*watch(open(options(redis_server().url("less:canary"))))),
              AllOf(HasSubstr("queue out: NOPERM"), HasSubstr("zcount"), Not(HasSubstr("canary"))));
}

TEST_F(RedisFault, AKeyOfAnotherTypeLeavesTheQueueOut) {
  redis_server().command({"SET", "bull:out:wait", "x"});
  EXPECT_THAT(failure(*watch(open(options()))), HasSubstr("queue out: WRONGTYPE"));
}

TEST_F(RedisFault, AWrongPasswordIsToldWithoutThePassword) {
  for (const char* user : {"default:canary", ":canary", "nobody:canary"}) {
    redis_server().command({"ACL", "SETUSER", "default", "resetpass", ">right"});
    const auto queues = watch(open(options(redis_server().url(user))));
    const std::string why = failure(*queues);
    // The next test's own connections come without one.
    source::RedisConnection admin(
        {.host = "127.0.0.1", .port = static_cast<std::uint16_t>(redis_server().port()), .password = "right"}, {},
        {steady_clock::now() + 5s});
    const RedisCommand open_again{{"ACL", "SETUSER", "default", "nopass"}};
    admin.exchange({&open_again, 1}, {steady_clock::now() + 5s});
    EXPECT_THAT(why, AllOf(HasSubstr("WRONGPASS"), Not(HasSubstr("canary"))));
  }
}

TEST_F(RedisFault, ThatAsksForAPasswordServesNobodyWithoutOne) {
  redis_server().command({"ACL", "SETUSER", "admin", "reset", "on", ">right", "~*", "+@all"});
  redis_server().command({"ACL", "SETUSER", "default", "off"});
  const auto queues = watch(open(options()));
  const std::string why = failure(*queues);
  const RedisCommand open_again{{"ACL", "SETUSER", "default", "on"}};
  open(options(redis_server().url("admin:right")))->ask({&open_again, 1}, steady_clock::now() + 5s);
  EXPECT_THAT(why, HasSubstr("NOAUTH"));
  EXPECT_TRUE(recovers(*queues));
  EXPECT_EQ(ups().front(), false);
}

TEST_F(RedisFault, APasswordIsPercentDecoded) {
  redis_server().command({"ACL", "SETUSER", "odd", "reset", "on", ">p@ss/w:rd%", "~bull:*", "+@read"});
  EXPECT_EQ(failure(*watch(open(options(redis_server().url("odd:p%40ss%2Fw%3Ard%25"))))), "(none)");
}

TEST_F(RedisFault, ADatabaseIsChosen) {
  const RedisCommand name{{"SET", "bull:out:only-in-three", "x"}};
  open(options(redis_server().url() + "/3"))->ask({&name, 1}, steady_clock::now() + 5s);
  EXPECT_EQ(redis_server().command({"EXISTS", "bull:out:only-in-three"}), "0");
  EXPECT_THAT(failure(*watch(open(options(redis_server().url() + "/99")))), HasSubstr("DB index is out of range"));
}

// --- TLS -------------------------------------------------------------------------------------------------------------

TEST_F(RedisFault, TlsWorksWithTheAuthorityThatIsTrusted) {
  fill(1);
  for (const char* host : {"127.0.0.1", "localhost"}) {
    auto secure = options("rediss://" + std::string(host) + ":" + std::to_string(redis_server().tls_port()));
    secure.ca_file = redis_server().ca_file();
    EXPECT_EQ(read(*watch(open(secure))).at(0).depth, 3) << host;
  }
}

TEST_F(RedisFault, TlsRefusesACertificateThatNobodyVouchesFor) {
  const auto queues = watch(open(options("rediss://127.0.0.1:" + std::to_string(redis_server().tls_port()))));
  EXPECT_THAT(failure(*queues), HasSubstr("certificate"));
}

TEST_F(RedisFault, TlsRefusesACertificateForAnotherName) {
  auto other = options("rediss://127.0.0.2:" + std::to_string(redis_server().tls_port()));
  redis_server().command({"CONFIG", "SET", "bind", "127.0.0.1 127.0.0.2"});
  other.ca_file = redis_server().ca_file();
  EXPECT_THAT(failure(*watch(open(other))), HasSubstr("ertificate"));
}

TEST_F(RedisFault, TlsThatStandsStillEndsToo) {
  auto secure = options("rediss://127.0.0.1:" + std::to_string(redis_server().tls_port()));
  secure.ca_file = redis_server().ca_file();
  redis_server().server().signal(SIGSTOP);
  const auto took = duration_of([&] { EXPECT_NE(failure(*watch(open(secure))), "(none)"); });
  redis_server().server().signal(SIGCONT);
  EXPECT_LT(took, 4s);
}

// --- a plugin's own commands -----------------------------------------------------------------------------------------

TEST_F(RedisFault, EveryKindOfReplyArrives) {
  const std::vector<RedisCommand> commands{{{"SET", "bull:x", "a\r\nb"}},
                                           {{"GET", "bull:x"}},
                                           {{"GET", "bull:none"}},
                                           {{"STRLEN", "bull:x"}},
                                           {{"LPUSH", "bull:x", "1"}},
                                           {{"EVAL", "return {1, {'two', false}, {}}", "0"}},
                                           {{"GETRANGE", "bull:x", "9", "9"}}};
  const auto replies = open(options())->ask(commands, steady_clock::now() + 5s);
  ASSERT_EQ(replies.size(), commands.size());
  EXPECT_EQ(std::get<std::string>(replies[0].value), "OK");
  EXPECT_EQ(std::get<std::string>(replies[1].value), "a\r\nb");
  EXPECT_TRUE(std::holds_alternative<std::monostate>(replies[2].value));
  EXPECT_EQ(std::get<std::int64_t>(replies[3].value), 4);
  EXPECT_TRUE(replies[4].is_error);
  const auto& list = std::get<std::vector<RedisReply>>(replies[5].value);
  ASSERT_EQ(list.size(), 3U);
  EXPECT_EQ(std::get<std::int64_t>(list[0].value), 1);
  EXPECT_EQ(std::get<std::string>(std::get<std::vector<RedisReply>>(list[1].value).at(0).value), "two");
  EXPECT_TRUE(std::get<std::vector<RedisReply>>(list[2].value).empty());
  EXPECT_EQ(std::get<std::string>(replies[6].value), "");
}

TEST_F(RedisFault, ALargeAnswerArrivesWhole) {
  redis_server().command({"EVAL", "redis.call('SET', 'bull:x', string.rep('x', 5000000))", "0"});
  const RedisCommand get{{"GET", "bull:x"}};
  auto patient = options();
  patient.timeout = 10s;
  const auto replies = open(patient)->ask({&get, 1}, steady_clock::now() + 30s);
  EXPECT_EQ(std::get<std::string>(replies.at(0).value), std::string(5'000'000, 'x'));
}

}  // namespace
