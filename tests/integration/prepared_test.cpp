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
    const auto snapshot = open(postgres());
    const Rows rows =
        ask(*snapshot, "SELECT sum(o.n) AS n FROM public.own o WHERE o.n <= :most", {{"most", {up_to, "bigint"}}});
    return std::string(rows[0].text("n"));
  }

  // Prepared by the daemon on the connection that is used next; this question is, too, and does not count. (In a pooled
  // run neighbours leave a statement of theirs behind.)
  int prepared_like(const std::string& text) {
    return std::stoi(
        value(*open(postgres()),
              fmt::format("SELECT count(*) FILTER (WHERE p.statement NOT LIKE '%pg_prepared%') AS n "
                          "FROM pg_prepared_statements p WHERE p.name LIKE 'crm%' AND p.statement LIKE '%{}%'",
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

TEST_F(Prepared, AStatementOfTheCrmsViewsIsPlannedForWhatIsBound) {
  for (int time = 0; time < 10; ++time) value(*open(postgres()), "SELECT count(t.ticket_id) AS n FROM tickets t");
  EXPECT_EQ(prepared_like("tickets"), 0);
}

TEST_F(Prepared, MoreThanAHouseHasAreNotKept) {
  for (int text = 0; text < 150; ++text)
    EXPECT_EQ(value(*open(postgres()), fmt::format("SELECT o.n + {0} AS n FROM public.own o WHERE o.n = 1", text)),
              std::to_string(text + 1));
  EXPECT_EQ(prepared_like("public.own"), pooled() ? 0 : 100);
}

TEST_F(Prepared, ATableThatChangesIsAskedAnewFromTheNextRunOn) {
  const auto first = [&] { return value(*open(postgres()), "SELECT o.n FROM public.own o WHERE o.n = 1"); };
  EXPECT_EQ(first(), "1");
  execute(url_, "ALTER TABLE public.own ALTER n TYPE text");
  const auto as_text = [&] { return value(*open(postgres()), "SELECT o.n FROM public.own o WHERE o.n = '1'"); };
  EXPECT_EQ(as_text(), "1");
  execute(url_, "ALTER TABLE public.own ALTER n TYPE varchar(20)");
  if (!pooled()) {
    EXPECT_THAT(as_text, ThrowsMessage<SourceUnavailable>(HasSubstr("has to be prepared anew: cached plan")));
  }
  EXPECT_EQ(as_text(), "1");
}

}  // namespace
