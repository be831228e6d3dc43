#pragma once
// What the tests of the source share: a database of their own, snapshots over it, and ways to disturb the server.

#include <atomic>
#include <chrono>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cluster.h"
#include "source/snapshot.h"
#include "support/rows.h"

namespace crm::testing {

using namespace std::chrono_literals;
using std::chrono::steady_clock;

// All that an observer is told.
struct Told {
  struct Query {
    std::string statement;
    std::chrono::nanoseconds duration;
    std::size_t rows;
  };
  std::mutex mutex;
  std::vector<Query> queries;
  std::vector<std::pair<bool, std::string>> availability;

  source::PostgresObserver observer() {
    return {.query_finished =
                [this](const std::string& statement, std::chrono::nanoseconds duration, std::size_t rows) {
                  const std::lock_guard lock(mutex);
                  queries.push_back({statement, duration, rows});
                },
            .availability =
                [this](bool up, const std::string& why) {
                  const std::lock_guard lock(mutex);
                  availability.emplace_back(up, why);
                }};
  }
  std::vector<bool> ups() {
    const std::lock_guard lock(mutex);
    std::vector<bool> ups;
    for (const auto& [up, why] : availability) ups.push_back(up);
    return ups;
  }
};

class SourceTest : public ::testing::Test {
 protected:
  source::PostgresOptions options() const {
    source::PostgresOptions options;
    options.url = daemon_url(url_);
    return options;
  }

  static std::unique_ptr<source::Snapshot> open(source::Postgres& postgres, const Scope& scope = Scope::everyone(),
                                                steady_clock::duration within = 30s,
                                                source::Pool::For purpose = source::Pool::For::people) {
    return postgres.open({.scope = scope, .deadline = steady_clock::now() + within, .purpose = purpose});
  }

  static Rows ask(source::Snapshot& snapshot, const std::string& sql, const source::Binding& binding = {}) {
    return snapshot.run("test/statement", sql, binding, true);
  }
  static std::string value(source::Snapshot& snapshot, const std::string& sql) {
    const Rows rows = ask(snapshot, sql);
    return rows.empty() ? "" : std::string(rows[0].text(rows.columns()[0]));
  }
  static pid_t backend_of(source::Snapshot& snapshot) {
    return static_cast<pid_t>(std::stoi(value(snapshot, "SELECT pg_backend_pid() AS pid")));
  }

  // The daemon's connections as the server counts them.
  int connections(const std::string& state = "%") const {
    return std::stoi(scalar(url_,
                            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'crm-metricsd' AND "
                            "datname = current_database() AND state LIKE '" +
                                state + "'"));
  }

  // The server's processes for this database, whosever connections they serve.
  std::vector<pid_t> backends() const {
    std::istringstream pids(scalar(url_,
                                   "SELECT string_agg(pid::text, ' ') FROM pg_stat_activity WHERE datname = "
                                   "current_database() AND pid <> pg_backend_pid()"));
    return {std::istream_iterator<pid_t>(pids), std::istream_iterator<pid_t>()};
  }

  bool opens_again(source::Postgres& postgres) const {
    return eventually([&] {
      try {
        open(postgres, Scope::everyone(), 3s);
        return true;
      } catch (const std::exception&) {
        return false;
      }
    });
  }

  const std::string url_ = cluster().create_reference_database();
};

// A process that stands still, until the end of the scope at the latest.
class Stopped {
 public:
  explicit Stopped(std::vector<pid_t> pids) : pids_(std::move(pids)) {
    for (const pid_t pid : pids_) ::kill(pid, SIGSTOP);
  }
  ~Stopped() { go_on(); }
  Stopped(const Stopped&) = delete;
  Stopped& operator=(const Stopped&) = delete;
  void go_on() {
    for (const pid_t pid : std::exchange(pids_, {})) ::kill(pid, SIGCONT);
  }

 private:
  std::vector<pid_t> pids_;
};

// A server is gone, until the end of the scope at the latest.
class Killed {
 public:
  Killed(const std::function<void()>& kill, std::function<void()> start) : start_(std::move(start)) { kill(); }
  ~Killed() { start(); }
  Killed(const Killed&) = delete;
  Killed& operator=(const Killed&) = delete;
  void start() {
    if (const auto start = std::exchange(start_, nullptr)) start();
  }

 private:
  std::function<void()> start_;
};

inline Killed killed_server() {
  return {[] { cluster().kill(); }, [] { cluster().start(); }};
}

// What the daemon has its connections to: the server, or in a pooled run the pooler.
inline Killed killed_front() {
  if (!pooled()) return killed_server();
  return {[] { pooler().kill(); }, [] { pooler().start(); }};
}
inline int front_port() {
  return pooled() ? pooler().port() : cluster().port();
}

// Takes the front's port while it is away: counts who asks, and hangs up.
class CountingListener {
 public:
  explicit CountingListener(int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    listening_ =
        ::bind(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(socket_, 64) == 0;
    thread_ = std::jthread([this](const std::stop_token& stop) {
      while (!stop.stop_requested()) {
        pollfd ready{socket_, POLLIN, 0};
        if (::poll(&ready, 1, 20) != 1) continue;
        const int caller = ::accept4(socket_, nullptr, nullptr, SOCK_CLOEXEC);
        if (caller < 0) continue;
        ++callers_;
        ::close(caller);
      }
    });
  }
  ~CountingListener() {
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
  }
  CountingListener(const CountingListener&) = delete;
  CountingListener& operator=(const CountingListener&) = delete;

  bool listening() const { return listening_; }
  int callers() const { return callers_; }

 private:
  int socket_;
  bool listening_ = false;
  std::atomic<int> callers_ = 0;
  std::jthread thread_;
};

}  // namespace crm::testing
