#include "source/begin_sql.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace std::chrono_literals;
using crm::source::begin_sql;
using crm::source::reset_sql;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

TEST(BeginSql, PutsTheRunsOwnLimitsInForceFirst) {
  EXPECT_EQ(begin_sql({"crm_source", "crm-metricsd", 3s, 10s}),
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY NOT DEFERRABLE; SET LOCAL statement_timeout = 3000; "
            "SET LOCAL lock_timeout = 3000; SET LOCAL idle_in_transaction_session_timeout = 13000");
}

TEST(BeginSql, AStatementMayTakeWhatIsLeftAndNoMoreThanItsTimeout) {
  for (const auto& sql : {begin_sql, reset_sql}) {
    EXPECT_THAT(sql({"s", "a", 3s, 10s}), HasSubstr("statement_timeout = 3000; SET LOCAL lock_timeout = 3000;"));
    EXPECT_THAT(sql({"s", "a", 60s, 10s}), HasSubstr("statement_timeout = 10000;"));
    EXPECT_THAT(sql({"s", "a", -5ms, 10s}), HasSubstr("statement_timeout = 1;")) << "0 would be for ever";
  }
}

TEST(BeginSql, AnIdleTransactionOutlivesItsRunByTenSecondsAtMost) {
  EXPECT_THAT(begin_sql({"s", "a", std::chrono::hours(24 * 365), 10s}), EndsWith("session_timeout = 86410000"));
}

TEST(ResetSql, ResetsBeforeItSets) {
  EXPECT_THAT(reset_sql({"crm_source", "crm-metricsd", 3s, 10s}), StartsWith("RESET ALL; "));
}

TEST(ResetSql, QuotesNames) {
  const std::string sql = reset_sql({R"(odd" schema)", R"(it's \ mine)", 3s, 10s});
  EXPECT_THAT(sql, HasSubstr(R"(search_path = "odd"" schema", "crm_metrics", pg_temp)"));
  EXPECT_THAT(sql, HasSubstr(R"(application_name = E'it''s \\ mine')"));
}

}  // namespace
