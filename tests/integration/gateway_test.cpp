// Gateways over HTTP: small local servers that answer as the real ones document it, or do not answer, late, wrongly or
// for ever.

#include "source/gateway/gateway.h"

#include <atomic>
#include <future>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <crm/sdk/errors.h>

#include "support/gateway_server.h"
#include "support/hostile_server.h"

namespace {

using namespace crm;
using namespace crm::testing;
using namespace std::chrono_literals;
using source::GatewayKind;
using std::chrono::steady_clock;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string secret = "canary-of-the-test";
const std::string waha_answer = json_answer(
    R"([{"name": "default", "status": "WORKING", "me": {"id": "49151@c.us"}}, {"name": "b", "status": "STOPPED"}])");

source::GatewayOptions options(GatewayKind kind, const std::string& url) {
  source::GatewayOptions options{.name = "main", .kind = kind};
  options.url = url;
  options.token = secret;
  options.timeout = 2'000ms;
  options.every = 0ms;
  options.first_backoff = 0ms;
  options.last_backoff = 0ms;
  return options;
}

std::vector<std::string> text_of(const std::vector<source::GatewaySession>& sessions) {
  std::vector<std::string> all;
  for (const auto& session : sessions) all.push_back(session.id + " " + session.phone_number + " " + session.status);
  return all;
}

std::vector<std::string> read(source::Gateway& gateway, steady_clock::duration within = 10s) {
  return text_of(gateway.read(steady_clock::now() + within));
}

std::string failure(source::Gateway& gateway, steady_clock::duration within = 10s) {
  try {
    read(gateway, within);
  } catch (const SourceUnavailable& unavailable) {
    EXPECT_THAT(unavailable.what(), Not(HasSubstr(secret)));
    return unavailable.what();
  }
  return "(none)";
}

std::string failure(source::GatewayOptions options) {
  source::Gateway gateway(std::move(options));
  return failure(gateway);
}

std::string failure_of_answer(const std::string& answer) {
  const GatewayServer server(answer);
  return failure(options(GatewayKind::waha, server.url()));
}

// --- what is asked, and how ------------------------------------------------------------------------------------------

TEST(Gateway, AsksWahaForAllSessionsWithItsKey) {
  const GatewayServer server(waha_answer);
  source::Gateway gateway(options(GatewayKind::waha, server.url() + "/"));
  EXPECT_THAT(read(gateway), ElementsAre("default 49151 WORKING", "b  STOPPED"));
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_THAT(server.requests()[0], AllOf(HasSubstr("GET /api/sessions?all=true HTTP/1.1\r\n"),
                                          HasSubstr("\r\nX-Api-Key: " + secret + "\r\n"),
                                          HasSubstr(fmt::format("\r\nHost: 127.0.0.1:{}\r\n", server.port()))));
  EXPECT_EQ(gateway.place(), fmt::format("WAHA at http://127.0.0.1:{}", server.port()));
}

TEST(Gateway, AsksEvolutionAndThisCrmBelowTheConfiguredPath) {
  const GatewayServer server(json_answer(R"([{"name": "s", "connectionStatus": "open"}])"));
  source::Gateway evolution(options(GatewayKind::evolution, server.url() + "/wa/"));
  EXPECT_THAT(read(evolution), ElementsAre("s  open"));
  source::Gateway crm(options(GatewayKind::crm, server.url()));
  EXPECT_THAT(read(crm), ElementsAre("s  "));
  const auto requests = server.requests();
  EXPECT_THAT(requests.at(0),
              AllOf(HasSubstr("GET /wa/instance/fetchInstances HTTP/1.1"), HasSubstr("\r\napikey: " + secret)));
  EXPECT_THAT(requests.at(1), AllOf(HasSubstr("GET /api/sessions/states HTTP/1.1"),
                                    HasSubstr("\r\nAuthorization: Bearer " + secret + "\r\n")));
}

TEST(Gateway, SendsNoTokenWhereThereIsNone) {
  const GatewayServer server(waha_answer);
  auto open = options(GatewayKind::waha, server.url());
  open.token.clear();
  source::Gateway gateway(open);
  EXPECT_EQ(read(gateway).size(), 2U);
  EXPECT_THAT(server.requests().at(0), Not(HasSubstr("X-Api-Key")));
}

TEST(Gateway, AsksTheCloudApiPhoneByPhoneAndLeavesOutTheOneItRefuses) {
  const GatewayServer server([](const std::string& request) {
    if (request.starts_with("GET /v21.0/1?fields=status,quality_rating,display_phone_number HTTP/1.1")) {
      return json_answer(
          R"({"status": "CONNECTED", "quality_rating": "GREEN", "display_phone_number": "+1 555", "id": "1"})");
    }
    return json_answer(
        R"({"error": {"message": "Unsupported get request with token canary-of-the-test.", "code": 100}})",
        "400 Bad Request");
  });
  std::vector<std::string> told;
  auto asked = options(GatewayKind::cloud, server.url() + "/v21.0");
  asked.phone_ids = {"1", "2"};
  source::Gateway gateway(
      asked, {.readable = [&](const std::string& name, const std::string& phone,
                              const std::string& why) { told.push_back(fmt::format("{} {}: {}", name, phone, why)); },
              .up = [&](const std::string& name, bool up) { told.push_back(fmt::format("{} {}", name, up)); }});
  EXPECT_THAT(read(gateway), ElementsAre("1 1555 CONNECTED"));
  EXPECT_THAT(read(gateway), ElementsAre("1 1555 CONNECTED"));
  EXPECT_THAT(told, ElementsAre("main 1: ", "main 2: it answers with HTTP 400: Unsupported get request with token ***.",
                                "main false"))
      << "once, not every time";
}

// --- TLS -------------------------------------------------------------------------------------------------------------

TEST(Gateway, TlsWorksWithTheAuthorityThatIsTrusted) {
  const GatewayServer server(waha_answer, true);
  for (const char* host : {"127.0.0.1", "localhost"}) {
    auto secure = options(GatewayKind::waha, server.url(host));
    secure.ca_file = server.ca_file();
    source::Gateway gateway(secure);
    EXPECT_EQ(read(gateway).size(), 2U) << host;
  }
}

TEST(Gateway, TlsSendsNothingToWhomNobodyVouchesFor) {
  const GatewayServer server(waha_answer, true);
  EXPECT_THAT(failure(options(GatewayKind::waha, server.url())), HasSubstr("ertificate"));
  EXPECT_THAT(server.requests(), IsEmpty());
}

// A server that says what it says in plain text, to a client that expects TLS.
TEST(Gateway, TlsWithAServerThatHasNoneEnds) {
  const HostileServer server("HTTP/1.1 200 OK\r\n\r\n");
  EXPECT_NE(failure(options(GatewayKind::waha, server.url("https"))), "(none)");
}

TEST(Gateway, TlsThatDripsIsCutOff) {
  // The head of a TLS record of 16 KiB, then a byte now and then.
  const HostileServer server(std::string("\x16\x03\x03\x40\x00", 5), 50ms, "x");
  auto slow = options(GatewayKind::waha, server.url("https"));
  slow.timeout = 500ms;
  const auto began = steady_clock::now();
  EXPECT_THAT(failure(slow), HasSubstr("timed out while agreeing on TLS"));
  EXPECT_LT(steady_clock::now() - began, 5s);
}

// --- errors and slowness ---------------------------------------------------------------------------------------------

TEST(Gateway, SaysWhatTheGatewaySaysOfAnError) {
  EXPECT_THAT(failure_of_answer(json_answer(R"({"message": "Unauthorized"})", "401 Unauthorized")),
              HasSubstr("it refuses the token (HTTP 401: Unauthorized)"));
  EXPECT_THAT(failure_of_answer(json_answer("", "403 Forbidden")), HasSubstr("it refuses the token (HTTP 403)"));
  EXPECT_THAT(failure_of_answer(json_answer("<h1>no</h1>", "404 Not Found")),
              HasSubstr("it knows no /api/sessions?all=true (HTTP 404)"));
  EXPECT_THAT(failure_of_answer(json_answer(R"({"error": "down"})", "503 Service Unavailable")),
              HasSubstr("it answers with HTTP 503: down"));
  EXPECT_THAT(failure_of_answer(json_answer("<html>")), HasSubstr("its answer is no JSON"));
  EXPECT_THAT(failure_of_answer(json_answer(R"({"name": "x"})")),
              HasSubstr("its answer is none that such a gateway gives"));
}

TEST(Gateway, FollowsNobodyElsewhereWithItsToken) {
  const GatewayServer thief(waha_answer);
  const GatewayServer server(json_answer("", "302 Found", "Location: " + thief.url() + "/api/sessions?all=true\r\n"));
  EXPECT_THAT(failure(options(GatewayKind::waha, server.url())), HasSubstr("it sends to another address (HTTP 302)"));
  EXPECT_THAT(thief.requests(), IsEmpty());
}

TEST(Gateway, TakesAnswersInChunksAndUntilTheEnd) {
  const std::string body = R"([{"name":"a","status":"WORKING"}])";
  for (const std::string& answer :
       {fmt::format("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{}\r\n{:x}\r\n{}\r\n0\r\n\r\n",
                    body.substr(0, 5), body.size() - 5, body.substr(5)),
        "HTTP/1.1 200 OK\r\n\r\n" + body, "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n" + body}) {
    const GatewayServer server(answer);
    source::Gateway gateway(options(GatewayKind::waha, server.url()));
    EXPECT_THAT(read(gateway), ElementsAre("a  WORKING")) << answer;
  }
}

TEST(Gateway, RefusesWhatIsNoHttpCutShortOrEndless) {
  EXPECT_THAT(failure_of_answer("+OK redis\r\n\r\n"), HasSubstr("it does not speak HTTP"));
  EXPECT_THAT(failure_of_answer("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n[]"),
              HasSubstr("it closed the connection in the middle of its answer"));
  EXPECT_NE(failure_of_answer("HTTP/1.1 200 OK\r\nContent-Le"), "(none)");
  EXPECT_THAT(failure_of_answer("HTTP/1.1 200 OK\r\n\r\n[" + std::string(5U << 20U, ' ') + "]"),
              HasSubstr("its answer is longer than 4194304 bytes"));
  std::string headers = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 1'000; ++i) headers += fmt::format("X-{}: 1\r\n", i);
  EXPECT_NE(failure_of_answer(headers + "\r\n[]"), "(none)");
}

TEST(Gateway, ThatIsNotThereIsToldAtOnce) {
  int port = 0;
  {
    const GatewayServer gone(waha_answer);
    port = gone.port();
  }
  const auto began = steady_clock::now();
  EXPECT_THAT(failure(options(GatewayKind::waha, fmt::format("http://127.0.0.1:{}", port))),
              AllOf(HasSubstr("gateway main (WAHA at http://127.0.0.1:"), HasSubstr("refused")));
  EXPECT_LT(steady_clock::now() - began, 2s);
}

TEST(Gateway, ThatIsSilentOrDripsIsCutOffAfterItsTimeout) {
  for (const auto& [greeting, more] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"HTTP/1.1 200 OK\r\n", "X: 1\r\n"}, {"HTTP/1.1 200 OK\r\n\r\n[", " "}}) {
    const HostileServer server(greeting, 50ms, more);
    auto slow = options(GatewayKind::waha, server.url("http"));
    slow.timeout = 500ms;
    const auto began = steady_clock::now();
    EXPECT_THAT(failure(slow), HasSubstr("timed out while waiting for its answer"));
    EXPECT_LT(steady_clock::now() - began, 5s) << greeting;
  }
}

TEST(Gateway, TakesHalfOfWhatARunHasLeftAtMost) {
  const HostileServer server("");
  auto patient = options(GatewayKind::waha, server.url("http"));
  patient.timeout = 60s;
  source::Gateway gateway(patient);
  const auto began = steady_clock::now();
  EXPECT_THAT(failure(gateway, 1s), HasSubstr("timed out"));
  EXPECT_LT(steady_clock::now() - began, 5s);
  EXPECT_THROW(read(gateway, 0s), DeadlineExceeded);
}

TEST(Gateway, AStopEndsAReadAndBlamesNobody) {
  const HostileServer server("");
  auto patient = options(GatewayKind::waha, server.url("http"));
  patient.timeout = 60s;
  std::atomic<int> told = 0;
  source::Gateway gateway(patient, {.readable = [&](const auto&, const auto&, const auto&) { ++told; },
                                    .up = [&](const auto&, bool) { ++told; }});
  std::stop_source stop;
  auto reading = std::async(std::launch::async, [&] {
    EXPECT_THROW(gateway.read(steady_clock::now() + 120s, stop.get_token()), SourceUnavailable);
  });
  stop.request_stop();
  EXPECT_EQ(reading.wait_for(10s), std::future_status::ready);
  EXPECT_EQ(told, 0);
}

// --- how often -------------------------------------------------------------------------------------------------------

TEST(Gateway, IsAskedOnceForManyAndNotAgainSoon) {
  const GatewayServer server(waha_answer);
  auto seldom = options(GatewayKind::waha, server.url());
  seldom.every = 1h;
  source::Gateway gateway(seldom);
  std::vector<std::future<std::size_t>> readers;
  for (int i = 0; i < 8; ++i) readers.push_back(std::async(std::launch::async, [&] { return read(gateway).size(); }));
  for (auto& reader : readers) EXPECT_EQ(reader.get(), 2U);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Gateway, ThatFailedIsLeftAloneForAWhileAndEverybodyHearsWhy) {
  const GatewayServer server(json_answer("", "500 Internal Server Error"));
  auto careful = options(GatewayKind::waha, server.url());
  careful.first_backoff = careful.last_backoff = 1h;
  source::Gateway gateway(careful);
  const std::string first = failure(gateway);
  EXPECT_THAT(first, HasSubstr("HTTP 500"));
  EXPECT_EQ(failure(gateway), first);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(Gateway, IsFoundAgainWhenItIsBack) {
  GatewayServer server(json_answer("", "502 Bad Gateway"));
  source::Gateway gateway(options(GatewayKind::waha, server.url()));
  EXPECT_THAT(failure(gateway), HasSubstr("HTTP 502"));
  server.answers(waha_answer);
  EXPECT_EQ(read(gateway).size(), 2U);
}

// --- several of them -------------------------------------------------------------------------------------------------

TEST(Gateways, OfSeveralHaveIdsThatTellThemApart) {
  const GatewayServer one(waha_answer);
  const GatewayServer two(json_answer(R"([{"name": "default", "connectionStatus": "open"}])"));
  const auto made = [&](const std::string& name, GatewayKind kind, const std::string& url) {
    auto named = options(kind, url);
    named.name = name;
    return std::make_unique<source::Gateway>(named);
  };
  std::vector<std::unique_ptr<source::Gateway>> both;
  both.push_back(made("one", GatewayKind::waha, one.url()));
  both.push_back(made("two", GatewayKind::evolution, two.url()));
  const source::Gateways gateways(std::move(both));
  EXPECT_THAT(text_of(gateways.read(steady_clock::now() + 10s)),
              ElementsAre("one/default 49151 WORKING", "one/b  STOPPED", "two/default  open"));
}

TEST(Gateways, WithoutOneOfThemAreTheOthers) {
  const GatewayServer well(waha_answer);
  GatewayServer ill(json_answer("", "500 Internal Server Error"));
  std::vector<std::unique_ptr<source::Gateway>> both;
  for (const auto& [name, url] : {std::pair("ill", ill.url()), std::pair("well", well.url())}) {
    auto named = options(GatewayKind::waha, url);
    named.name = name;
    both.push_back(std::make_unique<source::Gateway>(named));
  }
  const source::Gateways gateways(std::move(both));
  EXPECT_THAT(text_of(gateways.read(steady_clock::now() + 10s)),
              ElementsAre("well/default 49151 WORKING", "well/b  STOPPED"));
}

TEST(Gateways, ThatAreAllAwayAreUnavailableNotEmpty) {
  const GatewayServer ill(json_answer("", "500 Internal Server Error"));
  std::vector<std::unique_ptr<source::Gateway>> one;
  one.push_back(std::make_unique<source::Gateway>(options(GatewayKind::waha, ill.url())));
  const source::Gateways gateways(std::move(one));
  EXPECT_THROW(gateways.read(steady_clock::now() + 10s), SourceUnavailable);
}

TEST(Gateway, SaysWhetherItsTokenCanBeOverheard) {
  const auto exposes = [](const std::string& url, const std::string& token = secret) {
    auto asked = options(GatewayKind::waha, url);
    asked.token = token;
    return source::Gateway(asked).exposes_token();
  };
  EXPECT_TRUE(exposes("http://waha.example.com"));
  EXPECT_TRUE(exposes("http://127.evil.example"));
  EXPECT_FALSE(exposes("http://waha.example.com", ""));
  EXPECT_FALSE(exposes("https://waha.example.com"));
  for (const char* url : {"http://127.0.0.1:3000", "http://localhost", "http://[::1]:3000/x"})
    EXPECT_FALSE(exposes(url)) << url;
}

TEST(Gateway, WithAUrlThatIsNoneIsRefusedAtOnce) {
  for (const char* url : {"ftp://h", "h", "http://", "http://h:99999999"}) {
    EXPECT_THROW(source::Gateway(options(GatewayKind::waha, url)), std::invalid_argument) << url;
  }
}

}  // namespace
