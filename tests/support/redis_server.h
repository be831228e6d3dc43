#pragma once

#include <memory>
#include <string>
#include <vector>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace crm::testing {

// A real Redis of one's own, on free ports of the loopback, that keeps nothing. Gone at the end.
class RedisServer {
 public:
  RedisServer();
  ~RedisServer();

  int port() const { return port_; }
  int tls_port() const { return tls_port_; }
  std::string url(const std::string& user_and_password = "") const;
  std::string place() const;  // as messages name it
  // The authority that signed the TLS port's certificate, which is for 127.0.0.1 and localhost.
  std::string ca_file() const { return (folder_.path() / "ca.pem").string(); }

  // The server itself: stopped and continued by signal, killed, started again.
  Process& server() { return *server_; }
  void start();
  void kill();

  // One command by a client of its own; the reply as text, lists joined by blanks, nil as "". Throws std::runtime_error
  // with Redis's words if the reply is an error.
  std::string command(const std::vector<std::string>& words) const;

  // How often a command was called since the statistics were reset (CONFIG RESETSTAT), and how many were at all.
  int calls(const std::string& command) const;
  int all_calls() const;

 private:
  TemporaryFolder folder_;
  int port_;
  int tls_port_;
  std::unique_ptr<Process> server_;
};

}  // namespace crm::testing
