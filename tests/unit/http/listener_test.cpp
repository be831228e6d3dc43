#include "http/listener.h"

#include <atomic>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <Poco/Exception.h>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>

#include "client.h"
#include "http/router.h"

namespace crm::http {
namespace {

using testing::Answer;
using testing::ask;
using testing::Client;
using testing::get;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;

const std::string get_hello = "GET /hello HTTP/1.1\r\nHost: localhost\r\n\r\n";

Router hello_router() {
  Router router;
  router.get("/hello", [](const Request&) { return text_response(200, "text/plain", "hello"); });
  router.post("/echo", [](const Request& r) { return text_response(200, "text/plain", r.body); });
  router.post("/ignore", [](const Request&) { return text_response(200, "text/plain", "ignored"); });
  router.get("/item/{name}", [](const Request& r) { return text_response(200, "text/plain", r.capture("name")); });
  router.get("/remote", [](const Request& r) { return text_response(200, "text/plain", r.remote); });
  return router;
}

class Hello : public ::testing::Test {
 protected:
  Listener listener{ListenerOptions{}, hello_router()};
  std::uint16_t port = listener.port();
};

std::string code_of(const Answer& answer) {
  return nlohmann::json::parse(answer.body)["error"]["code"];
}

TEST_F(Hello, AnswersWithItsOwnHeadersAndNoServerHeader) {
  const Answer answer = ask(port, "GET /hello HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abc\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "hello");
  EXPECT_EQ(answer.header("content-length"), "5");
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(answer.header("x-request-id"), "abc");
  EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
  EXPECT_EQ(answer.header("cache-control"), "no-store");
  EXPECT_THAT(answer.header("date"), MatchesRegex("[A-Z][a-z][a-z], [0-9][0-9] [A-Z][a-z][a-z] 20[0-9][0-9] .* GMT"));
  EXPECT_FALSE(answer.has("server"));
  EXPECT_FALSE(answer.has("connection"));
}

TEST_F(Hello, RoutesCapturesAndRemoteReachTheHandler) {
  EXPECT_EQ(get(port, "/item/a%20b?x=1").body, "a b");
  EXPECT_EQ(get(port, "/remote").body, "127.0.0.1");
}

TEST_F(Hello, ErrorsAreJsonWithTheRequestId) {
  const Answer answer = ask(port, "GET /nowhere HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: abc\r\n\r\n");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.body,
            R"({"error":{"code":"not_found","message":"there is nothing at '/nowhere'","requestId":"abc"}})");
}

TEST_F(Hello, OtherMethodsAre405AndOptions204WithoutLength) {
  const Answer refused = ask(port, "DELETE /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.header("allow"), "GET, HEAD, OPTIONS");
  const Answer options = ask(port, "OPTIONS /hello HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(options.status, 204);
  EXPECT_EQ(options.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_FALSE(options.has("content-length"));
}

TEST_F(Hello, HeadTellsTheLengthAndSendsNoBodyOnAConnectionThatIsKept) {
  Client client(port);
  client.send("HEAD /hello HTTP/1.1\r\nHost: a\r\n\r\nHEAD /nowhere HTTP/1.1\r\nHost: a\r\n\r\n" + get_hello);
  const Answer head = client.read(true);
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.header("content-length"), "5");
  EXPECT_EQ(client.read(true).status, 404);
  EXPECT_EQ(client.read().body, "hello");
}

TEST_F(Hello, AConnectionIsUsedAgain) {
  Client client(port);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(client.send(get_hello));
    ASSERT_EQ(client.read().body, "hello") << i;
  }
}

TEST_F(Hello, PipelinedRequestsAreAnsweredInOrder) {
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += fmt::format("GET /item/{} HTTP/1.1\r\nHost: a\r\n\r\n", i);
  Client client(port);
  client.send(requests);
  for (int i = 0; i < 200; ++i) ASSERT_EQ(client.read().body, std::to_string(i));
}

TEST_F(Hello, ConnectionCloseIsHonoured) {
  Client client(port);
  client.send("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(client.read().header("connection"), "close");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Hello, Http10ClosesUnlessAskedToKeep) {
  Client closing(port);
  closing.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closing.read().body, "hello");
  EXPECT_TRUE(closing.closed_by_server());
  Client keeping(port);
  keeping.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(keeping.read().header("connection"), "keep-alive");
  keeping.send("GET /hello HTTP/1.0\r\n\r\n");
  EXPECT_EQ(keeping.read().body, "hello");
}

TEST_F(Hello, AClientThatHasFinishedSendingIsStillAnswered) {
  Client client(port);
  client.send(get_hello);
  client.finish_sending();
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_TRUE(client.closed_by_server());
}

TEST_F(Hello, BodiesArriveWholeSizedOrChunked) {
  const std::string large(1 << 20, 'x');
  EXPECT_EQ(
      ask(port, fmt::format("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", large.size(), large))
          .body,
      large);
  EXPECT_EQ(ask(port, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n").body,
            "hi");
}

TEST_F(Hello, ABodyThatTheHandlerIgnoresCannotPoseAsARequest) {
  const std::string hidden = "GET /item/smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  Client client(port);
  client.send(fmt::format("POST /ignore HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", hidden.size(), hidden) +
              fmt::format("GET /hello HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{}", hidden.size(), hidden) +
              "GET /item/last HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read().body, "ignored");
  EXPECT_EQ(client.read().body, "hello");
  EXPECT_EQ(client.read().body, "last");
}

TEST_F(Hello, SendsContinueToAClientThatWaits) {
  Client client(port);
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read().status, 100);
  client.send("hi");
  EXPECT_EQ(client.read().body, "hi");
}

TEST_F(Hello, AnExpectedBodyThatIsTooLargeIsRefusedInsteadOfContinued) {
  EXPECT_EQ(
      ask(port, "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2000000\r\n\r\n").status,
      413);
}

struct Raw {
  const char* what;
  int status;
  std::string bytes;
};

class Guard : public Hello, public ::testing::WithParamInterface<Raw> {};

TEST_P(Guard, AnswersJsonAndClosesWhateverFollows) {
  Client client(port);
  client.send(GetParam().bytes);
  client.send(get_hello);
  const Answer answer = client.read();
  EXPECT_EQ(answer.status, GetParam().status);
  EXPECT_EQ(answer.header("content-type"), "application/json");
  EXPECT_EQ(answer.header("connection"), "close");
  const auto error = nlohmann::json::parse(answer.body)["error"];
  EXPECT_EQ(error["requestId"], answer.header("x-request-id"));
  EXPECT_NE(error["message"], "");
  EXPECT_TRUE(client.closed_by_server());
}

INSTANTIATE_TEST_SUITE_P(
    Rules, Guard,
    ::testing::Values(
        Raw{"LengthAndCoding", 400,
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"},
        Raw{"TwoLengths", 400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello"},
        Raw{"SignedLength", 400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello"},
        Raw{"LengthInWords", 400, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: five\r\n\r\nhello"},
        Raw{"UnknownCoding", 501, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"},
        Raw{"NoHost", 400, "GET /hello HTTP/1.1\r\n\r\n"},
        Raw{"TwoHosts", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"},
        Raw{"FoldedHeader", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n"},
        Raw{"EncodedWord", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: =?utf-8?Q?=0D=0AEvil:_1?=\r\n\r\n"},
        Raw{"BareLineFeed", 400, "GET /hello HTTP/1.1\nHost: a\n\n"},
        Raw{"Nul", 400, std::string("GET /he\0llo HTTP/1.1\r\nHost: a\r\n\r\n", 34)},
        Raw{"ControlInTarget", 400, "GET /he\x01llo HTTP/1.1\r\nHost: a\r\n\r\n"},
        Raw{"BrokenPercent", 400, "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n"},
        Raw{"EncodedNul", 400, "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n"},
        Raw{"Traversal", 400, "GET /item/%2e%2e HTTP/1.1\r\nHost: a\r\n\r\n"},
        Raw{"UnknownMethod", 501, "BREW /hello HTTP/1.1\r\nHost: a\r\n\r\n"},
        Raw{"OtherVersion", 505, "GET /hello HTTP/3.0\r\nHost: a\r\n\r\n"},
        Raw{"Http2Preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"},
        Raw{"TlsHello", 400, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11)},
        Raw{"LongTarget", 414, "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: a\r\n\r\n"},
        Raw{"LongTargetUnfinished", 414, "GET /" + std::string(9000, 'a')},
        Raw{"LargeHead", 431, "GET /hello HTTP/1.1\r\nHost: a\r\nX: " + std::string(17000, 'x') + "\r\n\r\n"},
        Raw{"LargeBody", 413, "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1048577\r\n\r\n"},
        Raw{"LargeChunk", 413, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n100001\r\n"},
        Raw{"BrokenChunk", 400, "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n"}),
    [](const auto& rule) { return std::string(rule.param.what); });

TEST_F(Hello, ARefusalReachesAClientThatGoesOnSendingItsBody) {
  Client client(port);
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2000000\r\n\r\n" + std::string(200'000, 'x'));
  const Answer answer = client.read();
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(code_of(answer), "body_too_large");
  EXPECT_TRUE(client.closed_by_server()) << "a reset could have cost the client the answer";
}

TEST_F(Hello, TooManyHeadersAre431) {
  std::string request = "GET /hello HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 100; ++i) request += "A: b\r\n";
  EXPECT_EQ(ask(port, request + "\r\n").status, 431);
}

TEST(Listener, OtherHostsGet421) {
  ListenerOptions options;
  options.allowed_hosts = {"localhost", "127.0.0.1", "[::1]"};
  const Listener listener(options, hello_router());
  EXPECT_EQ(get(listener.port(), "/hello").status, 200);
  const Answer rebound = ask(listener.port(), "GET /hello HTTP/1.1\r\nHost: evil.example:80\r\n\r\n");
  EXPECT_EQ(rebound.status, 421);
  EXPECT_EQ(code_of(rebound), "misdirected_request");
}

TEST(Listener, WhateverAHandlerThrowsIs500WithTheIdAndTheCauseIsReported) {
  Router router;
  router.get("/std", [](const Request&) -> Response { throw std::runtime_error("secret std"); });
  router.get("/poco", [](const Request&) -> Response { throw Poco::NotFoundException("secret poco"); });
  router.get("/int", [](const Request&) -> Response { throw 42; });
  std::mutex mutex;
  std::vector<Failure> failures;
  const Listener listener({}, router, {}, [&](const Failure& failure) {
    const std::lock_guard lock(mutex);
    failures.push_back(failure);
  });
  Client client(listener.port());
  for (const char* path : {"/std", "/poco", "/int"}) {
    client.send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\nX-Request-Id: r{}\r\n\r\n", path, failures.size()));
    const Answer answer = client.read();
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_EQ(code_of(answer), "internal_error") << path;
    EXPECT_THAT(answer.body, Not(HasSubstr("secret")));
    const std::lock_guard lock(mutex);
    EXPECT_EQ(failures.back().request_id, answer.header("x-request-id"));
    EXPECT_EQ(failures.back().path, path);
  }
  ASSERT_EQ(failures.size(), 3U);
  EXPECT_EQ(failures[0].what, "secret std");
  EXPECT_THAT(failures[1].what, HasSubstr("secret poco"));
  EXPECT_EQ(failures[2].what, "something that is no std::exception");
}

TEST(Listener, AReportOrObservationThatThrowsCostsNoAnswer) {
  const Listener listener(
      {}, [](const Request&) -> Response { throw std::runtime_error("a"); },
      [](const Observation&) { throw std::runtime_error("b"); }, [](const Failure&) { throw std::runtime_error("c"); });
  EXPECT_EQ(get(listener.port(), "/").status, 500);
  EXPECT_EQ(get(listener.port(), "/%").status, 400);
}

TEST(Listener, AResponseThatCannotBeSentIs500AndNeverSplit) {
  const auto with_header = [](const std::string& name, const std::string& value) {
    Response response = text_response(200, "text/plain", "x");
    response.headers.emplace_back(name, value);
    return response;
  };
  Router router;
  router.get("/crlf", [&](const Request&) { return with_header("X", "a\r\nSet-Cookie: b"); });
  router.get("/nul", [&](const Request&) { return with_header("X", std::string("a\0b", 3)); });
  router.get("/name", [&](const Request&) { return with_header("X: a\r\nY", "b"); });
  router.get("/length", [&](const Request&) { return with_header("content-length", "99"); });
  router.get("/type", [](const Request&) { return text_response(200, "text/plain\r\nX: y", "x"); });
  router.get("/status", [](const Request&) { return text_response(99, "text/plain", "x"); });
  const Listener listener({}, router);
  for (const char* path : {"/crlf", "/nul", "/name", "/length", "/type", "/status"}) {
    const Answer answer = get(listener.port(), path);
    EXPECT_EQ(answer.status, 500) << path;
    EXPECT_FALSE(answer.has("set-cookie")) << path;
    EXPECT_FALSE(answer.has("x")) << path;
  }
}

TEST(Listener, HandlersMaySetCacheControlAndOmitTheBody) {
  Router router;
  router.get("/cached", [](const Request&) {
    Response response;
    response.headers.emplace_back("cache-control", "max-age=5");
    return response;
  });
  router.get("/304", [](const Request&) { return text_response(304, "text/plain", "never sent"); });
  const Listener listener({}, router);
  const Answer answer = get(listener.port(), "/cached");
  EXPECT_EQ(answer.header("cache-control"), "max-age=5");
  EXPECT_EQ(answer.header("content-length"), "0");
  Client client(listener.port());
  client.send("GET /304 HTTP/1.1\r\nHost: a\r\n\r\nGET /cached HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read(true).status, 304);
  EXPECT_EQ(client.read().status, 200);
}

TEST(Listener, ObservesEveryAnswerWithValuesFromClosedSets) {
  std::mutex mutex;
  std::vector<Observation> seen;
  const Listener listener({}, hello_router(), [&](const Observation& observation) {
    const std::lock_guard lock(mutex);
    seen.push_back(observation);
  });
  get(listener.port(), "/item/one");
  get(listener.port(), "/attack-1234");
  ask(listener.port(), "EVIL1234 / HTTP/1.1\r\nHost: a\r\n\r\n");
  ask(listener.port(), "HEAD /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  ASSERT_TRUE(testing::eventually([&] {
    const std::lock_guard lock(mutex);
    return seen.size() == 4;
  }));
  EXPECT_EQ(seen[0].method + " " + seen[0].route, "GET /item/{name}");
  EXPECT_EQ(seen[0].status, 200);
  EXPECT_EQ(seen[0].bytes, 3U);
  EXPECT_GT(seen[0].duration.count(), 0);
  EXPECT_EQ(seen[1].method + " " + seen[1].route, "GET other");
  EXPECT_EQ(seen[1].status, 404);
  EXPECT_EQ(seen[2].method + " " + seen[2].route, "other other");
  EXPECT_EQ(seen[2].status, 501);
  EXPECT_EQ(seen[3].method + " " + seen[3].route, "HEAD /hello");
  EXPECT_EQ(seen[3].bytes, 0U);
}

TEST(Listener, ABusyPortIsNamedInTheError) {
  const Listener first({}, hello_router());
  ListenerOptions options;
  options.port = first.port();
  try {
    const Listener second(options, hello_router());
    FAIL() << "two listeners share a port";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(error.what(), fmt::format("cannot listen on 127.0.0.1:{}: address already in use", first.port()));
  }
}

TEST(Listener, AnAddressOfAnotherMachineIsNamedInTheError) {
  ListenerOptions options;
  options.host = "192.0.2.1";
  options.port = 9464;
  try {
    const Listener listener(options, hello_router());
    FAIL() << "bound an address that is not ours";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "cannot listen on 192.0.2.1:9464: cannot assign requested address");
  }
}

TEST(Listener, AHostThatIsNoHostIsNamedInTheError) {
  ListenerOptions options;
  options.host = "no such host";
  try {
    const Listener listener(options, hello_router());
    FAIL() << "bound something";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("cannot listen on no such host:0: the host has no address"));
  }
}

TEST(Listener, OptionsThatMakeNoSenseAreRefused) {
  const auto refused = [](const std::function<void(ListenerOptions&)>& spoil) {
    ListenerOptions options;
    spoil(options);
    EXPECT_THROW(Listener(options, hello_router()), std::invalid_argument);
  };
  refused([](ListenerOptions& o) { o.threads = 0; });
  refused([](ListenerOptions& o) { o.queue = 0; });
  refused([](ListenerOptions& o) { o.max_connections = -1; });
  refused([](ListenerOptions& o) { o.max_header_bytes = o.max_target_bytes; });
  refused([](ListenerOptions& o) { o.idle_timeout = std::chrono::milliseconds{0}; });
  EXPECT_THROW(Listener(ListenerOptions{}, Handler{}), std::invalid_argument);
}

// A machine may have no IPv6 at all; then there is nothing to test.
bool has_ipv6() {
  try {
    ListenerOptions options;
    options.host = "::1";
    const Listener listener(options, hello_router());
    return true;
  } catch (const std::runtime_error&) {
    return false;
  }
}

TEST(Listener, ListensOnIpv6AndOnBothLoopbacksForLocalhost) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  for (const char* host : {"::1", "[::1]", "localhost", "::"}) {
    ListenerOptions options;
    options.host = host;
    const Listener listener(options, hello_router());
    Client client(listener.port(), "::1");
    client.send("GET /remote HTTP/1.1\r\nHost: [::1]\r\n\r\n");
    EXPECT_EQ(client.read().body, "::1") << host;
  }
}

TEST(Listener, LocalhostAndTheWildcardAnswerOnIpv4) {
  for (const char* host : {"localhost", "0.0.0.0"}) {
    ListenerOptions options;
    options.host = host;
    const Listener listener(options, hello_router());
    EXPECT_EQ(get(listener.port(), "/remote").body, "127.0.0.1") << host;
  }
}

TEST(Listener, AnIpv4ClientOfAnIpv6WildcardKeepsItsAddress) {
  if (!has_ipv6()) GTEST_SKIP() << "this machine has no IPv6";
  ListenerOptions options;
  options.host = "::";
  const Listener listener(options, hello_router());
  EXPECT_EQ(get(listener.port(), "/remote").body, "127.0.0.1");
}

TEST(Listener, ManyClientsAtOnceEachGetTheirOwnAnswers) {
  ListenerOptions options;
  options.queue = 1000;
  const Listener listener(options, hello_router());
  std::atomic<int> right{0};
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 16; ++c) {
      clients.emplace_back([&, c] {
        Client client(listener.port());
        for (int i = 0; i < 200; ++i) {
          client.send(fmt::format("GET /item/{}-{} HTTP/1.1\r\nHost: a\r\n\r\n", c, i));
          if (client.read().body == fmt::format("{}-{}", c, i)) ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 16 * 200);
}

}  // namespace
}  // namespace crm::http
