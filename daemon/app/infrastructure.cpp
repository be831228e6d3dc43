#include "app/infrastructure.h"

#include <stdexcept>

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
