#include "support/process.h"

#include <cstring>
#include <mutex>
#include <set>
#include <stdexcept>

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/temporary_folder.h"

namespace crm::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

std::vector<std::string> as_user(const Process::Options& options) {
  if (options.user.empty() || ::geteuid() != 0) return options.command;
  std::vector<std::string> command{"setpriv",       "--reuid",     options.user, "--regid", options.user,
                                   "--init-groups", "--pdeathsig", "KILL",       "--"};
  command.insert(command.end(), options.command.begin(), options.command.end());
  return command;
}

[[noreturn]] void become(const Process::Options& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open(options.output.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (file < 0 || null < 0) ::_exit(126);
  ::dup2(null, STDIN_FILENO);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  for (const auto& [name, value] : options.environment) ::setenv(name.c_str(), value.c_str(), 1);
  const std::vector<std::string> command = as_user(options);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  ::execvp(words[0], words.data());
  ::dprintf(STDERR_FILENO, "cannot run %s: %s\n", words[0], std::strerror(errno));
  ::_exit(127);
}

}  // namespace

Process::Process(const Options& options) : output_(options.output) {
  pid_ = ::fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) become(options);
}

Process::~Process() {
  if (!running()) return;
  signal(SIGCONT);
  signal(SIGKILL);
  wait(std::chrono::seconds(10));
}

void Process::signal(int number) const {
  ::kill(pid_, number);
}

std::optional<int> Process::wait(milliseconds timeout) {
  const auto until = steady_clock::now() + timeout;
  while (!status_) {
    int status = 0;
    if (::waitpid(pid_, &status, WNOHANG) == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (steady_clock::now() >= until) {
      break;
    } else {
      ::poll(nullptr, 0, 5);
    }
  }
  return status_;
}

std::string Process::output() const {
  return read_text(output_);
}

Finished run(const std::vector<std::string>& command, const std::map<std::string, std::string>& environment) {
  const TemporaryFolder folder("crm-run");
  Process process({command, environment, folder.path() / "output"});
  const auto status = process.wait(std::chrono::minutes(2));
  if (!status) throw std::runtime_error(command.front() + " did not end within two minutes");
  return {*status, process.output()};
}

bool eventually(const std::function<bool()>& condition, milliseconds timeout) {
  const auto until = steady_clock::now() + timeout;
  while (!condition()) {
    if (steady_clock::now() >= until) return false;
    ::poll(nullptr, 0, 10);
  }
  return true;
}

namespace {

int port_given_by_the_system() {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool bound = ::bind(socket, generic, length) == 0 && ::getsockname(socket, generic, &length) == 0;
  ::close(socket);
  if (!bound) throw std::runtime_error("no free port on the loopback");
  return ntohs(address.sin_port);
}

}  // namespace

int free_port() {
  // The system may give a port that was let go a second time: of one process, each is given once.
  static std::mutex mutex;
  static std::set<int> given;
  const std::lock_guard lock(mutex);
  int port = port_given_by_the_system();
  while (!given.insert(port).second) port = port_given_by_the_system();
  return port;
}

}  // namespace crm::testing
