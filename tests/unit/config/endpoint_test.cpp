#include "config/endpoint.h"

#include <stdexcept>

#include <gtest/gtest.h>

namespace crm::config {
namespace {

std::string refusal(const std::string& text) {
  try {
    parse_endpoint(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(accepted)";
}

TEST(Endpoint, IsHostAndPort) {
  EXPECT_EQ(parse_endpoint("127.0.0.1:9464"), (Endpoint{"127.0.0.1", 9464}));
  EXPECT_EQ(parse_endpoint("localhost:8080"), (Endpoint{"localhost", 8080}));
  EXPECT_EQ(parse_endpoint("[::1]:80"), (Endpoint{"::1", 80}));
  EXPECT_EQ(parse_endpoint("metrics.internal:0"), (Endpoint{"metrics.internal", 0}));
}

TEST(Endpoint, IsWrittenAsItWasRead) {
  for (const std::string text : {"127.0.0.1:9464", "[::1]:80", "localhost:8080", "[fe80::1]:65535"}) {
    EXPECT_EQ(parse_endpoint(text).text(), text);
  }
}

TEST(Endpoint, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("9464"), "it must be host:port");
  EXPECT_EQ(refusal(":9464"), "it must be host:port");
  EXPECT_EQ(refusal("[::1]"), "it must be host:port");
  EXPECT_EQ(refusal(""), "it must be host:port");
  EXPECT_EQ(refusal("localhost:70000"), "port '70000' is not 0 to 65535");
  EXPECT_EQ(refusal("localhost:-1"), "port '-1' is not 0 to 65535");
  EXPECT_EQ(refusal("localhost:"), "port '' is not 0 to 65535");
  EXPECT_EQ(refusal("localhost:80x"), "port '80x' is not 0 to 65535");
  EXPECT_EQ(refusal("::1:80"), "an IPv6 address goes in brackets, like [::1]:9464");
  EXPECT_EQ(refusal("300.0.0.1:80"), "'300.0.0.1' is neither an address nor a host name");
  EXPECT_EQ(refusal("127.1:80"), "'127.1' is neither an address nor a host name");
  EXPECT_EQ(refusal("*:80"), "'*' is neither an address nor a host name");
  EXPECT_EQ(refusal("[localhost]:80"), "'localhost' is neither an address nor a host name");
}

TEST(Endpoint, KnowsWhatOnlyThisMachineCanReach) {
  for (const char* host : {"127.0.0.1", "127.255.0.3", "::1", "localhost", "LocalHost", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE((Endpoint{host, 80}.loopback())) << host;
  }
  for (const char* host :
       {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "::2", "localhost.example.org", "::ffff:10.0.0.1"}) {
    EXPECT_FALSE((Endpoint{host, 80}.loopback())) << host;
  }
}

}  // namespace
}  // namespace crm::config
