// What a gateway must say of itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support.h"

namespace crm::config::testing {
namespace {

using ::testing::ElementsAre;

constexpr const char* valid = "(valid)";

std::vector<std::string> problems_of(const std::string& gateway) {
  return problems("gateways: {main: {" + gateway + "}}");
}

TEST(Gateways, OfEveryKindMayBeConfigured) {
  for (const char* gateway :
       {"kind: waha, url: \"http://127.0.0.1:3000\"", "kind: evolution, url: \"https://wa.example.com/api/\", token: k",
        "kind: crm, url: \"https://[::1]:8443\", ca_file: ca.pem, timeout: 1s, every: 1m",
        "kind: cloud, token: t, phone_ids: [\"106853218861309\"]"}) {
    EXPECT_THAT(problems_of(gateway), ElementsAre(valid)) << gateway;
  }
  const Loaded loaded = read("gateways: {main: {kind: cloud, token: t, phone_ids: [\"1\", \"2\"]}}");
  const Gateway& gateway = loaded.values().gateways.at("main");
  EXPECT_EQ(gateway.kind, GatewayKind::cloud);
  EXPECT_EQ(gateway.token, "t");
  EXPECT_THAT(gateway.phone_ids, ElementsAre("1", "2"));
  EXPECT_EQ(gateway.timeout, std::chrono::seconds(3));
  EXPECT_EQ(gateway.every, std::chrono::seconds(15));
}

TEST(Gateways, MustSayWhatTheyAreAndWhere) {
  EXPECT_THAT(problems_of("url: \"http://h\""),
              ElementsAre("/etc/x.yaml:1: gateways.main.kind: is missing: crm, waha, evolution or cloud"));
  EXPECT_THAT(problems_of("kind: whaa"), ElementsAre("/etc/x.yaml:1: gateways.main.kind: must be one of crm, waha, "
                                                     "evolution, cloud, not 'whaa'"));
  for (const char* url : {"", ", url: ''"}) {
    EXPECT_THAT(problems_of(std::string("kind: waha") + url),
                ElementsAre("/etc/x.yaml:1: gateways.main.url: is missing: where the gateway is"));
  }
  for (const char* ids : {"", ", phone_ids: []"}) {
    EXPECT_THAT(
        problems_of(std::string("kind: cloud") + ids),
        ElementsAre("/etc/x.yaml:1: gateways.main.phone_ids: is missing: the ids of the phone numbers to watch, "
                    "from Meta's WhatsApp Manager"));
  }
}

TEST(Gateways, RefuseWhatDoesNotBelongToThem) {
  EXPECT_THAT(problems_of("kind: waha, url: \"http://h\", phone_ids: [\"1\"]"),
              ElementsAre("/etc/x.yaml:1: gateways.main.phone_ids: is for the kind cloud only"));
  EXPECT_THAT(
      problems_of("kind: waha, url: \"http://h\", ca_file: ca.pem"),
      ElementsAre("/etc/x.yaml:1: gateways.main.ca_file: is for https:// only, and the url begins with http://"));
  for (const char* url :
       {"ftp://h", "http://user:canary@h", "http://h?key=canary", "http://h#x", "h:3000", "http://a b"}) {
    const auto lines = problems_of(std::string("kind: waha, url: \"") + url + "\"");
    ASSERT_EQ(lines.size(), 1U) << url;
    EXPECT_THAT(lines[0], ::testing::HasSubstr("gateways.main.url: must be http://host[:port][/path] or https://…"))
        << url;
  }
}

TEST(Gateways, NeverShowTheirToken) {
  for (const char* token : {"\"canary\\nX: y\"", "\"canary canary\"", "[canary]", "{canary: 1}", "\"canär\""}) {
    for (const std::string& line : problems_of(std::string("kind: waha, url: \"http://h\", token: ") + token)) {
      EXPECT_NE(line, valid) << token;
      EXPECT_EQ(line.find("canary"), std::string::npos) << line;
    }
  }
}

}  // namespace
}  // namespace crm::config::testing
