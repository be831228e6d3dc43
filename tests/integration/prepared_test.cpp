// Statements of the daemon's own tables are prepared once for a connection, where no pooler shares it; what is prepared
// never outlives what it was prepared for.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "source_fixture.h"

namespace {

using namespace crm;
using namespace crm::testing;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class Prepared : public SourceTest {
 protected:
  Prepared() {
    options_ = options();
    options_.pool = 2;
    execute(url_,
            "CREATE TABLE public.own (n integer); INSERT INTO public.own SELECT generate_series(1, 10); "
            "GRANT SELECT ON public.own TO PUBLIC");
  }

  std::string sum(const std::string& up_to) {
    return own("SELECT sum(o.n) AS n FROM public.own o WHERE o.n <= :most", {{"most", {up_to, "bigint"}}});
  }

  std::string own(const std::string& sql, const source::Binding& binding = {}) {
    return std::string(open(postgres())->run_own("test/own", sql, binding)[0].text("n"));
  }

  // Prepared by the daemon on the connection that is used next. (In a pooled run neighbours leave a statement behind.)
  int prepared_like(const std::string& text) {
    return std::stoi(value(*open(postgres()),
                           fmt::format("SELECT count(*) AS n FROM pg_prepared_statements p WHERE p.name LIKE 'crm%' "
                                       "AND p.statement LIKE '%{}%'",
                                       text)));
  }

  source::Postgres& postgres() {
    if (!postgres_) postgres_ = std::make_unique<source::Postgres>(options_, Settings{});
    return *postgres_;
  }

  source::PostgresOptions options_;
  std::unique_ptr<source::Postgres> postgres_;
};

TEST_F(Prepared, AStatementOfOwnTablesIsPreparedOnceWhereNoPoolerIs) {
  for (int time = 0; time < 10; ++time) EXPECT_EQ(sum("3"), "6");
  EXPECT_EQ(sum("4"), "10") << "what is bound is not part of it";
  EXPECT_EQ(prepared_like("public.own"), pooled() ? 0 : 1);
}

TEST_F(Prepared, WhatCollectorsAskIsPlannedForWhatIsBound) {
  for (const char* sql :
       {"SELECT count(t.ticket_id) AS n FROM tickets t", "SELECT count(o.n) AS n FROM public.own o"}) {
    for (int time = 0; time < 10; ++time) value(*open(postgres()), sql);
  }
  EXPECT_EQ(prepared_like("count"), 0);
}

TEST_F(Prepared, AStatementThatIsNoQueryIsRefused) {
  EXPECT_THROW(own("COMMIT"), UsageError);
  EXPECT_THROW(own("WITH w AS (DELETE FROM public.own RETURNING n) SELECT w.n FROM w"), std::runtime_error);
  EXPECT_EQ(sum("3"), "6");
}

TEST_F(Prepared, MoreThanAHouseHasAreNotKept) {
  for (int text = 0; text < 150; ++text)
    EXPECT_EQ(own(fmt::format("SELECT o.n + {0} AS n FROM public.own o WHERE o.n = 1", text)),
              std::to_string(text + 1));
  EXPECT_EQ(prepared_like("public.own"), pooled() ? 0 : 100);
}

TEST_F(Prepared, ATableThatChangesIsAskedAnewFromTheNextRunOn) {
  EXPECT_EQ(own("SELECT o.n FROM public.own o WHERE o.n = 1"), "1");
  execute(url_, "ALTER TABLE public.own ALTER n TYPE text");
  const auto as_text = [&] { return own("SELECT o.n FROM public.own o WHERE o.n = '1'"); };
  EXPECT_EQ(as_text(), "1");
  execute(url_, "ALTER TABLE public.own ALTER n TYPE varchar(20)");
  if (!pooled()) {
    EXPECT_THAT(as_text, ThrowsMessage<SourceUnavailable>(HasSubstr("has to be prepared anew: cached plan")));
  }
  EXPECT_EQ(as_text(), "1");
}

}  // namespace
