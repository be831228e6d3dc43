#include "app/serve.h"

#include <cstdlib>
#include <iostream>

#include <signal.h>

#include "app/service.h"
#include "app/version.h"

namespace crm::app {
namespace {

// Blocked in every thread, taken by sigwait() in this one only.
sigset_t waited_signals() {
  sigset_t signals;
  ::sigemptyset(&signals);
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGQUIT}) ::sigaddset(&signals, number);
  return signals;
}

int next_signal(const sigset_t& signals) {
  int number = 0;
  while (::sigwait(&signals, &number) != 0) {
  }
  return number;
}

// While the service drains, a second Ctrl-C is taken at its word.
void let_signals_end_us(const sigset_t& signals) {
  for (const int number : {SIGINT, SIGQUIT}) ::signal(number, SIG_DFL);
  ::pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
}

config::Loaded load(const CommandLine& line) {
  return config::load(line.config, {});
}

int run(const CommandLine& line, const sigset_t& signals) {
  config::Loaded loaded = load(line);
  const config::Logging& logging = loaded.values().log;
  Ground ground;
  ground.level = line.log_level;
  ground.log = make_logger(line.log_level.value_or(logging.level), line.log_format.value_or(logging.format));
  ground.telemetry = std::make_shared<metrics::Telemetry>(metrics::Build{version(), revision()});
  ground.results = std::make_shared<store::Results>(store::Results::Limits{});
  const Logger log = ground.log;
  log->info("crm-metricsd {} ({}), configuration {}", version(), revision(), line.config.string());
  bool clean = true;
  {
    Service service(std::move(ground), std::move(loaded));
    for (int number = next_signal(signals); number == SIGHUP; number = next_signal(signals)) {
      service.reload([&] { return load(line); });
    }
    log->info("stopping");
    let_signals_end_us(signals);
    clean = service.stop();
    if (!clean) {
      // A collector that hangs holds its thread for ever; waiting for it would hang the stop as well.
      log->info("stopped");
      log->flush();
      std::_Exit(0);
    }
  }
  log->info("stopped");
  return 0;
}

}  // namespace

int serve(const CommandLine& line) {
  const sigset_t signals = waited_signals();
  ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  try {
    return run(line, signals);
  } catch (const config::Invalid& invalid) {
    for (const auto& problem : invalid.problems) std::cerr << problem.text() << '\n';
    if (invalid.left_out > 0) std::cerr << "and " << invalid.left_out << " more\n";
  } catch (const std::exception& error) {
    std::cerr << "crm-metricsd: " << error.what() << '\n';
  }
  return 1;
}

}  // namespace crm::app
