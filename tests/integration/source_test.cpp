// The source on a real PostgreSQL: snapshots, scopes, deadlines, a server that stops or dies, the pool, the contract.
// The server runs in Asia/Tokyo, so that nothing may lean on its zone.

#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "rollup/fact_query.h"
#include "rollup/fact_registry.h"
#include "source_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StrEq;
using ::testing::ThrowsMessage;

using Source = SourceTest;

constexpr const char* count_tickets = "SELECT count(*) AS n FROM tickets t";
constexpr const char* one_ticket = "INSERT INTO tickets (priority, created_at) VALUES ('high', '2026-03-10 09:00')";

template <typename Work>
std::chrono::milliseconds duration_of(Work work) {
  const auto began = steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - began);
}

// --- one snapshot a run ----------------------------------------------------------------------------------------------

TEST_F(Source, StatementsOfASnapshotSeeTheSameRowsThoughOthersCommitInBetween) {
  source::Postgres postgres(options(), {});
  const auto snapshot = open(postgres);
  EXPECT_EQ(value(*snapshot, count_tickets), "0");
  execute(url_, one_ticket);
  EXPECT_EQ(value(*snapshot, count_tickets), "0") << "as at its beginning";
  EXPECT_EQ(value(*open(postgres), count_tickets), "1") << "the next run sees it";
}

TEST_F(Source, AStatementCannotWrite) {
  source::Postgres postgres(options(), {});
  for (const char* write :
       {"WITH w AS (INSERT INTO public.tickets (priority) VALUES ('high') RETURNING priority) SELECT * FROM w",
        "WITH w AS (DELETE FROM public.profiles RETURNING id) SELECT * FROM w",
        "SELECT nextval('public.numbers') AS n"}) {
    execute(url_, "CREATE SEQUENCE IF NOT EXISTS public.numbers");
    EXPECT_THAT(
        [&] { ask(*open(postgres), write); },
        ThrowsMessage<std::runtime_error>(AllOf(HasSubstr("test/statement"), HasSubstr("read-only transaction"))))
        << write;
  }
  EXPECT_EQ(scalar(url_, "SELECT count(*) FROM tickets"), "0");
}

TEST_F(Source, ASubjectThatIsNoIdIsToldWhatAnIdWouldBe) {
  source::Postgres postgres(options(), {});
  EXPECT_THAT(
      [&] {
        open(postgres, {Role::agent, "7"});
      },
      ThrowsMessage<Forbidden>(StrEq("'7' is no agent id of this CRM (expected uuid)")));
}

TEST_F(Source, OnlyOneStatementIsRunAtATime) {
  source::Postgres postgres(options(), {});
  EXPECT_THROW(ask(*open(postgres), "SELECT 1 AS n; COMMIT; DELETE FROM public.tickets"), std::runtime_error);
}

TEST_F(Source, AsOfIsTheDatabasesClockUnlessGiven) {
  source::Postgres postgres(options(), {});
  const auto snapshot = open(postgres);
  EXPECT_EQ(ask(*snapshot, "SELECT now() AS n")[0].instant("n"), snapshot->as_of());
  const Instant noon = parse_instant("2026-03-10T12:00:00.000001Z").value();
  const auto asked = postgres.open({.scope = Scope::everyone(), .deadline = steady_clock::now() + 30s, .as_of = noon});
  EXPECT_EQ(value(*asked, "SELECT :as_of AS n"), "2026-03-10 12:00:00.000001+00") << "UTC, not the server's zone";
}

TEST_F(Source, AStatementThatFailsEndsItsRunAndNoOther) {
  source::Postgres postgres(options(), {});
  {
    const auto snapshot = open(postgres);
    EXPECT_THAT([&] { ask(*snapshot, "SELECT 1 / 0 AS n"); },
                ThrowsMessage<std::runtime_error>(AllOf(HasSubstr("test/statement"), HasSubstr("division by zero"))));
    EXPECT_THROW(ask(*snapshot, "SELECT 1 AS n"), std::runtime_error) << "its transaction is over";
  }
  EXPECT_EQ(value(*open(postgres), "SELECT 1 AS n"), "1");
}

TEST_F(Source, NullsAndNumbersThatAreNoneAreData) {
  source::Postgres postgres(options(), {});
  const Rows rows = ask(*open(postgres), "SELECT x FROM (VALUES (NULL::numeric), ('NaN'), (1e400), (2.5)) AS v (x)");
  ASSERT_EQ(rows.size(), 4U);
  double sum = 0;
  EXPECT_EQ(rows.each([&](const Row& row) { sum += row.real("x"); }), 3U) << "NULL, NaN and 1e400 are skipped";
  EXPECT_EQ(sum, 2.5);
}

// --- scope -----------------------------------------------------------------------------------------------------------

TEST_F(Source, AStatementWithoutAgentsIsRefusedUnlessItIsUnscoped) {
  source::Postgres postgres(options(), {});
  const auto snapshot = open(postgres);
  // Neither a comment nor a string makes it scoped.
  for (const char* sql : {"SELECT 1 AS n", "SELECT 1 AS n -- :agents", "SELECT ':agents' AS n", "SELECT 1::agents"}) {
    EXPECT_THAT([&] { snapshot->run("kpi/careless", sql, {}, false); },
                ThrowsMessage<UsageError>(StrEq("statement kpi/careless does not use :agents: filter by it, or declare "
                                                "the statement Unscoped")))
        << sql;
  }
  EXPECT_EQ(snapshot->run("kpi/careful", "SELECT :agents IS NULL AS everyone", {}, false)[0].boolean("everyone"), true);
  EXPECT_EQ(snapshot->run("sessions", "SELECT 1 AS n", {}, true)[0].integer("n"), 1);
}

// The same CRM in other types: ids, and which of the time columns have a zone.
struct Kind {
  std::string name;
  std::string id_type;
  std::string time;
  std::string other_time;
  std::string (*id)(int n);
  std::vector<std::string> no_ids;

  friend void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }
};

std::string uuid(int n) {
  return fmt::format("00000000-0000-4000-8000-{:012}", n);
}
std::string large(int n) {
  return std::to_string(9'007'199'254'740'992 + n);  // beyond what a double can tell apart
}
std::string small(int n) {
  return std::to_string(n);
}
std::string words(int n) {
  return fmt::format(R"(NULL, "{}" {{it's}} \ ü)", n);
}

class SourceOfKind : public SourceTest, public ::testing::WithParamInterface<Kind> {
 protected:
  SourceOfKind() {
    execute(crm_, fmt::format(R"(
CREATE SCHEMA crm_source;
SET search_path = crm_source;
CREATE TABLE agents (agent_id {0}, agent_name text, role text, is_active boolean);
CREATE TABLE team_members (supervisor_id {0}, agent_id {0});
CREATE TABLE conversations (conversation_id {0}, contact_id {0}, agent_id {0}, created_at {1}, resolved_at {2},
  escalated_at {1}, satisfaction_score smallint);
CREATE TABLE messages (message_id {0}, conversation_id {0}, direction text, sender_type text, sender_agent_id {0},
  recipient text, delivery_status text, created_at {2}, sent_at {1}, delivered_at {2}, read_at {1}, failed_at {2},
  failed_reason text, campaign_id {0});
INSERT INTO agents VALUES ({a1}, 'ann', 'agent', NULL), ({a2}, 'bob', 'agent', true), ({a3}, 'sue', 'supervisor', true),
  ({a4}, 'tom', 'supervisor', true);
INSERT INTO team_members VALUES ({a3}, {a1});
INSERT INTO conversations (conversation_id, agent_id, created_at, resolved_at) VALUES
  ({a1}, {a1}, '2026-03-10 09:00+00', NULL),
  ({a2}, {a2}, '2026-03-09 23:59+00', '2026-03-10 10:00+00'),
  ({a3}, {a3}, '2026-03-10 11:59:59.999999+00', NULL),
  ({a4}, NULL, '2026-03-10 06:00+00', '2026-03-10 12:00:00.000001+00');
INSERT INTO messages (message_id, conversation_id, direction, sender_type, delivery_status, created_at, sent_at,
  delivered_at, failed_at, campaign_id) VALUES
  ({a1}, {a1}, 'inbound', 'customer', 'delivered', '2026-03-10 09:00+00', NULL, NULL, NULL, NULL),
  ({a2}, {a1}, 'outbound', 'agent', 'sent', '2026-03-10 09:02+00', '2026-03-10 09:02+00', '2026-03-10 12:00+00', NULL, NULL),
  ({a3}, {a2}, 'inbound', 'customer', 'delivered', '2026-03-09 23:59+00', NULL, NULL, NULL, NULL),
  ({a4}, {a2}, 'inbound', 'customer', 'delivered', '2026-03-09 23:59:59.999999+00', NULL, NULL, NULL, NULL),
  ({a5}, {a2}, 'outbound', 'agent', 'delivered', '2026-03-10 00:00+00', '2026-03-10 00:00:05+00', '2026-03-10 12:00:00.000001+00', NULL, NULL),
  ({a6}, {a3}, 'inbound', 'customer', 'delivered', '2026-03-10 11:59:59.999999+00', NULL, NULL, NULL, NULL),
  ({a7}, {a3}, 'inbound', 'customer', 'delivered', '2026-03-10 12:00+00', NULL, NULL, NULL, NULL),
  ({a8}, {a4}, 'inbound', 'customer', 'delivered', '2026-03-10 06:00+00', NULL, NULL, NULL, NULL),
  ({a9}, NULL, 'outbound', 'agent', 'failed', '2026-03-10 07:00+00', NULL, NULL, '2026-03-10 07:01+00', {a1});
)",
                              GetParam().id_type, GetParam().time, GetParam().other_time, fmt::arg("a1", literal(1)),
                              fmt::arg("a2", literal(2)), fmt::arg("a3", literal(3)), fmt::arg("a4", literal(4)),
                              fmt::arg("a5", literal(5)), fmt::arg("a6", literal(6)), fmt::arg("a7", literal(7)),
                              fmt::arg("a8", literal(8)), fmt::arg("a9", literal(9))));
    source::PostgresOptions options;
    options.url = daemon_url(crm_);
    postgres_ = std::make_unique<source::Postgres>(options, Settings{});
  }

  static std::string literal(int n) {
    std::string text = "'";
    for (const char c : GetParam().id(n)) text += c == '\'' ? std::string("''") : std::string(1, c);
    return text + "'";
  }

  static Scope scope(Role role, int n) { return {role, GetParam().id(n)}; }

  std::unique_ptr<source::Snapshot> at_noon(const Scope& scope) {
    return postgres_->open({.scope = scope,
                            .deadline = steady_clock::now() + 30s,
                            .as_of = parse_instant("2026-03-10T12:00:00Z").value()});
  }

  // Until noon of 10 March, as of noon.
  std::int64_t fact(const std::string& name, const std::string& column, const Scope& scope) {
    const FactQuery query{
        name, {parse_instant("2026-03-10T00:00:00Z").value(), parse_instant("2026-03-10T12:00:00Z").value()}};
    const auto& definition = registry_.get(name);
    return rollup::to_table(
               definition, query,
               at_noon(scope)->run(name, rollup::aggregate_sql(definition, query), rollup::bind_query(query), false))
        .sum(column);
  }

  std::string open_at_noon(const Scope& scope) {
    return std::string(at_noon(scope)
                           ->run("open",
                                 "SELECT count(*) AS n FROM conversations c WHERE c.created_at <= :as_of AND "
                                 "(c.resolved_at IS NULL OR c.resolved_at > :as_of) AND "
                                 "(:agents IS NULL OR c.agent_id = ANY (:agents))",
                                 {}, false)[0]
                           .text("n"));
  }

  const std::string crm_ = cluster().create_database();
  std::unique_ptr<source::Postgres> postgres_;
  rollup::FactRegistry registry_;
};

TEST_P(SourceOfKind, CountsTheSame) {
  const Scope owner = Scope::everyone();
  EXPECT_EQ(fact("messages", "inbound", owner), 3);    // ann's, sue's 1 µs before noon, nobody's; bob's were yesterday
  EXPECT_EQ(fact("messages", "outbound", owner), 3);   // ann's, bob's at midnight sharp, the broadcast
  EXPECT_EQ(fact("messages", "sent", owner), 3);       // 09:02, 00:00:05, and what failed had left the queue
  EXPECT_EQ(fact("messages", "delivered", owner), 1);  // ann's at noon sharp; bob's 1 µs later is not yet
  EXPECT_EQ(fact("messages", "failed", owner), 1);     // the broadcast
  EXPECT_EQ(fact("turns", "answered", owner), 2);      // ann's and bob's
  EXPECT_EQ(fact("turns", "response_ms", owner), 120'000 + 60'000);  // 09:00 → 09:02, 23:59 → 00:00
  EXPECT_EQ(open_at_noon(owner), "3");  // ann's, sue's, and nobody's for 1 µs more; bob's was resolved at ten
}

TEST_P(SourceOfKind, AnAgentSeesHisOwnRows) {
  const Scope ann = scope(Role::agent, 1);
  EXPECT_EQ(fact("messages", "inbound", ann), 1);
  EXPECT_EQ(fact("messages", "outbound", ann), 1);
  EXPECT_EQ(fact("turns", "response_ms", ann), 120'000);
  EXPECT_EQ(open_at_noon(ann), "1");
  EXPECT_EQ(open_at_noon(scope(Role::agent, 2)), "0") << "bob's is resolved";
  EXPECT_EQ(open_at_noon(scope(Role::agent, 77)), "0") << "a stranger";
}

TEST_P(SourceOfKind, ASupervisorSeesTheTeamAndHerOwnRows) {
  const Scope sue = scope(Role::supervisor, 3);
  EXPECT_EQ(fact("messages", "inbound", sue), 2);  // ann's and her own
  EXPECT_EQ(fact("turns", "response_ms", sue), 120'000) << "ann's, not bob's";
  EXPECT_EQ(open_at_noon(sue), "2");
  EXPECT_EQ(open_at_noon(scope(Role::agent, 3)), "1") << "as a mere agent: her own";
  EXPECT_EQ(open_at_noon(scope(Role::supervisor, 4)), "0") << "an empty team, nothing of one's own";
  EXPECT_EQ(open_at_noon(scope(Role::supervisor, 1)), "1") << "a supervisor without a team sees her own";
}

TEST_P(SourceOfKind, WhatIsNoIdIsForbidden) {
  for (const std::string& subject : GetParam().no_ids) {
    for (const Role role : {Role::agent, Role::supervisor}) {
      EXPECT_THROW(at_noon({role, subject}), Forbidden) << "'" << subject << "'";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, SourceOfKind,
    ::testing::Values(
        Kind{"UuidAndTimestamp",
             "uuid",
             "timestamp",
             "timestamp",
             uuid,
             {"", "7", "00000000-0000-4000-8000-00000000000"}},
        Kind{"UuidMixed", "uuid", "timestamp", "timestamptz", uuid, {"not-a-uuid", "' OR true --"}},
        Kind{"BigintMixedTheOtherWay",
             "bigint",
             "timestamptz",
             "timestamp",
             large,
             {"", "x", "9223372036854775808", "1 "}},
        Kind{"IntegerAndTimestamptz", "integer", "timestamptz", "timestamptz", small, {"2147483648", "1.0", "NULL"}},
        Kind{"TextMixed", "text", "timestamp", "timestamptz", words, {"", std::string("a\0b", 3), "\xff\xfe"}},
        Kind{"VarcharMixed", "varchar(60)", "timestamptz", "timestamp", words, {""}}),
    [](const auto& kind) { return kind.param.name; });

// --- deadlines and stops ---------------------------------------------------------------------------------------------

TEST_F(Source, AStatementEndsCloseToItsDeadlineAndSaysWhich) {
  source::Postgres postgres(options(), {});
  pid_t backend = 0;
  const auto took = duration_of([&] {
    const auto snapshot = open(postgres, Scope::everyone(), 400ms);
    backend = backend_of(*snapshot);
    EXPECT_THAT([&] { snapshot->run("kpi/slow", "SELECT pg_sleep(30)::text AS n", {}, true); },
                ThrowsMessage<DeadlineExceeded>(HasSubstr("kpi/slow")));
  });
  EXPECT_GE(took, 390ms);
  EXPECT_LT(took, 1'400ms);
  EXPECT_EQ(postgres.usage().idle, 0U) << "a cancel may still be on its way to that connection";
  const auto next = open(postgres);
  if (pooled()) {
    // The pooler waits for the cancel's end before it gives that backend to anybody.
    EXPECT_EQ(value(*next, "SELECT 1 AS n"), "1");
  } else {
    EXPECT_NE(backend_of(*next), backend);
  }
  EXPECT_TRUE(eventually([&] { return connections("active") == 0; })) << "the server works on for nobody";
}

TEST_F(Source, TheDeadlineIsOneForAllStatementsOfARun) {
  source::Postgres postgres(options(), {});
  const auto took = duration_of([&] {
    const auto snapshot = open(postgres, Scope::everyone(), 800ms);
    EXPECT_THROW(
        {
          for (int i = 0; i < 100; ++i) ask(*snapshot, "SELECT pg_sleep(0.25)::text AS n");
        },
        DeadlineExceeded);
  });
  EXPECT_LT(took, 1'800ms) << "not 800 ms for each";
}

TEST_F(Source, TheStatementTimeoutEndsAStatementLongBeforeAFarDeadline) {
  source::PostgresOptions impatient = options();
  impatient.statement_timeout = 200ms;
  source::Postgres postgres(impatient, {});
  const auto snapshot = open(postgres);
  const auto took = duration_of([&] {
    EXPECT_THAT([&] { ask(*snapshot, "SELECT pg_sleep(30)::text AS n"); },
                ThrowsMessage<DeadlineExceeded>(HasSubstr("test/statement")));
  });
  EXPECT_LT(took, 1'200ms);
}

TEST_F(Source, ALockedTableIsWaitedForUntilTheDeadline) {
  source::PostgresOptions impatient = options();
  impatient.statement_timeout = 200ms;
  source::Postgres postgres(impatient, {});
  open(postgres);  // the catalog is known
  auto migration =
      std::async(std::launch::async, [&] { execute(url_, "BEGIN; LOCK TABLE tickets; SELECT pg_sleep(30); COMMIT"); });
  ASSERT_TRUE(eventually([&] {
    return scalar(url_, "SELECT count(*) FROM pg_locks WHERE relation = 'tickets'::regclass AND granted") == "1";
  }));
  EXPECT_THAT([&] { ask(*open(postgres), count_tickets); },
              ThrowsMessage<DeadlineExceeded>(HasSubstr("test/statement")));
  EXPECT_EQ(value(*open(postgres), "SELECT count(*) AS n FROM conversations c"), "0") << "other tables are free";
  execute(url_, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE query LIKE 'BEGIN; LOCK%'");
  EXPECT_THROW(migration.get(), std::runtime_error);
}

TEST_F(Source, AStopEndsARunningStatement) {
  Told told;
  source::Postgres postgres(options(), {}, told.observer());
  std::stop_source stop;
  const auto snapshot =
      postgres.open({.scope = Scope::everyone(), .deadline = steady_clock::now() + 60s, .stop = stop.get_token()});
  auto run = std::async(std::launch::async, [&] { ask(*snapshot, "SELECT pg_sleep(60)::text AS n"); });
  ASSERT_TRUE(eventually([&] { return connections("active") == 1; }));
  const auto took = duration_of([&] {
    stop.request_stop();
    EXPECT_THAT([&] { run.get(); }, ThrowsMessage<SourceUnavailable>(HasSubstr("test/statement was stopped")));
  });
  EXPECT_LT(took, 1s);
  EXPECT_THROW(ask(*snapshot, "SELECT 1 AS n"), std::runtime_error) << "nothing more is run";
}

TEST_F(Source, AStopBeforeTheBeginningRunsNothingAndBlamesNobody) {
  Told told;
  source::Postgres postgres(options(), {}, told.observer());
  open(postgres);
  std::stop_source stop;
  stop.request_stop();
  const auto took = duration_of([&] {
    EXPECT_THROW(ask(*postgres.open(
                         {.scope = Scope::everyone(), .deadline = steady_clock::now() + 60s, .stop = stop.get_token()}),
                     "SELECT pg_sleep(60)::text AS n"),
                 SourceUnavailable);
  });
  EXPECT_LT(took, 3s);
  EXPECT_THAT(told.ups(), ElementsAre(true)) << "a stop says nothing of the server";
}

// --- a server that stands still --------------------------------------------------------------------------------------

TEST_F(Source, AStoppedBackendHoldsACallUntilTheGraceAfterItsDeadlineAtMost) {
  source::PostgresOptions quick = options();
  quick.cancel_grace = 300ms;
  source::Postgres postgres(quick, {});
  auto snapshot = open(postgres, Scope::everyone(), 500ms);
  Stopped stopped({backend_of(*snapshot)});
  const auto took = duration_of([&] {
    EXPECT_THAT([&] { ask(*snapshot, "SELECT 1 AS n"); }, ThrowsMessage<DeadlineExceeded>(HasSubstr("test/statement")));
    snapshot.reset();
  });
  EXPECT_GE(took, 300ms);
  EXPECT_LT(took, 500ms + 300ms + 700ms);
  EXPECT_EQ(value(*open(postgres), "SELECT 1 AS n"), "1") << "the other backends work on";
  stopped.go_on();
  EXPECT_TRUE(eventually([&] { return connections() == 1; })) << "the stopped one finds its socket closed";
}

TEST_F(Source, AStoppedServerHoldsNoCallForEverAndIsFoundAgain) {
  Told told;
  source::PostgresOptions quick = options();
  quick.cancel_grace = 300ms;
  quick.connect_timeout = 2s;
  source::Postgres postgres(quick, {}, told.observer());
  auto snapshot = open(postgres, Scope::everyone(), 600ms);
  auto idle = open(postgres);
  std::vector<pid_t> server = backends();
  idle.reset();
  server.push_back(
      static_cast<pid_t>(std::stoi(scalar(url_, "SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)"))));
  Stopped stopped(std::move(server));
  EXPECT_LT(duration_of([&] {
              EXPECT_THROW(ask(*snapshot, "SELECT 1 AS n"), DeadlineExceeded);
              snapshot.reset();
            }),
            600ms + 300ms + 700ms);
  EXPECT_LT(duration_of([&] { EXPECT_THROW(open(postgres, Scope::everyone(), 500ms), DeadlineExceeded); }),
            500ms + 300ms + 700ms)
      << "a pooled connection that does not answer";
  if (pooled()) {
    // The pooler lets the daemon in and waits for the server itself: it is the deadline that ends that.
    EXPECT_LT(duration_of([&] { EXPECT_THROW(open(postgres, Scope::everyone(), 2s), DeadlineExceeded); }),
              2s + 300ms + 700ms);
  } else {
    EXPECT_LT(duration_of([&] { EXPECT_THROW(open(postgres), SourceUnavailable); }), 4s)
        << "nor does a new one: connect_timeout";
  }
  stopped.go_on();
  EXPECT_TRUE(opens_again(postgres));
  EXPECT_THAT(told.ups(), ElementsAre(true, false, true));
}

// --- a server that is away -------------------------------------------------------------------------------------------

TEST_F(Source, AnUnreachableServerIsNamedWithoutItsPassword) {
  source::PostgresOptions nowhere = options();
  const int port = free_port();
  nowhere.url = fmt::format("postgresql://crm:geheim@127.0.0.1:{}/crm", port);
  source::Postgres postgres(nowhere, {});
  EXPECT_THAT([&] { open(postgres); }, ThrowsMessage<SourceUnavailable>(AllOf(HasSubstr("cannot connect to PostgreSQL"),
                                                                              HasSubstr(std::to_string(port)),
                                                                              ::testing::Not(HasSubstr("geheim")))));
}

TEST_F(Source, IdleConnectionsThatDiedAreReplacedWithoutAWord) {
  Told told;
  source::Postgres postgres(options(), {}, told.observer());
  {
    const auto one = open(postgres);
    const auto two = open(postgres);
    const auto three = open(postgres);
  }
  ASSERT_EQ(postgres.usage().idle, 3U);
  execute(url_,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'crm-metricsd' AND "
          "datname = current_database()");
  ASSERT_TRUE(eventually([&] { return connections() == 0; }));
  EXPECT_EQ(value(*open(postgres), "SELECT 1 AS n"), "1");
  if (pooled()) {
    EXPECT_EQ(postgres.usage().idle, 3U) << "those to the pooler lived on, which replaced its own";
  } else {
    EXPECT_EQ(postgres.usage().idle, 1U) << "all three dead ones are gone";
  }
  EXPECT_THAT(told.ups(), ElementsAre(true));
}

TEST_F(Source, AServerThatDiesUnderAStatementIsUnavailableAtOnce) {
  source::Postgres postgres(options(), {});
  const auto snapshot = open(postgres);
  auto run = std::async(std::launch::async, [&] { ask(*snapshot, "SELECT pg_sleep(60)::text AS n"); });
  ASSERT_TRUE(eventually([&] { return connections("active") == 1; }));
  Killed server = killed_server();
  EXPECT_LT(duration_of([&] {
              EXPECT_THAT([&] { run.get(); }, ThrowsMessage<SourceUnavailable>(AllOf(HasSubstr("PostgreSQL went away"),
                                                                                     HasSubstr("test/statement"))));
            }),
            1s);
  EXPECT_THROW(ask(*snapshot, "SELECT 1 AS n"), SourceUnavailable) << "and stays so for this run";
  server.start();
  EXPECT_TRUE(opens_again(postgres));
}

TEST_F(Source, ManyCallersDoNotHammerAServerThatIsAway) {
  Told told;
  source::Postgres postgres(options(), {}, told.observer());
  open(postgres);
  Killed server = killed_front();
  std::chrono::milliseconds slowest{0};
  {
    CountingListener port(front_port());
    ASSERT_TRUE(port.listening());
    std::atomic<int> refused = 0;
    std::mutex mutex;
    std::vector<std::jthread> callers;
    for (int i = 0; i < 6; ++i) {
      callers.emplace_back([&] {
        const auto until = steady_clock::now() + 1s;
        while (steady_clock::now() < until) {
          const auto took = duration_of([&] { EXPECT_THROW(open(postgres), SourceUnavailable); });
          ++refused;
          const std::lock_guard lock(mutex);
          slowest = std::max(slowest, took);
        }
      });
    }
    callers.clear();
    EXPECT_GT(refused, 100);
    EXPECT_GE(port.callers(), 2);
    // Backoff of 250, 500, 1000 ms, each at least half of it: at 0, 125, 375 and 875 ms at the earliest. Those who call
    // before the first answer are up to three, the pool's connections for people.
    EXPECT_LE(port.callers(), 3 + 3);
  }
  EXPECT_LT(slowest, 500ms) << "they are told at once";
  server.start();
  EXPECT_TRUE(opens_again(postgres)) << "by itself";
  EXPECT_THAT(told.ups(), ElementsAre(true, false, true)) << "each change once";
}

// --- the pool --------------------------------------------------------------------------------------------------------

TEST_F(Source, ThePoolIsBoundedHoweverManyAsk) {
  source::PostgresOptions three = options();
  three.pool = 3;
  three.acquire_timeout = 30s;
  source::Postgres postgres(three, {});
  std::atomic<int> most = 0;
  std::atomic<int> answered = 0;
  std::jthread watcher([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) most = std::max(most.load(), connections());
  });
  std::vector<std::jthread> callers;
  for (int i = 0; i < 12; ++i) {
    callers.emplace_back([&, i] {
      const auto purpose = i % 3 == 0 ? source::Pool::For::sampling : source::Pool::For::people;
      for (int n = 0; n < 8; ++n) {
        const auto snapshot = open(postgres, Scope::everyone(), 30s, purpose);
        answered += static_cast<int>(ask(*snapshot, "SELECT pg_sleep(0.01)::text AS n").size());
      }
    });
  }
  callers.clear();
  watcher.request_stop();
  watcher.join();
  EXPECT_EQ(answered, 12 * 8);
  EXPECT_GE(most, 2);
  EXPECT_LE(most, 3);
  EXPECT_EQ(postgres.usage().busy, 0U);
}

TEST_F(Source, PeopleCannotTakeTheLastConnectionButSamplingCan) {
  Told told;
  source::PostgresOptions two = options();
  two.pool = 2;
  two.acquire_timeout = 100ms;
  source::Postgres postgres(two, {}, told.observer());
  const auto held = open(postgres);
  const auto took = duration_of([&] {
    EXPECT_THAT([&] { open(postgres); },
                ThrowsMessage<SourceUnavailable>(
                    AllOf(HasSubstr("connections to PostgreSQL are in use"), HasSubstr("database.pool"))));
  });
  EXPECT_GE(took, 100ms);
  EXPECT_LT(took, 1s);
  EXPECT_EQ(value(*open(postgres, Scope::everyone(), 30s, source::Pool::For::sampling), "SELECT 1 AS n"), "1");
  EXPECT_THAT(told.ups(), ElementsAre(true)) << "a busy pool is no server that went away";
}

TEST_F(Source, AReturnedConnectionServesTheNextThatWaits) {
  source::PostgresOptions two = options();
  two.pool = 2;
  two.acquire_timeout = 20s;
  source::Postgres postgres(two, {});
  auto held = open(postgres);
  auto waiting = std::async(std::launch::async, [&] { return value(*open(postgres), "SELECT 1 AS n"); });
  held.reset();
  EXPECT_EQ(waiting.get(), "1");
  EXPECT_EQ(postgres.usage().idle, 1U) << "the same, used again";
}

// --- the contract ----------------------------------------------------------------------------------------------------

TEST_F(Source, AMissingViewIsAbsentNotAnError) {
  execute(url_, "DROP VIEW crm_source.tickets");
  source::Postgres postgres(options(), {});
  const auto snapshot = open(postgres);
  const Rows rows = ask(*snapshot, count_tickets);
  EXPECT_TRUE(rows.absent());
  EXPECT_EQ(rows.absent_view(), "tickets");
  EXPECT_FALSE(ask(*snapshot, "SELECT count(*) AS n FROM messages m").absent());
}

TEST_F(Source, ASchemaWithoutAnyViewIsAMistakeNotAnEmptyCrm) {
  source::PostgresOptions elsewhere = options();
  elsewhere.schema = "crm_sauce";
  source::Postgres postgres(elsewhere, {});
  EXPECT_THAT([&] { ask(*open(postgres), count_tickets); },
              ThrowsMessage<ContractError>(StrEq("schema crm_sauce has no view of the source contract: create the "
                                                 "views, or set database.schema")));
}

TEST_F(Source, AStatementThatIsNoQueryIsRefused) {
  source::Postgres postgres(options(), {});
  const auto snapshot = open(postgres);
  for (const char* sql : {"COMMIT", "/* SELECT */ SET ROLE postgres", "EXPLAIN SELECT 1", ""}) {
    EXPECT_THAT([&] { ask(*snapshot, sql); },
                ThrowsMessage<UsageError>(StrEq("statement test/statement must begin with SELECT or WITH")));
  }
}

TEST_F(Source, AMissingColumnIsNamedToTheLetter) {
  execute(url_,
          "DROP VIEW crm_source.tickets; CREATE VIEW crm_source.tickets AS SELECT id AS ticket_id, priority, "
          "created_at FROM tickets");
  source::Postgres postgres(options(), {});
  EXPECT_EQ(value(*open(postgres), count_tickets), "0") << "what the statement does not read may be missing";
  EXPECT_THAT([&] { ask(*open(postgres), "SELECT t.created_at FROM tickets t WHERE t.resolved_at IS NULL"); },
              ThrowsMessage<ContractError>(StrEq("view crm_source.tickets has no column resolved_at (a timestamp): add "
                                                 "it to the view (read by statement test/statement)")));
}

TEST_F(Source, AnInstantInAColumnOfAnotherTypeIsRefused) {
  for (const char* type : {"date", "text"}) {
    execute(url_, fmt::format("DROP VIEW crm_source.tickets; CREATE VIEW crm_source.tickets AS SELECT id AS ticket_id, "
                              "created_at::{} AS created_at FROM tickets",
                              type));
    source::Postgres postgres(options(), {});
    EXPECT_THAT([&] { ask(*open(postgres), "SELECT t.created_at FROM tickets t"); },
                ThrowsMessage<ContractError>(StrEq(fmt::format(
                    "column created_at of view crm_source.tickets is {}, expected a timestamp (read by statement "
                    "test/statement)",
                    type))));
  }
}

TEST_F(Source, AViewThatChangesUnderTheDaemonIsNoticed) {
  const std::string whole =
      "CREATE VIEW crm_source.tickets AS SELECT id AS ticket_id, created_at, resolved_at FROM tickets";
  const std::string unresolved = "SELECT count(*) AS n FROM tickets t WHERE t.resolved_at IS NULL";
  source::PostgresOptions unforgetting = options();
  unforgetting.catalog_refresh = std::chrono::hours(1);
  source::Postgres postgres(unforgetting, {});
  EXPECT_EQ(value(*open(postgres), unresolved), "0");
  execute(url_,
          "DROP VIEW crm_source.tickets; CREATE VIEW crm_source.tickets AS SELECT id AS ticket_id, created_at "
          "FROM tickets");
  EXPECT_THROW(ask(*open(postgres), unresolved), ContractError) << "PostgreSQL says so";
  EXPECT_THAT([&] { ask(*open(postgres), unresolved); },
              ThrowsMessage<ContractError>(HasSubstr("view crm_source.tickets has no column resolved_at")));
  execute(url_, "DROP VIEW crm_source.tickets; " + whole);
  EXPECT_EQ(value(*open(postgres), unresolved), "0") << "mended, and noticed at once";
  execute(url_, "DROP VIEW crm_source.tickets");
  EXPECT_THROW(ask(*open(postgres), unresolved), ContractError);
  EXPECT_TRUE(ask(*open(postgres), unresolved).absent());
}

TEST_F(Source, AViewThatAppearsIsNoticedWithTheNextRefresh) {
  execute(url_, "DROP VIEW crm_source.tickets");
  source::PostgresOptions often = options();
  often.catalog_refresh = 0ms;
  source::Postgres postgres(often, {});
  EXPECT_TRUE(ask(*open(postgres), count_tickets).absent());
  execute(url_, "CREATE VIEW crm_source.tickets AS SELECT id AS ticket_id FROM tickets");
  EXPECT_EQ(value(*open(postgres), count_tickets), "0");
}

TEST_F(Source, AMissingPrivilegeIsAContractErrorThatSaysWhatToGrant) {
  execute(url_, "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN");
  source::PostgresOptions theirs = options();
  theirs.url = theirs.url.replace(theirs.url.find("postgres@"), 9, "reader@");
  source::Postgres postgres(theirs, {});
  EXPECT_THAT([&] { ask(*open(postgres), count_tickets); },
              ThrowsMessage<ContractError>(AllOf(HasSubstr("crm_source"), HasSubstr("GRANT"))));
  execute(url_, "GRANT USAGE ON SCHEMA crm_source TO reader; GRANT SELECT ON crm_source.messages TO reader");
  EXPECT_THAT([&] { ask(*open(postgres), count_tickets); },
              ThrowsMessage<ContractError>(AllOf(HasSubstr("permission denied for view tickets"), HasSubstr("GRANT"))));
  EXPECT_EQ(value(*open(postgres), "SELECT count(*) AS n FROM messages m"), "0");
  execute(url_, "DROP OWNED BY reader; DROP ROLE reader");
}

// --- the observer ----------------------------------------------------------------------------------------------------

TEST_F(Source, EveryStatementIsToldWithItsDurationAndRows) {
  Told told;
  source::Postgres postgres(options(), {}, told.observer());
  execute(url_, sql(Agent{.name = "ann", .supervisor = "sue"}) + sql(Agent{.name = "bob", .supervisor = "sue"}));
  const auto snapshot = open(postgres, {Role::supervisor, id("sue")});
  snapshot->run("kpi/three", "SELECT n, pg_sleep(0.05)::text FROM generate_series(1, 3) n", {}, true);
  ASSERT_EQ(told.queries.size(), 2U);
  EXPECT_EQ(told.queries[0].statement, "team");
  EXPECT_EQ(told.queries[0].rows, 2U);
  EXPECT_EQ(told.queries[1].statement, "kpi/three");
  EXPECT_EQ(told.queries[1].rows, 3U);
  EXPECT_GE(told.queries[1].duration, 150ms);  // 3 × 50 ms
  EXPECT_LT(told.queries[1].duration, 2s);
  open(postgres);
  EXPECT_THAT(told.ups(), ElementsAre(true)) << "once, not with every run";
}

}  // namespace
