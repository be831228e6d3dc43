// The real binary with a queue: on a real Redis that comes and goes, and without one.

#include <regex>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>

#include <crm/sdk/json.h>

#include "cluster.h"
#include "daemon.h"
#include "support/redis_server.h"

namespace {

using namespace crm::testing;
using crm::Json;
using ::testing::HasSubstr;
using ::testing::Not;

class DaemonWithQueue : public ::testing::Test {
 protected:
  std::string with_redis(const std::string& names = "[out]") const {
    return fmt::format(
        "redis: {{url: \"redis://crm:canary-of-the-test@127.0.0.1:{}\", timeout: 300ms}}\nqueue: {{names: {}}}\n",
        redis_.port(), names);
  }
  void allow_user() const {
    redis_.command({"ACL", "SETUSER", "crm", "on", ">canary-of-the-test", "~bull:*", "+@read"});
  }
  static Json queues(const Daemon& daemon) {
    const Reply reply = daemon.api("/api/dashboard/queues");
    EXPECT_EQ(reply.status, 200) << reply.body;
    return Json::parse(reply.body)["queues"];
  }
  static bool becomes(const Daemon& daemon, const std::string& series, std::optional<double> value) {
    return eventually([&] { return daemon.metric(series) == value; });
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t times = 0;
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
    return times;
  }

  const std::string url_ = cluster().create_reference_database();
  RedisServer redis_;
};

TEST_F(DaemonWithQueue, LosesItsNumbersWithRedisAndNothingElse) {
  allow_user();
  redis_.command({"LPUSH", "bull:out:wait", "1", "2"});
  Daemon daemon(url_, {"kpi", "queues"}, with_redis());
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  EXPECT_EQ(queues(daemon), (Json{{"out", 2}}));
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", 1));
  EXPECT_TRUE(becomes(daemon, R"(crm_test_queue_depth{queue="out"})", 2));

  redis_.kill();
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", 0));
  EXPECT_TRUE(becomes(daemon, R"(crm_test_queue_depth{queue="out"})", std::nullopt)) << "no old number as a new one";
  EXPECT_EQ(queues(daemon), Json::object());
  EXPECT_EQ(daemon.api("/api/dashboard/kpi").status, 200);
  EXPECT_EQ(daemon.metric(R"(crm_collector_success{collector="queues"})"), 1) << "in part";
  EXPECT_EQ(daemon.admin("/-/ready").status, 200);

  redis_.start();
  allow_user();
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", 1));
  EXPECT_TRUE(becomes(daemon, R"(crm_test_queue_depth{queue="out"})", 0)) << "it kept nothing";
  EXPECT_EQ(count(daemon.log(), "; trying again"), 1U) << daemon.log();
  EXPECT_THAT(daemon.log() + daemon.metrics() + daemon.admin("/").body, Not(HasSubstr("canary-of-the-test")));
}

TEST_F(DaemonWithQueue, AnswersQuicklyWhileRedisStandsStill) {
  allow_user();
  Daemon daemon(url_, {"kpi", "queues"}, with_redis());
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  redis_.server().signal(SIGSTOP);
  const auto began = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(daemon.api("/api/dashboard/queues").status, 200);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(6));
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", 0));
  redis_.server().signal(SIGCONT);
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", 1));
}

TEST_F(DaemonWithQueue, ChangesBetweenRedisAndTheTableByReload) {
  allow_user();
  redis_.command({"ZADD", "bull:out:completed", "1", "a"});
  execute(url_,
          "INSERT INTO messages (direction, sender_type, delivery_status, created_at) VALUES ('outbound', 'agent', "
          "'pending', now() AT TIME ZONE 'UTC' - interval '5 s')");
  Daemon daemon(url_, {"kpi", "queues"}, "timezone: UTC\n");
  daemon.start();
  ASSERT_TRUE(daemon.ready()) << daemon.log();
  EXPECT_EQ(daemon.metric("crm_redis_up"), std::nullopt);
  const auto reload = [&](const std::string& yaml) {
    daemon.configure(url_, yaml);
    daemon.process().signal(SIGHUP);
  };
  reload(with_redis());
  EXPECT_TRUE(eventually([&] { return queues(daemon) == (Json{{"out", 0}}); })) << daemon.log();
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", 1));
  redis_.command({"ZADD", "bull:out:completed", "2", "b", "3", "c"});
  const std::string completed = R"(crm_test_queue_completed_total{queue="out"})";
  EXPECT_TRUE(becomes(daemon, completed, 2));
  reload(with_redis("[other, out]"));
  EXPECT_TRUE(eventually([&] { return queues(daemon).size() == 2; }));
  EXPECT_TRUE(becomes(daemon, R"(crm_test_queue_completed_total{queue="other"})", 0));
  EXPECT_EQ(daemon.metric(completed), 2) << "a reload does not begin a counter anew";
  reload("");
  EXPECT_TRUE(eventually([&] { return queues(daemon) == (Json{{"messages", 1}}); }));
  EXPECT_TRUE(becomes(daemon, "crm_redis_up", std::nullopt));
}

TEST_F(DaemonWithQueue, RefusesAQueueWithoutARedis) {
  Daemon daemon(url_, {"queues"}, "queue: {names: [out]}\n");
  const Finished check = run({CRM_DAEMON, "check", "--config", daemon.config().string()});
  EXPECT_EQ(check.status, 1);
  const std::string one_line = std::regex_replace(check.output, std::regex("\\s+"), " ");
  EXPECT_THAT(one_line, HasSubstr("queue.names: are queues of a Redis, and redis.url names none"));
}

TEST_F(DaemonWithQueue, PrintsNoSecret) {
  Daemon daemon(url_, {"queues"}, with_redis());
  const Finished print = run({CRM_DAEMON, "config", "print", "--config", daemon.config().string()});
  EXPECT_EQ(print.status, 0);
  EXPECT_THAT(print.output, HasSubstr("url: redis://crm:***@127.0.0.1:"));
  EXPECT_THAT(print.output, Not(HasSubstr("canary-of-the-test")));
}

}  // namespace
