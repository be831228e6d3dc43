#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace crm::testing {

// A child process with its output in files. Killed at the end if it still runs, and when the test itself dies.
class Process {
 public:
  struct Options {
    std::vector<std::string> command;
    std::map<std::string, std::string> environment = {};  // beside the test's own
    std::filesystem::path output;                         // stdout and stderr
    std::string user = {};                                // run as this user, where the test runs as root
  };

  explicit Process(const Options& options);
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;

  // The exit code, or 128 + signal, once it has ended; nothing if it still runs at the deadline.
  std::optional<int> wait(std::chrono::milliseconds timeout);
  bool running() { return !wait(std::chrono::milliseconds(0)); }
  std::string output() const;

 private:
  pid_t pid_ = -1;
  std::filesystem::path output_;
  std::optional<int> status_;
};

// Runs a command to its end and returns its exit code and output.
struct Finished {
  int status = 0;
  std::string output;
};
Finished run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment = {});

// Asks again until the condition holds. False if it does not by the deadline.
bool eventually(const std::function<bool()>& condition, std::chrono::milliseconds timeout = std::chrono::seconds(20));

// A port of the loopback that was free a moment ago, and that this process was not given before. Thread-safe.
int free_port();

}  // namespace crm::testing
