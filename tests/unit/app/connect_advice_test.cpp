#include "app/check/connect_advice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace crm::app {
namespace {

using ::testing::HasSubstr;

std::string advised(std::string_view why) {
  std::string text;
  for (const Step& step : connect_advice(why)) text += step.text + "\n";
  return text;
}

// What PostgreSQL 15, libpq 15 and PgBouncer 1.18 say.
TEST(ConnectAdvice, KnowsTheWordsOfServersAndPoolers) {
  EXPECT_THAT(advised("FATAL:  SASL authentication failed"), HasSubstr("\\password crm_metrics_read"));
  EXPECT_THAT(advised("fe_sendauth: no password supplied"), HasSubstr("\\password crm_metrics_read"));
  EXPECT_THAT(advised("FATAL:  no pg_hba.conf entry for host \"10.0.0.7\", user \"x\""),
              HasSubstr("pg_hba.conf, or ask for TLS"));
  EXPECT_THAT(advised("FATAL:  sorry, too many clients already"), HasSubstr("lower database.pool"));
  EXPECT_THAT(advised("FATAL:  no more connections allowed (max_client_conn)"), HasSubstr("lower database.pool"));
  EXPECT_THAT(advised("could not translate host name \"db\" to address"), HasSubstr("pg_isready"));
  EXPECT_THAT(advised("timeout expired"), HasSubstr("pg_isready"));
}

}  // namespace
}  // namespace crm::app
