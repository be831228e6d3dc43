#pragma once
// One connection to PostgreSQL: opened with the house's defaults, never re-opened behind our back, cancellable from any
// thread.

#include <memory>
#include <string>
#include <unordered_map>

#include <libpq-fe.h>
#include <pqxx/connection>

namespace crm::source {

// Keeps the raw handle that libpqxx hides, to take the cancel handle before any query runs.
class KeepingPolicy final : public pqxx::connect_direct {
 public:
  explicit KeepingPolicy(const std::string& options) : pqxx::connect_direct(options) {}
  handle do_startconnect(handle original) override {
    raw_ = pqxx::connect_direct::do_startconnect(original);
    return raw_;
  }
  handle do_disconnect(handle original) noexcept override {
    raw_ = nullptr;
    return pqxx::connect_direct::do_disconnect(original);
  }
  handle raw() const { return raw_; }

 private:
  handle raw_ = nullptr;
};

// How a connection reaches the server, or the pooler before it.
struct Transport {
  bool socket = false;    // a Unix socket
  bool loopback = false;  // an address of this machine
  std::string tls;        // "TLSv1.3"; empty: not encrypted
};

class Connection final : public pqxx::connection_base {
 public:
  // Throws SourceUnavailable, with the server's words and never the password.
  explicit Connection(const std::string& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Outlives the connection; PQcancel with it is safe from any thread.
  std::shared_ptr<PGcancel> cancel_handle() const { return cancel_; }

  // What libpq was told last: libpqxx keeps a server's FATAL to itself when the connection is lost with it.
  std::string last_words() const;

  Transport transport() const;

  // The process that the other side said would serve this connection. A pooler tells a number of its own making.
  int told_backend() const { return PQbackendPID(policy_.raw()); }

  // The name under which a statement is prepared on this connection, from its first use on; null where so many are that
  // one more would only cost memory. For a connection that no pooler shares.
  const std::string* prepared(const std::string& sql);

  // Ends the connection under a blocked call: from any thread, while the connection exists.
  void shut_down() noexcept;

 private:
  KeepingPolicy policy_;
  std::shared_ptr<PGcancel> cancel_;
  int socket_ = -1;
  std::unordered_map<std::string, std::string> prepared_;
};

struct ConnectionDefaults {
  int connect_timeout_seconds = 3;
  std::string application_name = "crm-metricsd";
};

// The user's connection string with the defaults that it does not set: timeouts, keepalives, application name. Throws
// std::invalid_argument with libpq's words for a malformed one, without the pieces of it that libpq quotes.
std::string with_defaults(const std::string& url, const ConnectionDefaults& defaults);

// What a connection string says of application_name.
std::string application_name_of(const std::string& url);

// "host:port/database" of a connection string, for messages.
std::string place_of(const std::string& url);

}  // namespace crm::source
