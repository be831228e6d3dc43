#include <chrono>
#include <csignal>
#include <exception>
#include <iostream>
#include <span>

#include "database.h"
#include "live.h"
#include "load.h"
#include "options.h"

namespace {

namespace sim = crm::simulator;

void block_stop_signals() {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  sigprocmask(SIG_BLOCK, &stop, nullptr);
}

int run(const sim::Options& options) {
  sim::Database database(options.url);
  if (options.write_history) sim::load_history(database, options.history, options.truncate, std::cerr);
  if (options.live) {
    block_stop_signals();
    sim::run_live(database, *options.live, options.history.seed, std::cerr);
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const std::span<const char* const> arguments(argv, static_cast<std::size_t>(argc));
    const auto clock = std::chrono::floor<crm::Duration>(std::chrono::system_clock::now());
    const sim::Options options = sim::parse_options(arguments.subspan(1), clock);
    if (options.help) {
      std::cout << sim::help_text();
      return 0;
    }
    return run(options);
  } catch (const sim::OptionError& error) {
    std::cerr << "crm-simulator: " << error.what() << '\n';
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "crm-simulator: " << error.what() << '\n';
    return 1;
  }
}
