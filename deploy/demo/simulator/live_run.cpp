#include <chrono>
#include <csignal>
#include <ctime>
#include <ostream>

#include <fmt/format.h>

#include "live.h"

namespace crm::simulator {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::duration;

// Waits for a signal to stop until `deadline`. Signals that are blocked wait for this call, so none is missed.
bool told_to_stop(Clock::time_point deadline) {
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  sigaddset(&stop, SIGINT);
  const auto left = std::chrono::nanoseconds(std::max(Clock::duration{0}, deadline - Clock::now())).count();
  const timespec wait{left / 1'000'000'000, left % 1'000'000'000};
  return sigtimedwait(&stop, nullptr, &wait) > 0;
}

Clock::time_point after(Clock::time_point start, double seconds) {
  return start + std::chrono::duration_cast<Clock::duration>(duration<double>(seconds));
}

}  // namespace

void run_live(Database& database, double rate, std::uint64_t seed, std::ostream& log) {
  LiveTraffic traffic(database, seed);
  log << fmt::format("live: {} messages/s until SIGTERM or Ctrl-C; {} conversations go on\n", rate, traffic.open())
      << std::flush;
  const auto start = Clock::now();
  auto next_report = after(start, 10);
  auto next_presence = after(start, 15);
  auto next_campaign = after(start, 1);
  auto next_sighting = start;
  auto next_message = start;
  std::int64_t reported = 0;
  // Wakes often enough for deliveries to be on time when messages are rare.
  while (!told_to_stop(std::min(next_message, Clock::now() + std::chrono::milliseconds{100}))) {
    traffic.deliver();
    if (Clock::now() >= next_message) {
      traffic.send_message();
      next_message = after(next_message, 1 / rate);
      // After a pause (a stopped process, a slow database) it goes on at its rate instead of catching up.
      if (Clock::now() - next_message > std::chrono::seconds{1}) next_message = Clock::now();
    }
    if (Clock::now() >= next_presence) {
      traffic.change_presence();
      next_presence = after(Clock::now(), 15);
    }
    if (Clock::now() >= next_campaign) {
      traffic.send_campaign();
      next_campaign = after(Clock::now(), 60);
    }
    if (Clock::now() >= next_sighting) {
      traffic.touch_sessions();
      next_sighting = after(Clock::now(), 5);
    }
    if (Clock::now() >= next_report) {
      log << fmt::format("live: {} messages, {:.1f}/s lately, {} conversations open, {} resolved\n", traffic.messages(),
                         static_cast<double>(traffic.messages() - reported) / 10, traffic.open(), traffic.resolved())
          << std::flush;
      reported = traffic.messages();
      next_report = after(next_report, 10);
    }
  }
  log << fmt::format("live: stopped after {} messages; {} conversations resolved, {} reopened\n", traffic.messages(),
                     traffic.resolved(), traffic.reopened())
      << std::flush;
}

}  // namespace crm::simulator
