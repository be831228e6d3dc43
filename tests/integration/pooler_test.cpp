// What a PgBouncer in transaction mode does to the daemon, and what others do to it: neighbours in the same server
// connections, cancels, a pooler that is paused, full, killed, or whose server is away. (That all numbers are the same
// through it is what the other programs say, in their pooled runs.)

#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "source_fixture.h"
#include "support/neighbour.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::ThrowsMessage;

constexpr const char* count_tickets = "SELECT count(*) AS n FROM tickets t";

std::chrono::milliseconds duration_of(const std::function<void()>& work) {
  const auto began = steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
}

class Pooler : public SourceTest {
 protected:
  PgBouncer& with(const std::string& settings) {
    pooler_ = std::make_unique<PgBouncer>(cluster().port(), settings);
    return *pooler_;
  }
  PgBouncer& plain() { return with(""); }

  source::PostgresOptions through() const {
    source::PostgresOptions options;
    options.url = pooler_->url(url_);
    options.cancel_grace = 300ms;
    options.connect_timeout = 2s;
    return options;
  }

  // What the next client of the pool is told. It suffers from a timeout of a millisecond, so it may have to ask again.
  static std::string told_to_a_neighbour(const std::string& url, const std::string& sql) {
    std::string answer;
    EXPECT_TRUE(eventually([&] {
      try {
        answer = scalar(url, sql);
        return true;
      } catch (const std::runtime_error&) {
        return false;
      }
    }));
    return answer;
  }

  // Takes all of the pool's server connections, until the end of the scope at the latest.
  class Occupied {
   public:
    explicit Occupied(const std::string& url) {
      for (int i = 0; i < PgBouncer::pool_size; ++i) {
        source::PostgresOptions options;
        options.url = url;
        options.application_name = "occupant";
        postgres_.push_back(std::make_unique<source::Postgres>(options, Settings{}));
        held_.push_back(open(*postgres_.back()));
      }
    }

   private:
    std::vector<std::unique_ptr<source::Postgres>> postgres_;
    std::vector<std::unique_ptr<source::Snapshot>> held_;
  };

  std::unique_ptr<PgBouncer> pooler_;
};

// --- neighbours ------------------------------------------------------------------------------------------------------

// All settings of a session, and who it is; without a limit that ends with the run's deadline.
constexpr const char* settings_sql =
    "SELECT string_agg(name || ' = ' || setting, E'\\n' ORDER BY name) || E'\\nuser ' || current_user || ', ' || "
    "session_user AS settings FROM pg_settings WHERE name <> 'idle_in_transaction_session_timeout'";

TEST_F(Pooler, ARunFindsTheSettingsOfADirectConnectionWhateverNeighboursLeft) {
  const std::string url = plain().url(url_);
  leave_session_state(url);
  EXPECT_EQ(told_to_a_neighbour(url, "SHOW search_path"), "pg_temp, public") << "the next client finds what they left";
  source::Postgres direct(options(), {});
  source::Postgres pooled(through(), {});
  const auto a_direct_one = open(direct);
  const auto a_pooled_one = open(pooled);
  EXPECT_EQ(value(*a_pooled_one, settings_sql), value(*a_direct_one, settings_sql));
}

TEST_F(Pooler, ARunLeavesNothingOfItsOwnBehind) {
  const std::string url = plain().url(url_);
  leave_session_state(url);
  source::Postgres postgres(through(), {});
  EXPECT_EQ(value(*open(postgres), count_tickets), "0");
  EXPECT_EQ(told_to_a_neighbour(url, "SHOW search_path"), "pg_temp, public") << "as its neighbours had it";
  EXPECT_EQ(told_to_a_neighbour(url, "SHOW transform_null_equals"), "on");
  EXPECT_EQ(told_to_a_neighbour(url, "SELECT current_user"), "pg_monitor");
}

TEST_F(Pooler, NumbersStayTheSameWhileNeighboursMisbehave) {
  execute(url_, "INSERT INTO tickets (priority, created_at) VALUES ('high', '2026-03-10 09:00')");
  const std::string url = plain().url(url_);
  std::atomic<int> rounds = 0;
  std::jthread neighbours([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      try {
        leave_session_state(url);
        ++rounds;
      } catch (const std::runtime_error&) {
        // Their own timeouts of a millisecond hit them too.
      }
    }
  });
  source::Postgres postgres(through(), {});
  std::vector<std::jthread> callers;
  std::atomic<int> answers = 0;
  for (int i = 0; i < 3; ++i) {
    callers.emplace_back([&] {
      const auto until = steady_clock::now() + 60s;
      for (int n = 0; n < 60 || (rounds < 4 && steady_clock::now() < until); ++n) {
        const auto snapshot = open(postgres);
        EXPECT_EQ(value(*snapshot, "SELECT min(t.created_at) || ' ' || count(*) AS n FROM tickets t"),
                  "2026-03-10 09:00:00 1");
        EXPECT_EQ(value(*snapshot, "SELECT 1.0::float8 / 3 AS third"), "0.3333333333333333");
        ++answers;
      }
    });
  }
  callers.clear();
  EXPECT_GE(answers, 3 * 60);
  EXPECT_GE(rounds, 4) << "they did misbehave";
  // One that the pooler has closed may still be ending while another is there in its place.
  EXPECT_TRUE(eventually([&] { return backends().size() <= static_cast<std::size_t>(PgBouncer::pool_size); }))
      << "all of them shared these";
}

// --- cancels ---------------------------------------------------------------------------------------------------------

TEST_F(Pooler, ACancelEndsItsOwnStatementAndNoNeighbours) {
  const std::string url = plain().url(url_);
  source::Postgres postgres(through(), {});
  auto neighbour = std::async(std::launch::async, [&] { return scalar(url, "SELECT pg_sleep(1.5)::text || 'done'"); });
  std::stop_source stop;
  const auto snapshot =
      postgres.open({.scope = Scope::everyone(), .deadline = steady_clock::now() + 60s, .stop = stop.get_token()});
  auto run = std::async(std::launch::async, [&] { ask(*snapshot, "SELECT pg_sleep(60)::text AS n"); });
  ASSERT_TRUE(eventually([&] { return connections("active") == 1; }));
  EXPECT_LT(duration_of([&] {
              stop.request_stop();
              EXPECT_THROW(run.get(), SourceUnavailable);
            }),
            1s);
  EXPECT_TRUE(eventually([&] { return connections("active") == 0; }, 2s)) << "the server works on for nobody";
  EXPECT_EQ(neighbour.get(), "done");
}

// --- a pooler that does not serve ------------------------------------------------------------------------------------

TEST_F(Pooler, APausedPoolerCostsARunItsDeadlineAndSaysSo) {
  PgBouncer& pooler = plain();
  Told told;
  source::Postgres postgres(through(), {}, told.observer());
  open(postgres);
  pooler.command("PAUSE");
  for (const auto within : {500ms, 2'500ms}) {
    EXPECT_LT(duration_of([&] {
                EXPECT_THAT([&] { open(postgres, Scope::everyone(), within); },
                            ThrowsMessage<DeadlineExceeded>(
                                AllOf(HasSubstr(fmt::format("127.0.0.1:{}/test_", pooler.port())),
                                      HasSubstr("began no transaction before the deadline"), HasSubstr("paused"))));
              }),
              within + 300ms + 700ms);
    EXPECT_THAT(told.ups().size(), within == 500ms ? 1U : 2U) << "a short deadline blames nobody";
  }
  pooler.command("RESUME");
  EXPECT_TRUE(opens_again(postgres));
  EXPECT_THAT(told.ups(), ElementsAre(true, false, true));
}

TEST_F(Pooler, APauseWaitsForARunAndNotTheRunForThePause) {
  PgBouncer& pooler = plain();
  source::Postgres postgres(through(), {});
  auto snapshot = open(postgres);
  auto pause = std::async(std::launch::async, [&] { pooler.command("PAUSE"); });
  ASSERT_TRUE(eventually([&] {
    try {
      open(postgres, Scope::everyone(), 200ms);
      return false;
    } catch (const DeadlineExceeded&) {
      return true;
    }
  })) << "nobody else may begin";
  EXPECT_EQ(value(*snapshot, count_tickets), "0");
  snapshot.reset();
  pause.get();
  pooler.command("RESUME");
  EXPECT_TRUE(opens_again(postgres));
}

TEST_F(Pooler, WhenNeighboursHoldAllItsServerConnectionsARunWaitsUntilItsDeadline) {
  const std::string url = plain().url(url_);
  source::Postgres postgres(through(), {});
  {
    const Occupied occupied(url);
    EXPECT_LT(duration_of([&] { EXPECT_THROW(open(postgres, Scope::everyone(), 500ms), DeadlineExceeded); }),
              500ms + 300ms + 700ms);
  }
  EXPECT_TRUE(opens_again(postgres));
}

TEST_F(Pooler, ItsQueryWaitTimeoutIsToldInItsOwnWords) {
  const std::string url = with("query_wait_timeout = 1\n").url(url_);
  source::Postgres postgres(through(), {});
  open(postgres);
  {
    const Occupied occupied(url);
    EXPECT_LT(duration_of([&] {
                EXPECT_THAT([&] { open(postgres); }, ThrowsMessage<SourceUnavailable>(HasSubstr("query_wait_timeout")));
              }),
              5s);
  }
  EXPECT_TRUE(opens_again(postgres));
}

TEST_F(Pooler, ItsConnectionLimitIsToldInItsOwnWords) {
  const std::string url = with("max_client_conn = 3\n").url(url_);
  source::Postgres postgres(through(), {});
  {
    const Occupied occupied(url);
    EXPECT_THAT([&] { open(postgres); },
                ThrowsMessage<SourceUnavailable>(
                    AllOf(HasSubstr("cannot connect to PostgreSQL"), HasSubstr("no more connections allowed"))));
  }
  EXPECT_TRUE(opens_again(postgres));
}

TEST_F(Pooler, StartupOptionsAreRefusedUnlessItIsToldToIgnoreThem) {
  const auto with_options = [&] {
    source::PostgresOptions options = through();
    options.url += "?options=-c%20search_path%3Delsewhere";
    return options;
  };
  plain();
  source::Postgres refused(with_options(), {});
  EXPECT_THAT([&] { open(refused); },
              ThrowsMessage<SourceUnavailable>(HasSubstr("unsupported startup parameter: options")));
  with("ignore_startup_parameters = options\n");
  source::Postgres ignored(with_options(), {});
  EXPECT_EQ(value(*open(ignored), count_tickets), "0");
}

TEST_F(Pooler, StatementModeIsRefusedInItsOwnWords) {
  with("pool_mode = statement\n");
  source::Postgres postgres(through(), {});
  EXPECT_THAT([&] { open(postgres); }, ThrowsMessage<SourceUnavailable>(HasSubstr("statement pooling mode")));
}

TEST_F(Pooler, SessionModeServesToo) {
  with("pool_mode = session\nserver_reset_query =\n");
  source::Postgres postgres(through(), {});
  EXPECT_EQ(value(*open(postgres), count_tickets), "0");
}

// --- one of the two is gone ------------------------------------------------------------------------------------------

TEST_F(Pooler, AKilledPoolerIsNoticedAtOnceAndFoundAgain) {
  PgBouncer& pooler = plain();
  Told told;
  source::Postgres postgres(through(), {}, told.observer());
  const auto snapshot = open(postgres);
  open(postgres);
  pooler.kill();
  EXPECT_LT(duration_of([&] {
              EXPECT_THAT([&] { ask(*snapshot, count_tickets); },
                          ThrowsMessage<SourceUnavailable>(HasSubstr("PostgreSQL went away")));
              EXPECT_THAT([&] { open(postgres); },
                          ThrowsMessage<SourceUnavailable>(
                              AllOf(HasSubstr("cannot connect"), HasSubstr(std::to_string(pooler.port())))));
            }),
            1s);
  pooler.start();
  EXPECT_TRUE(opens_again(postgres));
  EXPECT_THAT(told.ups(), ElementsAre(true, false, true));
}

TEST_F(Pooler, AKilledServerBehindItIsNoticedAndFoundAgain) {
  plain();
  Told told;
  source::Postgres postgres(through(), {}, told.observer());
  auto snapshot = open(postgres);
  auto run = std::async(std::launch::async, [&] { ask(*snapshot, "SELECT pg_sleep(60)::text AS n"); });
  ASSERT_TRUE(eventually([&] { return connections("active") == 1; }));
  {
    Killed server = killed_server();
    EXPECT_LT(duration_of([&] { EXPECT_THROW(run.get(), SourceUnavailable); }), 1s);
    EXPECT_LT(duration_of([&] {
                EXPECT_THAT([&] { open(postgres, Scope::everyone(), 3s); },
                            ThrowsMessage<std::runtime_error>(Not(HasSubstr("\n"))));
              }),
              3s + 300ms + 700ms);
  }
  EXPECT_TRUE(opens_again(postgres));
  EXPECT_THAT(told.ups(), ElementsAre(true, false, true));
}

TEST_F(Pooler, AStoppedPoolerHoldsNoCallForEver) {
  PgBouncer& pooler = plain();
  source::Postgres postgres(through(), {});
  const auto snapshot = open(postgres, Scope::everyone(), 600ms);
  open(postgres);
  Stopped stopped({pooler.process().pid()});
  EXPECT_LT(duration_of([&] { EXPECT_THROW(ask(*snapshot, count_tickets), DeadlineExceeded); }), 600ms + 300ms + 700ms);
  EXPECT_LT(duration_of([&] { EXPECT_THROW(open(postgres, Scope::everyone(), 500ms), DeadlineExceeded); }),
            500ms + 300ms + 700ms);
  stopped.go_on();
  EXPECT_TRUE(opens_again(postgres));
}

}  // namespace
