#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/connection.h"

namespace crm::source {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(WithDefaults, AddsTimeoutsKeepalivesAndNameToAUrl) {
  const std::string options = with_defaults("postgresql://u:p@db:5433/crm", {7, "crm-metricsd"});
  for (const char* part :
       {"host='db'", "port='5433'", "dbname='crm'", "user='u'", "password='p'", "connect_timeout='7'",
        "keepalives_idle='5'", "keepalives_interval='2'", "keepalives_count='3'", "tcp_user_timeout='5000'",
        "application_name='crm-metricsd'", "client_encoding='UTF8'"}) {
    EXPECT_THAT(options, HasSubstr(part));
  }
}

TEST(WithDefaults, KeepsWhatTheUserSets) {
  const std::string options = with_defaults("host=db connect_timeout=30 application_name=mine sslmode=require", {});
  EXPECT_THAT(options, HasSubstr("connect_timeout='30'"));
  EXPECT_THAT(options, HasSubstr("application_name='mine'"));
  EXPECT_THAT(options, HasSubstr("sslmode='require'"));
  EXPECT_THAT(options, Not(HasSubstr("connect_timeout='3'")));
}

TEST(WithDefaults, QuotesQuotesAndBackslashes) {
  const std::string options = with_defaults(R"(postgresql://u:a%27b%5Cc%20d@db/crm)", {});
  EXPECT_THAT(options, HasSubstr(R"(password='a\'b\\c d')"));
  EXPECT_THAT(with_defaults(options, {}), HasSubstr(R"(password='a\'b\\c d')"));  // and reads its own output
}

std::string refusal(const std::string& url) {
  try {
    with_defaults(url, {});
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "accepted";
}

TEST(WithDefaults, SaysWhatIsWrongWithoutThePassword) {
  EXPECT_EQ(refusal("postgresql://u:s3cr%zz@db/crm"), "invalid percent-encoded token: \"…\"");
  EXPECT_EQ(refusal("nonsense"), "missing \"…\" in connection info string");
  for (const char* url : {"host=db password=s3cr et more", "postgresql://u:p@db/s3cr%zz", "host=db password='s3cr",
                          "postgresql://u:p@db/crm?s3cr=1", "host=db password=a s3cr\"x=\"1"}) {
    EXPECT_NE(refusal(url), "accepted") << url;
    EXPECT_THAT(refusal(url), Not(HasSubstr("s3cr"))) << url;
  }
}

TEST(PlaceOf, IsHostPortAndDatabaseAndNothingElse) {
  EXPECT_EQ(place_of("postgresql://u:secret@db:5433/crm?sslmode=require"), "db:5433/crm");
  EXPECT_EQ(place_of("host=/var/run/postgresql dbname=crm password=secret"), "/var/run/postgresql:5432/crm");
  EXPECT_EQ(place_of("hostaddr=10.0.0.5 dbname=crm"), "10.0.0.5:5432/crm");
  EXPECT_EQ(place_of(""), "localhost:5432/postgres");
  EXPECT_EQ(place_of("host=a,b port=1,2 dbname=crm"), "a,b:1,2/crm");
  EXPECT_EQ(place_of("postgresql://u:sec%zz@db/crm"), "?");
}

}  // namespace
TEST(ApplicationNameOf, IsTheOneInForce) {
  EXPECT_EQ(application_name_of(with_defaults("postgresql://db/crm", {3, "crm-metricsd"})), "crm-metricsd");
  EXPECT_EQ(application_name_of(with_defaults("postgresql://db/crm?application_name=it%27s", {3, "crm-metricsd"})),
            "it's");
}

}  // namespace crm::source
