#include "app/service.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "api/caller.h"
#include "api/dashboard.h"
#include "app/sampling.h"
#include "app/sections.h"

namespace crm::app {
namespace {

Instant now() {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::string at(const config::Endpoint& endpoint, std::uint16_t port) {
  config::Endpoint bound = endpoint;
  bound.port = port;
  return bound.text();
}

void tell_plugins(metrics::Telemetry& telemetry, const plugin::Plugins& plugins) {
  std::vector<std::string> failed;
  for (const auto& failure : plugins.failed) failed.push_back(failure.plugin);
  telemetry.plugins_loaded(plugins.loaded, failed);
}

// Collectors that the next house has get their metrics; those that it lacks lose them, and their results.
void change_collectors(const Ground& ground, const House& old, const House& next) {
  for (const auto& collector : next.plugins.collectors) ground.telemetry->add_collector(collector->description().name);
  for (const auto& collector : old.plugins.collectors) {
    const std::string& name = collector->description().name;
    if (next.collector(name)) continue;
    ground.telemetry->remove_collector(name);
    ground.results->forget(name);
  }
}

// Options that are read once, at the start.
void warn_of_unchangeable(const Ground& ground, const std::vector<std::string>& changed) {
  for (const char* fixed : {"log.format", "api.threads"}) {
    if (std::find(changed.begin(), changed.end(), fixed) != changed.end()) {
      ground.log->warn("{} takes effect at the next start", fixed);
    }
  }
}

// Options that change what facts say, or of whom.
bool changes_facts(const std::vector<std::string>& changed) {
  constexpr std::array<std::string_view, 6> sections{"database.",   "sla.",      "agents.",
                                                     "automation.", "campaign.", "rollup."};
  return std::any_of(changed.begin(), changed.end(), [&](const std::string& key) {
    return std::any_of(sections.begin(), sections.end(),
                       [&](std::string_view section) { return key.compare(0, section.size(), section) == 0; });
  });
}

}  // namespace

Service::Service(Ground ground, config::Loaded loaded) : ground_(std::move(ground)) {
  const auto house = build_house(ground_, std::move(loaded));
  house_ = house;
  for (const auto& collector : house->plugins.collectors) {
    ground_.telemetry->add_collector(collector->description().name);
    awaited_.insert(collector->description().name);
  }
  auto admin = listen_admin(house->values());
  auto api = listen_api(house->values());
  {
    const std::lock_guard lock(mutex_);  // the admin listener answers already
    admin_ = std::move(admin);
    api_ = std::move(api);
    addresses_ = {at(house->values().admin.listen, admin_->port()), at(house->values().api.listen, api_->port())};
  }
  tell_plugins(*ground_.telemetry, house->plugins);
  ground_.telemetry->reload_finished(true, now());
  announce(*house);
  start_scheduler(house);
}

Service::~Service() {
  stop();
}

std::shared_ptr<const House> Service::house() const {
  const std::lock_guard lock(mutex_);
  return house_;
}

Addresses Service::addresses() const {
  const std::lock_guard lock(mutex_);
  return addresses_;
}

AdminState Service::state() const {
  const std::lock_guard lock(mutex_);
  AdminState state{house_, addresses_, !stopping_ && awaited_.empty()};
  if (admin_) state.admin_in_flight = admin_->in_flight();
  if (api_) state.api_in_flight = api_->in_flight();
  if (stopping_) {
    state.why_not = "stopping";
  } else if (!awaited_.empty()) {
    state.why_not = fmt::format("waiting for the first run of {}", fmt::join(awaited_, ", "));
  }
  return state;
}

std::shared_ptr<http::Listener> Service::listen(const config::Endpoint& endpoint, int threads,
                                                http::Handler handler) const {
  http::ListenerOptions options;
  options.host = endpoint.host;
  options.port = endpoint.port;
  options.threads = threads;
  // On the loopback every web page that a user opens may call; only its own names are answered (DNS rebinding).
  if (endpoint.loopback()) options.allowed_hosts = {"localhost", "127.0.0.1", "::1", endpoint.host};
  const auto observe = [telemetry = ground_.telemetry](const http::Observation& seen) {
    telemetry->request_finished(seen.route, seen.method, seen.status, seen.duration);
  };
  const auto report = [log = ground_.log](const http::Failure& failure) {
    log->error("{} {} failed (request {}): {}", failure.method, failure.path, failure.request_id, failure.what);
  };
  return std::make_shared<http::Listener>(options, std::move(handler), observe, report);
}

std::shared_ptr<http::Listener> Service::listen_admin(const config::Config& values) const {
  return listen(values.admin.listen, 2, admin_routes([this] { return state(); }));
}

std::shared_ptr<http::Listener> Service::listen_api(const config::Config& values) const {
  const auto current = [this] { return std::make_shared<const HouseSections>(house(), isolated_); };
  return listen(values.api.listen, values.api.threads, api::dashboard_routes(current, api::caller_without_auth));
}

void Service::start_scheduler(const std::shared_ptr<const House>& house) {
  std::vector<schedule::Job> jobs = sampling_jobs(house);
  for (schedule::Job& job : jobs) {
    job.run = [this, name = job.name, run = std::move(job.run)](const std::stop_token& stop, Deadline deadline) {
      run(stop, deadline);
      if (!stop.stop_requested()) note_first_run(name);
    };
  }
  schedule::Events events;
  events.stuck = [ground = ground_](const std::string& collector, bool stuck) {
    ground.telemetry->collector_stuck(collector, stuck);
    if (stuck) {
      ground.log->error("collector {}: its run is past its timeout and does not come back; the others go on",
                        collector);
    } else {
      ground.log->info("collector {}: the run that was stuck has come back", collector);
    }
  };
  scheduler_ = std::make_unique<schedule::Scheduler>(std::move(jobs), house->zone, std::move(events));
  if (house->writer) history_ = std::make_unique<HistoryLoop>(house);
}

void Service::note_first_run(const std::string& collector) {
  const std::lock_guard lock(mutex_);
  if (awaited_.erase(collector) > 0 && awaited_.empty()) ground_.log->info("ready");
}

void Service::announce(const House& house) const {
  const auto& log = ground_.log;
  for (const auto& failure : house.plugins.failed)
    log->error("plugin {} is not loaded: {}", failure.plugin, failure.what);
  for (const std::string& plugin : house.plugins.without_collectors)
    log->warn("plugin {} is loaded and has no collector: its options ask for none", plugin);
  std::vector<std::string> names;
  for (const auto& collector : house.plugins.collectors) names.push_back(collector->description().name);
  log->info("collectors: {}", names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", ")));
  log->info("zone {}, database {}", house.zone->name(),
            house.postgres ? house.postgres->place() : "not configured (database.url)");
  log->info("WhatsApp queue: {}", house.infrastructure.redis ? "Redis " + house.infrastructure.redis->place()
                                                             : "the CRM's pending messages (no redis.url)");
  const Addresses addresses = this->addresses();
  log->info("metrics and landing page: http://{}/", addresses.admin);
  log->info("JSON API: http://{}/api/dashboard", addresses.api);
  if (house.values().api.auth == config::Auth::none) {
    log->warn("auth: none: whoever reaches {} is believed to be whom X-CRM-Role says; loopback only", addresses.api);
  }
}

bool Service::reload(const std::function<config::Loaded()>& load) {
  try {
    const auto old = house();
    const auto next = build_house(ground_, load());
    auto admin = next->values().admin.listen == old->values().admin.listen ? admin_ : listen_admin(next->values());
    auto api = next->values().api.listen == old->values().api.listen ? api_ : listen_api(next->values());
    // From here on nothing fails for reasons of the user's.
    move_into(*old, next, std::move(admin), std::move(api));
    return true;
  } catch (const config::Invalid& invalid) {
    for (const auto& problem : invalid.problems) ground_.log->error("{}", problem.text());
  } catch (const std::exception& error) {
    ground_.log->error("{}", error.what());
  }
  ground_.log->error("reload failed: the old configuration stays");
  ground_.telemetry->reload_finished(false, now());
  return false;
}

void Service::move_into(const House& old, const std::shared_ptr<const House>& next,
                        std::shared_ptr<http::Listener> admin, std::shared_ptr<http::Listener> api) {
  history_.reset();
  if (!scheduler_->stop(old.values().limits.stop_grace)) {
    ground_.log->warn("a collector of the old configuration is stuck; left behind");
  }
  change_collectors(ground_, old, *next);
  {
    const std::lock_guard lock(mutex_);
    house_ = next;
    awaited_.clear();  // a reload does not make the daemon unready: old samples are served meanwhile
    addresses_ = {at(next->values().admin.listen, admin->port()), at(next->values().api.listen, api->port())};
    std::swap(admin_, admin);
    std::swap(api_, api);
  }
  tell_plugins(*ground_.telemetry, next->plugins);
  ground_.telemetry->reload_finished(true, now());
  set_level(ground_.log, ground_.level.value_or(next->values().log.level));
  const auto changed = config::changed_keys(old.configuration, next->configuration);
  ground_.log->info("configuration reloaded; {}",
                    changed.empty() ? "nothing changed" : fmt::format("changed: {}", fmt::join(changed, ", ")));
  warn_of_unchangeable(ground_, changed);
  if (changes_facts(changed)) {
    ground_.counters->begin_again();
    ground_.table_queue->begin_again();
  }
  if (!next->infrastructure.redis) ground_.telemetry->redis_up(std::nullopt);
  for (const auto& [name, gateway] : old.values().gateways) {
    if (!next->values().gateways.contains(name)) ground_.telemetry->gateway_up(name, std::nullopt);
  }
  announce(*next);
  start_scheduler(next);
  // What was replaced (now in `admin` and `api`) closes here, after its requests, and outside the lock.
}

bool Service::stop() {
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return true;
    stopping_ = true;
  }
  const auto patience = house()->values().limits.stop_grace;
  const auto until = std::chrono::steady_clock::now() + patience;
  const auto left = [&] {
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()),
                    std::chrono::milliseconds(0));
  };
  history_.reset();
  const int unanswered = api_->stop(left());
  if (unanswered > 0) ground_.log->warn("{} requests were left without an answer", unanswered);
  const bool quiet = scheduler_->stop(left());
  if (!quiet) ground_.log->warn("a collector is stuck; leaving without it");
  admin_->stop(std::min(left(), std::chrono::milliseconds(1'000)));
  return quiet && unanswered == 0 && !isolated_->any_overdue();
}

}  // namespace crm::app
