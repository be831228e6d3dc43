#include "app/infrastructure.h"

#include <stdexcept>
#include <utility>

namespace crm::app {
namespace {

source::RedisObserver observe_redis(const Ground& ground, const std::string& place) {
  return {[ground, place](bool up, const std::string& why) {
    ground.telemetry->redis_up(up);
    if (up) {
      ground.log->info("Redis {}: connected", place);
    } else {
      ground.log->error("Redis {}: {}; trying again", place, why);
    }
  }};
}

source::QueueObserver observe_queues(const Ground& ground) {
  return {[ground](const std::string& queue, const std::string& why) {
    if (why.empty()) {
      ground.log->info("queue {}: can be read again", queue);
    } else {
      ground.log->error("queue {}: {}; it is left out", queue, why);
    }
  }};
}

std::shared_ptr<source::Redis> open_redis(const Ground& ground, const config::Loaded& loaded) {
  const config::Redis& configured = loaded.values().redis;
  source::RedisOptions options;
  options.url = configured.url;
  options.timeout = configured.timeout;
  options.ca_file = configured.ca_file;
  try {
    const std::string place = source::parse_redis_url(configured.url).place();
    return std::make_shared<source::Redis>(options, observe_redis(ground, place));
  } catch (const std::invalid_argument& error) {
    throw config::Invalid({loaded.problem("redis.url", error.what())});
  }
}

// The rooms do not know each other; a kind of the one is the same of the other.
static_assert(config::gateway_kind_names == source::gateway_kind_names);

source::GatewayObserver observe_gateways(const Ground& ground) {
  return {.readable =
              [ground](const std::string& gateway, const std::string& phone, const std::string& why) {
                const std::string what = phone.empty() ? gateway : gateway + ", phone " + phone;
                if (why.empty()) {
                  ground.log->info("gateway {}: answers", what);
                } else {
                  ground.log->error("gateway {}: {}; trying again", what, why);
                }
              },
          .up = [ground](const std::string& gateway, bool up) { ground.telemetry->gateway_up(gateway, up); }};
}

std::shared_ptr<source::Gateways> open_gateways(const Ground& ground, const config::Loaded& loaded) {
  std::vector<std::unique_ptr<source::Gateway>> gateways;
  for (const auto& [name, configured] : loaded.values().gateways) {
    source::GatewayOptions options{.name = name, .kind = static_cast<source::GatewayKind>(*configured.kind)};
    options.url = configured.url;
    options.token = configured.token;
    options.phone_ids = configured.phone_ids;
    options.timeout = configured.timeout;
    options.every = configured.every;
    options.ca_file = configured.ca_file;
    try {
      gateways.push_back(std::make_unique<source::Gateway>(std::move(options), observe_gateways(ground)));
    } catch (const std::invalid_argument& error) {
      throw config::Invalid({loaded.problem("gateways." + name + ".url", error.what())});
    }
  }
  return gateways.empty() ? nullptr : std::make_shared<source::Gateways>(std::move(gateways));
}

rollup::SessionRules session_rules(const config::Config& values) {
  const config::Sessions& sessions = values.sessions;
  const std::string& own = values.metrics.label_key;
  return {{sessions.connected, sessions.reconnecting, sessions.disconnected}, own.empty() ? values.database.url : own};
}

}  // namespace

rollup::Infrastructure open_infrastructure(const Ground& ground, const config::Loaded& loaded) {
  const config::Config& values = loaded.values();
  rollup::Infrastructure infrastructure;
  infrastructure.sessions = session_rules(values);
  infrastructure.gateways = open_gateways(ground, loaded);
  infrastructure.seen_sessions = ground.seen_sessions;
  infrastructure.table_queue = ground.table_queue;
  infrastructure.table_max_age = values.queue.table_max_age;
  if (values.redis.url.empty()) return infrastructure;
  infrastructure.redis = open_redis(ground, loaded);
  infrastructure.queues = std::make_shared<source::Queues>(
      infrastructure.redis,
      source::QueueOptions{
          .prefix = values.queue.prefix, .names = values.queue.names, .dead_letter = values.queue.dead_letter},
      ground.queue_memory, observe_queues(ground));
  return infrastructure;
}

}  // namespace crm::app
