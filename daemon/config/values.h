#pragma once
// What the configuration says, typed and checked. Which option fills which member, its default and its limits:
// options.cpp.

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <crm/sdk/settings.h>

#include "config/endpoint.h"

namespace crm::config {

using std::chrono::milliseconds;

// The names of an enumeration's values stand in its order.
enum class Level { trace, debug, info, warn, error };
inline constexpr std::array<std::string_view, 5> level_names{"trace", "debug", "info", "warn", "error"};
std::string_view to_string(Level level);
std::optional<Level> parse_level(std::string_view name);

// automatic: text on a terminal, JSON otherwise.
enum class Format { automatic, text, json };
inline constexpr std::array<std::string_view, 3> format_names{"auto", "text", "json"};
std::string_view to_string(Format format);

enum class Auth { none };
inline constexpr std::array<std::string_view, 1> auth_names{"none"};
std::string_view to_string(Auth auth);

struct Database {
  std::string url;        // a secret; show it by without_password() only. Empty: none configured
  std::string write_url;  // a secret, too: for what the daemon stores of its own. Empty: `url`
  std::string schema;
  int pool = 0;
  milliseconds connect_timeout{};
  milliseconds statement_timeout{};
  milliseconds acquire_timeout{};
  milliseconds catalog_refresh{};
  std::string application_name;
};

struct Admin {
  Endpoint listen;
};

struct Api {
  Endpoint listen;
  Auth auth = Auth::none;
  milliseconds timeout{};
  int threads = 0;
  milliseconds max_range{};
};

struct Logging {
  Level level = Level::info;
  Format format = Format::automatic;
};

struct Plugins {
  std::filesystem::path directory;  // absolute
  std::vector<std::string> load;    // each once
};

// What is not set is the plugin's to say (every, aligned, timeout) or three intervals (stale_after).
struct Collector {
  bool enabled = true;
  std::optional<milliseconds> every;
  std::optional<bool> aligned;
  milliseconds jitter{0};
  std::optional<milliseconds> timeout;
  std::optional<milliseconds> stale_after;
};

struct Limits {
  int max_agents = 0;
  milliseconds stop_grace{};
};

// What the daemon stores of its own.
struct Rollup {
  bool store = true;
  std::string schema;
};

struct Redis {
  std::string url;  // a secret, as database.url is. Empty: none configured
  milliseconds timeout{};
  std::optional<std::filesystem::path> ca_file;  // absolute; without it, the authorities that the system trusts
};

struct Queue {
  std::string prefix;
  std::vector<std::string> names;        // each once
  std::vector<std::string> dead_letter;  // each once, and none of names
  std::chrono::seconds table_max_age{};
};

// The words of WhatsApp gateways for the state of a session; compared without case.
struct Sessions {
  std::vector<std::string> connected;
  std::vector<std::string> reconnecting;
  std::vector<std::string> disconnected;
};

// A WhatsApp gateway that is asked for its sessions over HTTP.
enum class GatewayKind { crm, waha, evolution, cloud };
inline constexpr std::array<std::string_view, 4> gateway_kind_names{"crm", "waha", "evolution", "cloud"};

struct Gateway {
  std::optional<GatewayKind> kind;     // always there once load() has returned
  std::string url;                     // empty: the kind's own
  std::string token;                   // a secret; empty: none
  std::vector<std::string> phone_ids;  // each once
  milliseconds timeout{3'000};
  milliseconds every{15'000};
  std::optional<std::filesystem::path> ca_file;  // absolute
};

struct Metrics {
  std::string label_key;  // a secret; empty: derived from database.url
};

// Get one from load(): a Config made by hand has no defaults.
struct Config {
  Settings settings;
  Logging log;
  Database database;
  Rollup rollup;
  Redis redis;
  Queue queue;
  Sessions sessions;
  std::map<std::string, Gateway> gateways;  // by name
  Metrics metrics;
  Admin admin;
  Api api;
  Plugins plugins;
  std::map<std::string, Collector> collectors;  // those that the files name
  Limits limits;

  // Of a collector that no file names: enabled, all as the plugin says.
  Collector collector(const std::string& name) const;
};

}  // namespace crm::config
