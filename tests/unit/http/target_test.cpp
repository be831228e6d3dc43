#include "http/target.h"

#include <gtest/gtest.h>

#include "http/refused.h"

namespace crm::http {
namespace {

using Query = std::vector<std::pair<std::string, std::string>>;

TEST(Target, PathIsDecodedAndFreedOfEmptyAndDotSegments) {
  EXPECT_EQ(parse_target("/").path, "/");
  EXPECT_EQ(parse_target("/metrics").path, "/metrics");
  EXPECT_EQ(parse_target("/api/k%70i").path, "/api/kpi");
  EXPECT_EQ(parse_target("//api///./kpi").path, "/api/kpi");
  EXPECT_EQ(parse_target("/a+b").path, "/a+b");
  EXPECT_EQ(parse_target("/.").path, "/");
}

TEST(Target, ALastSlashStays) {
  EXPECT_EQ(parse_target("/api/").path, "/api/");
}

TEST(Target, IsDecodedOnce) {
  EXPECT_EQ(parse_target("/%252e%252e").path, "/%2e%2e");
}

TEST(Target, QueryIsDecodedInOrderWithRepeatsAndEmptyValues) {
  const Query expected{{"a", "1 2"}, {"a", "="}, {"flag", ""}, {"", "x"}, {"z&", "Zürich"}};
  EXPECT_EQ(parse_target("/p?a=1+2&a=%3D&&flag&=x&z%26=Z%C3%BCrich").query, expected);
  EXPECT_EQ(parse_target("/p?").query, Query{});
  EXPECT_EQ(parse_target("/p?../..=%2F").query, (Query{{"../..", "/"}}));
}

TEST(Target, AbsoluteFormGivesItsAuthority) {
  const Target target = parse_target("HTTP://Example.org:81/a?b=c");
  EXPECT_EQ(target.authority, "Example.org:81");
  EXPECT_EQ(target.path, "/a");
  EXPECT_EQ(target.query, (Query{{"b", "c"}}));
  EXPECT_EQ(parse_target("http://example.org").path, "/");
  EXPECT_EQ(parse_target("http://example.org?x=1").query, (Query{{"x", "1"}}));
}

class RefusedTarget : public ::testing::TestWithParam<std::string> {};

TEST_P(RefusedTarget, Is400) {
  try {
    const Target target = parse_target(GetParam());
    FAIL() << "accepted as " << target.path;
  } catch (const Refused& refused) {
    EXPECT_EQ(refused.status(), 400);
  }
}

INSTANTIATE_TEST_SUITE_P(Guard, RefusedTarget,
                         ::testing::Values("", "metrics", "/%", "/%4", "/%zz", "/a%0d%0aSet-Cookie:x", "/%00", "/%7f",
                                           "/..", "/a/../b", "/%2e%2e/etc/passwd", "/.%2E/", "/a/..", "/a%2fb",
                                           "/a%5cb", "/a\\b", "/a#b", "/a b", "/?q=%00", "/?q=%0a", "/?q=%", "/\x01",
                                           "/\xc3\xbc", "ftp://host/", "http:///path", "http://", "**"));

}  // namespace
}  // namespace crm::http
