// What happens when clients are slow, many, or do not go away.

#include <atomic>
#include <chrono>
#include <list>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "client.h"
#include "gate.h"
#include "http/listener.h"
#include "http/router.h"

namespace crm::http {
namespace {

using namespace std::chrono_literals;
using testing::Answer;
using testing::Client;
using testing::eventually;
using testing::Gate;
using testing::get;

using Clock = std::chrono::steady_clock;

const std::string get_root = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

Response ok(const Request&) {
  return text_response(200, "text/plain", "ok");
}

std::string code_of(const Answer& answer) {
  return nlohmann::json::parse(answer.body)["error"]["code"];
}

// One byte at a time, until the server has had enough. Returns the answer.
Answer drip(Client& client, const std::string& start, std::chrono::milliseconds pace) {
  client.send(start);
  std::atomic<bool> answered{false};
  std::jthread dripping([&] {
    while (!answered && client.send("a")) std::this_thread::sleep_for(pace);
  });
  const Answer answer = client.read();
  answered = true;
  return answer;
}

TEST(Slow, ADrippedHeadIs408AfterItsTotalTimeHoweverOftenBytesCome) {
  ListenerOptions options;
  options.header_timeout = 300ms;
  options.idle_timeout = 60s;
  const Listener listener(options, ok);
  Client client(listener.port());
  const auto start = Clock::now();
  const Answer answer = drip(client, "GET /", 20ms);
  EXPECT_EQ(answer.status, 408);
  EXPECT_EQ(code_of(answer), "request_timeout");
  EXPECT_GE(Clock::now() - start, 300ms);
  EXPECT_LT(Clock::now() - start, 3s);
}

TEST(Slow, ADrippedBodyIs408AfterItsTotalTime) {
  ListenerOptions options;
  options.body_timeout = 300ms;
  const Listener listener(options, ok);
  Client client(listener.port());
  const auto start = Clock::now();
  EXPECT_EQ(drip(client, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n", 20ms).status, 408);
  EXPECT_GE(Clock::now() - start, 300ms);
  EXPECT_LT(Clock::now() - start, 3s);
}

TEST(Slow, DrippingClientsHoldNoThread) {
  ListenerOptions options;
  options.threads = 1;
  const Listener listener(options, ok);
  std::list<Client> dripping;
  for (int i = 0; i < 20; ++i) dripping.emplace_back(listener.port()).send("GET / HTTP/1.1\r\nHo");
  EXPECT_EQ(get(listener.port(), "/").status, 200);
}

TEST(Slow, IdleConnectionsHoldNoThread) {
  ListenerOptions options;
  options.threads = 1;
  const Listener listener(options, ok);
  std::list<Client> kept;
  for (int i = 0; i < 20; ++i) {
    kept.emplace_back(listener.port()).send(get_root);
    ASSERT_EQ(kept.back().read().status, 200);
  }
  for (Client& client : kept) {
    client.send(get_root);
    EXPECT_EQ(client.read().status, 200);
  }
}

TEST(Slow, AClientThatDoesNotReadHoldsNoThreadAndIsClosedInTheEnd) {
  const std::string large(32 << 20, 'x');
  Router router;
  router.get("/large", [&](const Request&) { return text_response(200, "text/plain", large); });
  router.get("/", ok);
  ListenerOptions options;
  options.threads = 1;
  options.write_timeout = 500ms;
  const Listener listener(options, router);
  Client client(listener.port());
  client.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return listener.in_flight() == 1; }));
  EXPECT_EQ(get(listener.port(), "/").status, 200);
  EXPECT_TRUE(eventually([&] { return listener.in_flight() == 0; }));
  EXPECT_LT(client.read_to_end().size(), large.size());
}

TEST(Slow, ALargeAnswerArrivesWholeAtAClientThatReads) {
  std::string large(8 << 20, 'x');
  for (std::size_t i = 0; i < large.size(); i += 1000) large[i] = static_cast<char>('a' + i / 1000 % 26);
  const Listener listener({}, [&](const Request&) { return text_response(200, "text/plain", large); });
  EXPECT_EQ(get(listener.port(), "/").body, large);
}

TEST(Slow, IdleAndSilentConnectionsAreClosedWithoutAWord) {
  ListenerOptions options;
  options.idle_timeout = 150ms;
  options.header_timeout = 150ms;
  const Listener listener(options, ok);
  Client silent(listener.port());
  Client idle(listener.port());
  idle.send(get_root);
  EXPECT_EQ(idle.read().status, 200);
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(silent.closed_by_server());
}

TEST(Full, ConnectionsBeyondAnAddresssShareGet503WithRetryAfterUntilOneCloses) {
  ListenerOptions options;
  options.max_connections_per_address = 2;
  const Listener listener(options, ok);
  Client first(listener.port());
  first.send(get_root);
  ASSERT_EQ(first.read().status, 200);
  {
    Client second(listener.port());
    second.send(get_root);
    ASSERT_EQ(second.read().status, 200);
    Client third(listener.port());
    third.send(get_root);
    const Answer answer = third.read();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(code_of(answer), "too_many_connections");
    EXPECT_EQ(answer.header("retry-after"), "1");
    EXPECT_TRUE(third.closed_by_server());
  }
  EXPECT_TRUE(eventually([&] { return get(listener.port(), "/").status == 200; }));
  first.send(get_root);
  EXPECT_EQ(first.read().status, 200);
}

TEST(Full, ConnectionsBeyondTheTotalGet503) {
  ListenerOptions options;
  options.max_connections = 1;
  const Listener listener(options, ok);
  Client first(listener.port());
  first.send(get_root);
  ASSERT_EQ(first.read().status, 200);
  Client second(listener.port());
  EXPECT_EQ(second.read().status, 503);
}

TEST(Full, RequestsBeyondTheQueueGet503AndTheOthersAreAnswered) {
  Gate gate;
  ListenerOptions options;
  options.threads = 1;
  options.queue = 2;
  const Listener listener(options, [&gate](const Request& request) {
    gate.pass();
    return ok(request);
  });
  std::list<Client> waiting;
  waiting.emplace_back(listener.port()).send(get_root);
  gate.await(1);
  for (int i = 0; i < 2; ++i) waiting.emplace_back(listener.port()).send(get_root);
  ASSERT_TRUE(eventually([&] { return listener.in_flight() == 3; }));
  const Answer refused = get(listener.port(), "/");
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(code_of(refused), "overloaded");
  EXPECT_EQ(refused.header("retry-after"), "1");
  gate.open();
  for (Client& client : waiting) EXPECT_EQ(client.read().status, 200);
  EXPECT_TRUE(eventually([&] { return listener.in_flight() == 0; }));
}

TEST(Stop, RefusesNewConnectionsClosesIdleOnesAndAnswersWhatHasBegun) {
  Gate gate;
  Listener listener({}, [&gate](const Request& request) {
    if (request.path == "/slow") gate.pass();
    return ok(request);
  });
  const std::uint16_t port = listener.port();
  Client idle(port);
  idle.send(get_root);
  ASSERT_EQ(idle.read().status, 200);
  Client busy(port);
  busy.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
  gate.await(1);
  Client half(port);
  half.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  ASSERT_EQ(half.read().status, 100);

  std::jthread stopping([&] { EXPECT_EQ(listener.stop(60s), 0); });
  EXPECT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(eventually([&] {
    try {
      Client late(port);
      return false;
    } catch (const std::runtime_error&) {
      return true;
    }
  }));
  half.send("hi");
  EXPECT_EQ(half.read().header("connection"), "close");
  gate.open();
  const Answer answer = busy.read();
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("connection"), "close");
}

TEST(Stop, GivesUpOnAHandlerThatOutlastsTheDrainAndSaysSo) {
  Gate gate;
  Listener listener({}, [&gate](const Request& request) {
    gate.pass();
    return ok(request);
  });
  Client client(listener.port());
  client.send(get_root);
  gate.await(1);
  EXPECT_EQ(listener.stop(50ms), 1);
  EXPECT_EQ(client.read().status, 0);
  EXPECT_EQ(listener.stop(60s), 1);
  gate.open();
}

TEST(Stop, WithNothingToDoIsImmediate) {
  Listener listener({}, ok);
  Client silent(listener.port());
  const auto start = Clock::now();
  EXPECT_EQ(listener.stop(60s), 0);
  EXPECT_LT(Clock::now() - start, 5s);
  EXPECT_TRUE(silent.closed_by_server());
}

TEST(Stop, UnderLoadLosesNoRequestThatIsBeingHandled) {
  for (int round = 0; round < 10; ++round) {
    std::atomic<int> handled{0};
    std::atomic<int> answered{0};
    std::atomic<bool> enough{false};
    ListenerOptions options;
    options.queue = 1000;
    {
      Listener listener(options, [&handled](const Request& request) {
        ++handled;
        return ok(request);
      });
      std::vector<std::jthread> clients;
      for (int c = 0; c < 8; ++c) {
        clients.emplace_back([&, port = listener.port()] {
          try {
            while (!enough) {
              Client client(port);
              while (!enough && client.send(get_root) && client.read().status == 200) ++answered;
            }
          } catch (const std::runtime_error&) {
            // Refused, as it should be once the listener has stopped.
          }
        });
      }
      ASSERT_TRUE(eventually([&] { return handled > 200; }));
      EXPECT_EQ(listener.stop(60s), 0);
      enough = true;
    }
    EXPECT_EQ(answered, handled) << "round " << round;
  }
}

TEST(Stop, ManyListenersComeAndGo) {
  for (int i = 0; i < 50; ++i) {
    const Listener listener({}, ok);
    ASSERT_EQ(get(listener.port(), "/").status, 200);
  }
}

}  // namespace
}  // namespace crm::http
