#include "http/head.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "http/refused.h"

namespace crm::http {
namespace {

Head parsed(const std::string& head, const Limits& limits = {}) {
  std::size_t scanned = 0;
  const auto end = find_head_end(head, scanned, limits);
  if (!end) throw std::logic_error("the head is not complete");
  return parse_head(std::string_view(head).substr(0, *end), limits);
}

// The status with which it is refused, or 0.
int verdict(const std::string& head, const Limits& limits = {}) {
  try {
    parsed(head, limits);
    return 0;
  } catch (const Refused& refused) {
    return refused.status();
  }
}

std::string with(const std::string& lines) {
  return "GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n";
}

TEST(Head, GivesMethodTargetAndHeaders) {
  const Head head = parsed("POST /a?b=c HTTP/1.1\r\nHost: a:80\r\nX-One:  two words \t\r\nx-one: three\r\n\r\n");
  EXPECT_EQ(head.method, "POST");
  EXPECT_EQ(head.target.path, "/a");
  EXPECT_EQ(head.headers.find("x-oNE"), "two words");
  EXPECT_EQ(head.headers.count("X-ONE"), 2U);
  EXPECT_EQ(head.headers.find("absent"), std::nullopt);
  EXPECT_FALSE(head.has_body());
}

TEST(Head, IsFoundInBytesThatComeOneByOne) {
  const std::string head = with("X: y\r\n") + "rest";
  std::size_t scanned = 0;
  for (std::size_t size = 1; size < head.size() - 4; ++size) {
    ASSERT_EQ(find_head_end(head.substr(0, size), scanned, {}), std::nullopt) << size;
  }
  EXPECT_EQ(find_head_end(head, scanned, {}), head.size() - 4);
}

TEST(Head, AByteThatNoHeadCanHaveIsRefusedBeforeTheHeadIsWhole) {
  for (const std::string start : {"\x16\x03\x01", "GET / HTTP/1.1\n", "GET /\rX", "GET / HTTP/1.1\r\nA: \x01"}) {
    std::size_t scanned = 0;
    EXPECT_THROW(find_head_end(start, scanned, {}), Refused) << start;
  }
  std::size_t scanned = 0;
  EXPECT_THROW(find_head_end(std::string("G\0T", 3), scanned, {}), Refused);
}

TEST(Head, RequestLineHasThreeWordsAndAVersionOf1) {
  EXPECT_EQ(verdict("GET /\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET\r\n\r\n"), 400);
  EXPECT_EQ(verdict(" GET / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET  / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / x HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / http/1.1\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / HTTP/1.10\r\nHost: a\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / HTTP/2.0\r\nHost: a\r\n\r\n"), 505);
  EXPECT_EQ(verdict("GET / HTTP/1.0\r\n\r\n"), 0);
}

TEST(Head, UnknownMethodsAre501AndMethodsAreCaseSensitive) {
  for (const char* method : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}) {
    EXPECT_EQ(verdict(fmt::format("{} / HTTP/1.1\r\nHost: a\r\n\r\n", method)), 0) << method;
  }
  for (const char* method : {"get", "BREW", "TRACE", "CONNECT"}) {
    EXPECT_EQ(verdict(fmt::format("{} / HTTP/1.1\r\nHost: a\r\n\r\n", method)), 501) << method;
  }
  EXPECT_EQ(verdict("G(T / HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(Head, StarIsForOptions) {
  EXPECT_EQ(verdict("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"), 0);
  EXPECT_EQ(verdict("GET * HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(Head, HeaderLinesAreStrict) {
  EXPECT_EQ(verdict(with("no colon\r\n")), 400);
  EXPECT_EQ(verdict(with(": no name\r\n")), 400);
  EXPECT_EQ(verdict(with("Name : space before the colon\r\n")), 400);
  EXPECT_EQ(verdict(with("A: b\r\n folded\r\n")), 400);
  EXPECT_EQ(verdict(with("A: b\r\n\tfolded\r\n")), 400);
  EXPECT_EQ(verdict(with("A: b\nB: c\r\n")), 400);
  EXPECT_EQ(verdict(with("A: b\rB: c\r\n")), 400);
  EXPECT_EQ(verdict(with(std::string("A: b\0c\r\n", 8))), 400);
  EXPECT_EQ(verdict(with("A: \x7f\r\n")), 400);
  EXPECT_EQ(verdict(with("Empty:\r\nUmlaut: Z\xc3\xbcrich\r\nTab: a\tb\r\n")), 0);
}

TEST(Head, EncodedWordsAreRefusedAndWhatOnlyLooksAlikeIsNot) {
  EXPECT_EQ(verdict(with("A: =?utf-8?Q?x=0D=0ASet-Cookie:_y?=\r\n")), 400);
  EXPECT_EQ(verdict(with("A: x =?ISO-8859-1?b?DQo=?= y\r\n")), 400);
  EXPECT_EQ(verdict(with("Referer: http://a/?q=?&r=?\r\n")), 0);
  EXPECT_EQ(verdict(with("A: a==?b\r\nB: =?=?\r\n")), 0);
}

TEST(Head, ExactlyOneHostOnHttp11) {
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n"), 400);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost:\r\n\r\n"), 400);
  for (const char* bad : {"a b", "a/b", "a@b", "a:b", "[::1", "[::1]x", "a,b", "a:80:80"}) {
    EXPECT_EQ(verdict(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", bad)), 400) << bad;
  }
  for (const char* good : {"a", "a:80", "a_b-c.d", "127.0.0.1:9", "[::1]", "[fe80::1]:80"}) {
    EXPECT_EQ(verdict(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", good)), 0) << good;
  }
}

TEST(Head, AnAbsoluteTargetMustNameTheSameHost) {
  EXPECT_EQ(verdict("GET http://a:1/ HTTP/1.1\r\nHost: A:1\r\n\r\n"), 0);
  EXPECT_EQ(verdict("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n"), 400);
}

TEST(Head, HostsThatAreNotAllowedGet421) {
  Limits limits;
  limits.allowed_hosts = {"localhost", "127.0.0.1", "::1"};
  for (const char* good : {"localhost", "LOCALHOST:8080", "127.0.0.1:1", "[::1]:2"}) {
    EXPECT_EQ(verdict(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", good), limits), 0) << good;
  }
  for (const char* bad : {"evil.example", "localhost.evil.example", "127.0.0.2", "[::2]", "localhost."}) {
    EXPECT_EQ(verdict(fmt::format("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", bad), limits), 421) << bad;
  }
  EXPECT_EQ(verdict("GET / HTTP/1.0\r\n\r\n", limits), 421);
  limits.allowed_hosts = {"[::1]"};
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nHost: [::1]\r\n\r\n", limits), 0);
}

TEST(Head, ContentLengthIsOneNumberInDigits) {
  EXPECT_EQ(parsed(with("Content-Length: 12\r\n")).content_length, 12U);
  EXPECT_FALSE(parsed(with("Content-Length: 0\r\n")).has_body());
  for (const char* bad : {"+5", "-1", "5 5", "5, 5", "0x5", "5.0", "", "five"}) {
    EXPECT_EQ(verdict(with(fmt::format("Content-Length: {}\r\n", bad))), 400) << bad;
  }
  EXPECT_EQ(verdict(with("Content-Length: 5\r\nContent-Length: 5\r\n")), 400);
  EXPECT_EQ(verdict(with("Content-Length: 5\r\nContent-Length: 6\r\n")), 400);
}

TEST(Head, BodiesBeyondTheLimitAre413) {
  Limits limits;
  limits.max_body = 10;
  EXPECT_EQ(verdict(with("Content-Length: 10\r\n"), limits), 0);
  EXPECT_EQ(verdict(with("Content-Length: 11\r\n"), limits), 413);
  EXPECT_EQ(verdict(with("Content-Length: 99999999999999999999999\r\n"), limits), 413);
}

TEST(Head, TransferEncodingIsChunkedAlone) {
  EXPECT_TRUE(parsed(with("Transfer-Encoding: Chunked\r\n")).chunked);
  EXPECT_EQ(verdict(with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")), 400);
  EXPECT_EQ(verdict(with("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n")), 400);
  EXPECT_EQ(verdict(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")), 400);
  for (const char* other : {"gzip", "gzip, chunked", "chunked, chunked", "identity", "xchunked", "\"chunked\"", ""}) {
    EXPECT_EQ(verdict(with(fmt::format("Transfer-Encoding: {}\r\n", other))), 501) << other;
  }
  EXPECT_EQ(verdict("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), 400);
}

TEST(Head, LongTargetsAre414AndLargeHeads431) {
  Limits limits;
  limits.max_target_bytes = 100;
  limits.max_header_bytes = 1000;
  limits.max_headers = 3;
  const auto of_target = [](std::size_t length) {
    return "GET /" + std::string(length - 1, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n";
  };
  EXPECT_EQ(verdict(of_target(100), limits), 0);
  EXPECT_EQ(verdict(of_target(101), limits), 414);
  EXPECT_EQ(verdict(of_target(5000), limits), 414);
  EXPECT_EQ(verdict(std::string(133, 'A'), limits), 414);
  const std::size_t around = with("X: \r\n").size();
  EXPECT_EQ(verdict(with("X: " + std::string(1000 - around, 'x') + "\r\n"), limits), 0);
  EXPECT_EQ(verdict(with("X: " + std::string(1001 - around, 'x') + "\r\n"), limits), 431);
  EXPECT_EQ(verdict("GET / HTTP/1.1\r\nX: " + std::string(1000, 'x'), limits), 431);
  EXPECT_EQ(verdict(with("A: 1\r\nB: 2\r\n"), limits), 0);
  EXPECT_EQ(verdict(with("A: 1\r\nB: 2\r\nC: 3\r\n"), limits), 431);
}

TEST(Head, OtherHeadersThatMayNotRepeat) {
  EXPECT_EQ(verdict(with("Authorization: a\r\nAuthorization: b\r\n")), 400);
  EXPECT_EQ(verdict(with("Content-Type: a\r\nContent-Type: b\r\n")), 400);
}

TEST(Head, ConnectionsAreKeptUnlessSomebodySaysOtherwise) {
  EXPECT_TRUE(parsed(with("")).keep_alive);
  EXPECT_FALSE(parsed(with("Connection: Close\r\n")).keep_alive);
  EXPECT_FALSE(parsed(with("Connection: keep-alive\r\nConnection: x, close\r\n")).keep_alive);
  EXPECT_FALSE(parsed("GET / HTTP/1.0\r\n\r\n").keep_alive);
  EXPECT_TRUE(parsed("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
}

TEST(Head, TheOnlyExpectationIs100Continue) {
  EXPECT_TRUE(parsed(with("Expect: 100-Continue\r\n")).expects_continue);
  EXPECT_EQ(verdict(with("Expect: a miracle\r\n")), 417);
}

}  // namespace
}  // namespace crm::http
