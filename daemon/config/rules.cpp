#include "config/rules.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "config/scalars.h"
#include "config/suggest.h"

namespace crm::config {
namespace {

using namespace std::chrono_literals;
using Problems = std::vector<Problem>;

void check_listeners(const Loaded& loaded, Problems& problems) {
  const Config& config = loaded.values();
  if (config.api.auth == Auth::none && !config.api.listen.loopback()) {
    problems.push_back(loaded.problem(
        "api.listen",
        fmt::format("api.auth is none, which lets in anybody who can reach {}; listen on 127.0.0.1 or [::1]",
                    config.api.listen.text())));
  }
  if (config.api.listen.port != 0 && config.api.listen == config.admin.listen) {
    problems.push_back(loaded.problem("api.listen", "is the address of admin.listen too; give each its own port"));
  }
}

void check_collector(const Loaded& loaded, const std::string& name, const Collector& collector, Problems& problems) {
  const auto complain = [&](std::string_view option, std::string message) {
    problems.push_back(loaded.problem(fmt::format("collectors.{}.{}", name, option), std::move(message)));
  };
  if (!collector.every) return;
  const milliseconds every = *collector.every;
  if (collector.stale_after && *collector.stale_after < every) {
    complain("stale_after", fmt::format("must be at least every ({}), not {}", duration_text(every),
                                        duration_text(*collector.stale_after)));
  }
  if (collector.aligned.value_or(false) && 24h % every != 0ms) {
    complain("every",
             fmt::format("must divide a day evenly because aligned is true; {} does not", duration_text(every)));
  }
  if (collector.jitter >= every) complain("jitter", fmt::format("must be less than every ({})", duration_text(every)));
}

void check_plugins(const Loaded& loaded, Problems& problems) {
  const auto& load = loaded.values().plugins.load;
  for (const std::string& plugin : loaded.plugins_with_options()) {
    if (std::find(load.begin(), load.end(), plugin) != load.end()) continue;
    const std::string meant = nearest(plugin, load);
    problems.push_back(loaded.problem(
        "plugins.options." + plugin,
        meant.empty() ? fmt::format("plugins.load does not name {}; add it there, or remove its options", plugin)
                      : fmt::format("plugins.load does not name {}; did you mean '{}'?", plugin, meant)));
  }
}

// Every fate ends at the horizon, so a longer window would be cut without a word.
void check_horizon(const Loaded& loaded, Problems& problems) {
  const Settings& settings = loaded.values().settings;
  const auto check = [&](std::string_view key, std::chrono::seconds length) {
    if (length <= settings.rollup.horizon) return;
    problems.push_back(
        loaded.problem(std::string(key), fmt::format("{} is longer than rollup.horizon ({})", duration_text(length),
                                                     duration_text(settings.rollup.horizon))));
  };
  check("automation.drop_off_after", settings.automation.drop_off_after);
  check("campaign.response_window", settings.campaign.response_window);
  check("campaign.conversion_window", settings.campaign.conversion_window);
}

// Does a file say anything there? What is wrong in itself has been complained of already.
bool said(const Loaded& loaded, const char* section, const char* key) {
  const std::array<std::string, 2> path{section, key};
  const Node* node = loaded.tree().find(path);
  return node != nullptr && (!node->text.empty() || !node->children.empty());
}

void check_queue(const Loaded& loaded, Problems& problems) {
  const auto complain = [&](std::string key, std::string message) {
    problems.push_back(loaded.problem(std::move(key), std::move(message)));
  };
  const Redis& redis = loaded.values().redis;
  const Queue& queue = loaded.values().queue;
  const bool any = !queue.names.empty() || !queue.dead_letter.empty();
  if (any && !said(loaded, "redis", "url")) {
    complain(queue.names.empty() ? "queue.dead_letter" : "queue.names",
             "are queues of a Redis, and redis.url names none; set it, or remove the names");
  }
  if (!redis.url.empty() && !any && !said(loaded, "queue", "names")) {
    complain("redis.url", "is set, but no queue is named; list the gateway's queues in queue.names");
  }
  if (redis.ca_file && redis.url.starts_with("redis:")) {
    complain("redis.ca_file", "is for rediss:// only, and redis.url begins with redis://");
  }
  for (const std::string& name : queue.dead_letter) {
    if (std::find(queue.names.begin(), queue.names.end(), name) == queue.names.end()) continue;
    complain("queue.dead_letter", fmt::format("'{}' is in queue.names too; name it in one of them", name));
  }
}

std::string lower(std::string_view word) {
  std::string result(word);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// A word of two states, or of one twice, would mean whatever was looked at first.
void check_sessions(const Loaded& loaded, Problems& problems) {
  const Sessions& sessions = loaded.values().sessions;
  std::map<std::string, std::string> seen;  // word → the option that has it
  const auto check = [&](const std::string& key, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      const auto [place, first] = seen.emplace(lower(word), key);
      if (first) continue;
      const std::string where = place->second == key ? "stands there twice" : "is in " + place->second + " too";
      problems.push_back(loaded.problem(key, fmt::format("'{}' {}; words are compared without case", word, where)));
    }
  };
  check("sessions.connected", sessions.connected);
  check("sessions.reconnecting", sessions.reconnecting);
  check("sessions.disconnected", sessions.disconnected);
}

void check_gateway(const Loaded& loaded, const std::string& name, const Gateway& gateway, Problems& problems) {
  const auto complain = [&](const char* option, std::string message) {
    problems.push_back(loaded.problem(fmt::format("gateways.{}.{}", name, option), std::move(message)));
  };
  // What is wrong in itself has been complained of already.
  const auto is_left_out = [&](const char* option, Node::Kind kind) {
    const std::array<std::string, 3> path{"gateways", name, option};
    const Node* node = loaded.tree().find(path);
    return node == nullptr || (node->kind == kind && node->text.empty() && node->children.empty());
  };
  if (!gateway.kind) {
    if (is_left_out("kind", Node::Kind::scalar)) complain("kind", "is missing: crm, waha, evolution or cloud");
    return;
  }
  const bool cloud = *gateway.kind == GatewayKind::cloud;
  if (!cloud && gateway.url.empty() && is_left_out("url", Node::Kind::scalar)) {
    complain("url", "is missing: where the gateway is");
  }
  if (cloud && gateway.phone_ids.empty() && is_left_out("phone_ids", Node::Kind::list)) {
    complain("phone_ids", "is missing: the ids of the phone numbers to watch, from Meta's WhatsApp Manager");
  }
  if (!cloud && !gateway.phone_ids.empty()) complain("phone_ids", "is for the kind cloud only");
  if (gateway.ca_file && gateway.url.starts_with("http:")) {
    complain("ca_file", "is for https:// only, and the url begins with http://");
  }
}

}  // namespace

Problems broken_rules(const Loaded& loaded) {
  Problems problems;
  check_listeners(loaded, problems);
  for (const auto& [name, collector] : loaded.values().collectors) check_collector(loaded, name, collector, problems);
  check_plugins(loaded, problems);
  check_horizon(loaded, problems);
  check_queue(loaded, problems);
  check_sessions(loaded, problems);
  for (const auto& [name, gateway] : loaded.values().gateways) check_gateway(loaded, name, gateway, problems);
  return problems;
}

}  // namespace crm::config
