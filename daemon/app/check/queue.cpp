// Where the WhatsApp queue and the sessions are read from, and what is there: asked in the way in which collectors ask.

#include <algorithm>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/subjects.h"
#include "rollup/run_sources.h"

namespace crm::app {
namespace {

class Silent final : public Log {
 public:
  void debug(std::string_view) override {}
  void info(std::string_view) override {}
  void warn(std::string_view) override {}
};

// What a collector that asks for nothing else would read from.
template <typename Use>
void with_sources(const Checkup& checkup, Use use) {
  const auto snapshot = open_snapshot(checkup.house);
  const Description nobody;
  Silent log;
  rollup::RunSources sources(*snapshot, checkup.house.facts, nobody, {}, log, {}, nullptr,
                             &checkup.house.infrastructure);
  use(sources);
}

std::string waiting(const QueueState& queue) {
  if (queue.depth == 0) return "nothing waits";
  std::string line = fmt::format("{} {}", queue.depth, queue.depth == 1 ? "waits" : "wait");
  if (queue.oldest_waiting) {
    line += fmt::format(", the oldest for {} s",
                        std::chrono::duration_cast<std::chrono::seconds>(*queue.oldest_waiting).count());
  }
  return line;
}

// BullMQ keeps no list of queues: a name that was never used and one that is misspelt look the same.
bool has_nothing(const QueueState& queue) {
  return !queue.paused &&
         std::all_of(queue.jobs.begin(), queue.jobs.end(), [](const auto& state) { return state.second == 0; });
}

void check_bullmq(Checkup& checkup, const std::vector<QueueState>& queues) {
  const config::Queue& configured = checkup.house.values().queue;
  for (const QueueState& queue : queues) {
    const std::string what = fmt::format("{}: {}{}", queue.queue, waiting(queue), queue.paused ? "; it is paused" : "");
    if (queue.paused) {
      checkup.findings.warning("queue", what, {say("Nothing is sent until somebody resumes it.")});
    } else if (has_nothing(queue)) {
      checkup.findings.warning(
          "queue", fmt::format("{}: Redis has no job of it, in any state", queue.queue),
          {say(fmt::format(
              "If it has ever been used, queue.prefix ('{}') or the name in queue.names is not as BullMQ has "
              "it. Its keys begin with {}:{}:",
              configured.prefix, configured.prefix, queue.queue))});
    } else {
      checkup.findings.ok("queue", what);
    }
  }
  std::vector<std::string> missing = configured.names;
  missing.insert(missing.end(), configured.dead_letter.begin(), configured.dead_letter.end());
  std::erase_if(missing, [&](const std::string& name) {
    return std::any_of(queues.begin(), queues.end(), [&](const QueueState& queue) { return queue.queue == name; });
  });
  for (const std::string& name : missing) {
    checkup.findings.error("queue", fmt::format("{}: Redis does not let it be read", name),
                           {say("Give the daemon's Redis user the rights that config/README.md lists.")});
  }
}

void check_queues(Checkup& checkup) {
  const rollup::Infrastructure& infrastructure = checkup.house.infrastructure;
  if (!infrastructure.queues && checkup.broken.contains("messages")) return;
  try {
    with_sources(checkup, [&](Sources& sources) {
      const auto queues = sources.queues();
      if (infrastructure.queues) {
        checkup.findings.ok("redis", fmt::format("{}: connected", infrastructure.redis->place()));
        check_bullmq(checkup, queues);
      } else if (queues.empty()) {
        checkup.findings.ok("queue", "not known: there is no Redis (redis.url) and no view messages");
      } else {
        checkup.findings.ok(
            "queue", fmt::format("the CRM's own table (messages with status pending): {}", waiting(queues.front())));
      }
    });
  } catch (const std::exception& error) {
    checkup.findings.error(infrastructure.queues ? "redis" : "queue", error.what());
  }
}

std::string described(const std::string& from, const std::vector<Session>& sessions) {
  const auto connected = std::count_if(sessions.begin(), sessions.end(), [](const Session& session) {
    return session.state == Session::State::connected;
  });
  return fmt::format("{}: {}, {} of them connected", from, sessions.size(), connected);
}

// Each by itself: collectors do without one that is away.
void check_gateways(Checkup& checkup, const source::Gateways& gateways) {
  for (const auto& gateway : gateways.all()) {
    const std::string name = fmt::format("gateway {}", gateway->name());
    try {
      const auto told = gateway->read(std::chrono::steady_clock::now() + std::chrono::minutes(1));
      std::int64_t unknown = 0;
      rollup::SeenSessions nobody;
      const auto sessions = rollup::read_sessions(told, checkup.house.infrastructure.sessions, nobody,
                                                  [&](std::int64_t words) { unknown = words; });
      if (unknown > 0) {
        checkup.findings.warning(
            name,
            fmt::format("{} of its sessions {} in a state that no list of sessions.* knows, and counted as down",
                        unknown, unknown == 1 ? "is" : "are"),
            {say("Put the gateway's word into sessions.connected, .reconnecting or .disconnected.")});
      }
      checkup.findings.ok(
          name, sessions.empty() ? gateway->place() + ": it has no session" : described(gateway->place(), sessions));
    } catch (const std::exception& error) {
      checkup.findings.error(
          name, error.what(),
          {say(fmt::format("See gateways.{} in the configuration; the gateway's own log may tell more.",
                           gateway->name()))});
    }
    if (gateway->exposes_token()) {
      checkup.findings.warning(name, "its token goes over the network as plain text",
                               {say("Use https://, or reach the gateway on the loopback.")});
    }
  }
}

void check_sessions(Checkup& checkup) {
  if (const auto& gateways = checkup.house.infrastructure.gateways) return check_gateways(checkup, *gateways);
  if (checkup.broken.contains("whatsapp_sessions")) return;
  try {
    with_sources(checkup, [&](Sources& sources) {
      if (!sources.has_view("whatsapp_sessions")) {
        checkup.findings.ok("sessions", "not known: there is no view whatsapp_sessions");
        return;
      }
      const auto sessions = sources.sessions();
      checkup.findings.ok("sessions", sessions.empty()
                                          ? "the view whatsapp_sessions, which is empty: no session is watched"
                                          : described("the view whatsapp_sessions", sessions));
    });
  } catch (const std::exception& error) {
    checkup.findings.error("sessions", error.what());
  }
}

}  // namespace

void check_queue(Checkup& checkup) {
  checkup.findings.heading("Queue and sessions");
  check_queues(checkup);
  check_sessions(checkup);
}

}  // namespace crm::app
