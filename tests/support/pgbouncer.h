#pragma once

#include <memory>
#include <string>

#include "support/process.h"
#include "support/temporary_folder.h"

namespace crm::testing {

// A real PgBouncer of one's own before a server of the loopback: in a temporary folder, on a free port, run by user
// postgres where the test runs as root. Transaction mode: each transaction gets whichever server connection is free,
// with all that its last user left in it. Gone at the end.
class PgBouncer {
 public:
  // Lines of section [pgbouncer], over what is set here ("query_wait_timeout = 1\n").
  explicit PgBouncer(int server_port, const std::string& more_settings = "");
  ~PgBouncer();

  // The server's URL, through the pooler: the same user and database.
  std::string url(const std::string& server_url) const;
  int port() const { return port_; }
  // Does it still run, and what has it said?
  bool running() const { return process_->running(); }
  std::string log() const { return process_->output(); }

  // Server connections of each database and user: few, so that clients really share them.
  static constexpr int pool_size = 3;

  // The pooler itself: stopped and continued by signal, killed, started again.
  Process& process() { return *process_; }
  void start();
  void kill();

  // One command of its console: PAUSE, RESUME, RECONNECT, …
  void command(const std::string& command) const;

 private:
  std::string console() const;

  TemporaryFolder folder_;
  int server_port_;
  int port_;
  std::unique_ptr<Process> process_;
};

}  // namespace crm::testing
