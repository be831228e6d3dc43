#include "config/options.h"

#include <algorithm>
#include <type_traits>

#include "config/scalars.h"

namespace crm::config {
namespace {

using namespace std::chrono_literals;
constexpr auto day = 24h;

void assign(bool& field, const Value& value) {
  field = std::get<bool>(value);
}
void assign(int& field, const Value& value) {
  field = static_cast<int>(std::get<std::int64_t>(value));
}
void assign(std::int64_t& field, const Value& value) {
  field = std::get<std::int64_t>(value);
}
void assign(double& field, const Value& value) {
  field = std::get<double>(value);
}
void assign(std::string& field, const Value& value) {
  field = std::get<std::string>(value);
}
void assign(std::filesystem::path& field, const Value& value) {
  field = std::get<std::string>(value);
}
void assign(Endpoint& field, const Value& value) {
  field = parse_endpoint(std::get<std::string>(value));
}
void assign(milliseconds& field, const Value& value) {
  field = std::get<milliseconds>(value);
}
void assign(std::chrono::seconds& field, const Value& value) {
  field = std::chrono::duration_cast<std::chrono::seconds>(std::get<milliseconds>(value));
}
void assign(std::vector<std::string>& field, const Value& value) {
  field = std::get<std::vector<std::string>>(value);
}
template <class T>
void assign(std::optional<T>& field, const Value& value) {
  assign(field.emplace(), value);
}

void assign(Settings::Load& field, const Value& value) {
  const auto* ranges = std::get_if<std::vector<std::string>>(&value);
  field.auto_peak_hours = ranges == nullptr;
  field.peak_hours = ranges == nullptr ? std::vector<int>{} : parse_hours(*ranges);
}

using Set = decltype(Option::set);

template <class Object, class First, class... Rest>
auto& follow(Object& object, First first, Rest... rest) {
  if constexpr (sizeof...(rest) == 0) {
    return object.*first;
  } else {
    return follow(object.*first, rest...);
  }
}

// Into the member at the end of this path of members.
template <class... Members>
Set at(Members... members) {
  return [members...](Config& config, const std::string&, const Value& value) {
    assign(follow(config, members...), value);
  };
}

template <class... Members>
Set setting(Members... members) {
  return at(&Config::settings, members...);
}

template <class Member>
Set of_collector(Member member) {
  return [member](Config& config, const std::string& name, const Value& value) {
    assign(config.collectors[name].*member, value);
  };
}

template <class Member>
Set of_gateway(Member member) {
  return [member](Config& config, const std::string& name, const Value& value) {
    assign(config.gateways[name].*member, value);
  };
}

void set_gateway_kind(Config& config, const std::string& name, const Value& value) {
  const auto& names = gateway_kind_names;
  const auto found = std::find(names.begin(), names.end(), std::get<std::string>(value));
  config.gateways[name].kind = static_cast<GatewayKind>(found - names.begin());
}

// Into an enumeration whose values stand in the order of their names.
template <class Section, class Enum, class Names>
Set word(Section Config::*section, Enum Section::*member, const Names& names) {
  return [=](Config& config, const std::string&, const Value& value) {
    const auto name = std::find(names.begin(), names.end(), std::get<std::string>(value));
    (config.*section).*member = static_cast<Enum>(name - names.begin());
  };
}

void set_dead_band(Config& config, const std::string& metric, const Value& value) {
  assign(config.settings.trend.bands[metric], value);
}

// BullMQ refuses a colon in the name of a queue.
constexpr std::string_view queue_name = "^[^:]{1,200}$";
constexpr std::string_view queue_name_said = "a queue's name: 1 to 200 characters without a colon";
constexpr std::string_view any_word = "^.{1,100}$";
constexpr std::string_view any_word_said = "a word of 1 to 100 characters";

std::vector<Option> make_options() {
  using S = Settings;
  return {
      {"timezone", text(), "UTC", setting(&S::timezone),
       "Business time zone, an IANA name. Days, weeks and hours of the day are this zone's."},

      {"log.level", one_of(level_names), "info", word(&Config::log, &Logging::level, level_names),
       "The least important lines that are written."},
      {"log.format", one_of(format_names), "auto", word(&Config::log, &Logging::format, format_names),
       "auto is text on a terminal and JSON otherwise."},

      {"database.url",
       text("^$|^postgres(ql)?://.|^[^:/]*=",
            "postgresql://user@host/database, or keywords such as host=… dbname=…; or empty for none"),
       "''", at(&Config::database, &Database::url), "How to reach the CRM's PostgreSQL. `serve` needs it.", true},
      {"database.write_url",
       text("^$|^postgres(ql)?://.|^[^:/]*=",
            "postgresql://user@host/database, or keywords such as host=… dbname=…; or empty for database.url"),
       "''", at(&Config::database, &Database::write_url),
       "How to reach the same database as a role that may write the daemon's own schema; empty: as database.url.",
       true},
      {"database.schema", text("^[A-Za-z_][A-Za-z0-9_]{0,62}$", "a schema's name (letters, digits and _)"),
       "crm_source", at(&Config::database, &Database::schema), "The schema that holds the source contract's views."},
      {"database.pool", integer(1, 64), "4", at(&Config::database, &Database::pool),
       "The most connections that the daemon holds."},
      {"database.connect_timeout", duration(100ms, 5min), "3s", at(&Config::database, &Database::connect_timeout),
       "How long one attempt to connect may take."},
      {"database.statement_timeout", duration(100ms, 1h), "10s", at(&Config::database, &Database::statement_timeout),
       "PostgreSQL cancels a statement that runs longer."},
      {"database.acquire_timeout", duration(10ms, 5min), "2s", at(&Config::database, &Database::acquire_timeout),
       "How long a run waits for a free connection."},
      {"database.catalog_refresh", duration(1s, day), "60s", at(&Config::database, &Database::catalog_refresh),
       "How often views, columns and id types are read from the catalog again."},
      {"database.application_name", text("^[ -~]{1,63}$", "1 to 63 printable ASCII characters"), "crm-metricsd",
       at(&Config::database, &Database::application_name), "Shown in pg_stat_activity."},

      {"redis.url",
       text("^$|^rediss?://([^/?#]*:[^/?#]*@)?[^/?#@]+(/[0-9]*)?$",
            "redis://[user:password@]host[:port][/database], or rediss:// for TLS; or empty for none"),
       "''", at(&Config::redis, &Redis::url), "How to reach the Redis of the WhatsApp queue (BullMQ); empty: none.",
       true},
      {"redis.timeout", duration(50ms, 1min), "2s", at(&Config::redis, &Redis::timeout),
       "How long connecting, and each answer, may take; never more than half of what a run has left."},
      {"redis.ca_file", path(), "", at(&Config::redis, &Redis::ca_file),
       "rediss:// only: the certificates to trust (PEM); by default those of the system."},

      {"queue.prefix", text("^.{1,200}$", "1 to 200 characters"), "bull", at(&Config::queue, &Queue::prefix),
       "BullMQ's prefix; on Redis Cluster \"{bull}\" or the like, in quotes."},
      {"queue.names", texts(queue_name, queue_name_said), "[]", at(&Config::queue, &Queue::names),
       "The queues to watch, as the gateway names them. They are never searched for."},
      {"queue.dead_letter", texts(queue_name, queue_name_said), "[]", at(&Config::queue, &Queue::dead_letter),
       "Queues of dead letters: watched too, but nobody is meant to take from them, so they have no age."},
      {"queue.table_max_age", seconds(1min, 31 * day), "24h", at(&Config::queue, &Queue::table_max_age),
       "Without Redis the queue is the CRM's messages that are pending; older ones are forgotten ones."},

      {"sessions.connected", texts(any_word, any_word_said), "[connected, active, WORKING, open, FLAGGED]",
       at(&Config::sessions, &Sessions::connected), "Words of the gateway for a session that works; without case."},
      {"sessions.reconnecting", texts(any_word, any_word_said),
       "[connecting, reconnecting, STARTING, OPENING, PAIRING, TIMEOUT, PENDING, RATE_LIMITED]",
       at(&Config::sessions, &Sessions::reconnecting), "Words for a session that is on its way."},
      {"sessions.disconnected", texts(any_word, any_word_said),
       "[disconnected, logged_out, error, failed, inactive, STOPPED, SCAN_QR_CODE, close, CONFLICT, UNPAIRED, "
       "UNPAIRED_IDLE, UNLAUNCHED, PROXYBLOCK, TOS_BLOCK, OFFLINE, RESTRICTED, BLOCKED, BANNED, refused]",
       at(&Config::sessions, &Sessions::disconnected),
       "Words for a session that is down; a word in no list means the same and is counted."},

      {"metrics.label_key", text("^$|^.{16,}$", "16 characters or more, or empty"), "''",
       at(&Config::metrics, &Metrics::label_key),
       "The key of the short hashes in labels of sessions; empty: derived from database.url.", true},

      {"admin.listen", endpoint(), "127.0.0.1:9464", at(&Config::admin, &Admin::listen),
       "Address of /metrics, health and the landing page; port 0 is any free port."},

      {"api.listen", endpoint(), "127.0.0.1:8080", at(&Config::api, &Api::listen),
       "Address of the JSON API; port 0 is any free port."},
      {"api.auth", one_of(auth_names), "none", word(&Config::api, &Api::auth, auth_names),
       "Who may ask. none: anybody who reaches the address, which must therefore be a loopback one."},
      {"api.timeout", duration(100ms, 10min), "10s", at(&Config::api, &Api::timeout),
       "A request that takes longer is answered with 504."},
      {"api.threads", integer(1, 256), "8", at(&Config::api, &Api::threads), "Requests answered at once."},
      {"api.max_range", duration(day, 3'660 * day), "400d", at(&Config::api, &Api::max_range),
       "The longest window that a request may ask for."},

      {"plugins.directory", path(), "plugins", at(&Config::plugins, &Plugins::directory),
       "Where plugins are found; a relative path starts from the folder of the file that names it."},
      {"plugins.load", names(),
       "[kpi, conversation-effectiveness, whatsapp-performance, customer-load, agent-productivity, automation-impact, "
       "business-impact]",
       at(&Config::plugins, &Plugins::load), "The plugins to load, by name."},
      {"plugins.options.*", anything(), "", {}, "The plugin's own options; see its README."},

      {"collectors.*.enabled", boolean(), "true", of_collector(&Collector::enabled), "Whether it runs at all."},
      {"collectors.*.every", duration(1s, 7 * day), "", of_collector(&Collector::every),
       "How often it runs; by default as its plugin says."},
      {"collectors.*.aligned", boolean(), "", of_collector(&Collector::aligned),
       "Runs at whole multiples of `every` of the business clock rather than from the start of the daemon."},
      {"collectors.*.jitter", duration(0s, day), "0s", of_collector(&Collector::jitter),
       "A random delay of up to this before each run, so that many daemons do not ask at once."},
      {"collectors.*.timeout", duration(100ms, 1h), "", of_collector(&Collector::timeout),
       "A run that takes longer is cancelled; by default as its plugin says."},
      {"collectors.*.stale_after", duration(1s, 30 * day), "", of_collector(&Collector::stale_after),
       "Its metrics are dropped when it has not succeeded for this long; by default 3 times `every`."},

      {"gateways.*.kind", one_of(gateway_kind_names), "", set_gateway_kind,
       "What it is: crm (the CRM's own service), waha, evolution (Evolution API) or cloud (Meta's Cloud API)."},
      {"gateways.*.url",
       text("^$|^https?://[^/?#@[:space:]]+(/[^?#[:space:]]*)?$",
            "http://host[:port][/path] or https://…, without user, query and fragment"),
       "''", of_gateway(&Gateway::url), "Where it is; empty for cloud: Meta's."},
      {"gateways.*.token", text("^[!-~]{0,8192}$", "printable ASCII characters without spaces"), "''",
       of_gateway(&Gateway::token), "What it lets callers in by: a key or token, of its API; empty: none.", true},
      {"gateways.*.phone_ids", texts("^[0-9A-Za-z_-]{1,64}$", "an id of 1 to 64 letters and digits"), "[]",
       of_gateway(&Gateway::phone_ids), "cloud only: the ids of the phone numbers to watch."},
      {"gateways.*.timeout", duration(50ms, 1min), "3s", of_gateway(&Gateway::timeout),
       "How long each request may take; never more than half of what a run has left."},
      {"gateways.*.every", duration(1s, 1h), "15s", of_gateway(&Gateway::every),
       "It is asked no more often than this."},
      {"gateways.*.ca_file", path(), "", of_gateway(&Gateway::ca_file),
       "https:// only: the certificates to trust (PEM); by default those of the system."},

      {"limits.max_agents", integer(1, 100'000), "200", at(&Config::limits, &Limits::max_agents),
       "Agents with metrics of their own; the rest is summed under `other`."},
      {"limits.stop_grace", duration(0s, 10min), "30s", at(&Config::limits, &Limits::stop_grace),
       "How long a stopping daemon waits for requests and runs to end."},

      {"sla.first_response_seconds", integer(1, 604'800), "300", setting(&S::sla, &S::Sla::first_response_seconds),
       "The target: a customer gets a first response within this many seconds."},
      {"sla.count_bot_replies", boolean(), "false", setting(&S::sla, &S::Sla::count_bot_replies),
       "Whether a bot's reply counts as a human's."},

      {"trend.dead_band", real(0, 1'000), "5", setting(&S::trend, &S::Trend::dead_band),
       "A change of at most this many percent is `stable`."},
      {"trend.metrics.*", real(0, 1'000), "", set_dead_band, "A metric's own dead band, by its name in the API."},

      {"load.peak_hours", hours(), "auto", setting(&S::load),
       "Hours of the day that count as peak: auto, or a list; 9-12 is from 9 to 12 o'clock, 14 is one hour."},

      {"agents.max_span", seconds(1min, 31 * day), "24h", setting(&S::agents, &S::Agents::max_span),
       "An agent's status span counts at most this long: a forgotten `online` is not a week's work."},
      {"agents.workload_band", real(0, 1'000), "30", setting(&S::agents, &S::Agents::workload_band),
       "Agents within this many percent of the mean are balanced."},

      {"automation.drop_off_after", seconds(1min, 31 * day), "24h",
       setting(&S::automation, &S::Automation::drop_off_after),
       "A customer who stays silent this long after the bot's message has dropped off."},
      {"automation.handling_seconds", integer(0, 86'400), "300",
       setting(&S::automation, &S::Automation::handling_seconds),
       "Seconds of an agent's time that one conversation resolved by the bot saves."},

      {"cost.agent_hour", real(0, 1'000'000), "15", setting(&S::cost, &S::Cost::agent_hour),
       "What an hour of an agent costs."},
      {"cost.currency", text("^[A-Z]{3}$", "three capital letters such as USD"), "USD",
       setting(&S::cost, &S::Cost::currency), "The currency of all amounts."},

      {"campaign.response_window", seconds(1min, 365 * day), "72h",
       setting(&S::campaign, &S::Campaign::response_window),
       "A message within this time after the campaign's counts as a response."},
      {"campaign.conversion_window", seconds(1min, 365 * day), "14d",
       setting(&S::campaign, &S::Campaign::conversion_window),
       "A lead or a resolved ticket within this time after the campaign's message counts as a conversion."},

      {"rollup.store", boolean(), "true", at(&Config::rollup, &Rollup::store),
       "Whether history is stored, where the schema for it is there and may be written; else all is read live."},
      {"rollup.schema", text("^[A-Za-z_][A-Za-z0-9_]{0,62}$", "a schema's name (letters, digits and _)"), "crm_metrics",
       at(&Config::rollup, &Rollup::schema), "The daemon's own schema; `crm-metricsd migrate` makes it."},
      {"rollup.horizon", seconds(day, 3'660 * day), "35d", setting(&S::rollup, &S::Rollup::horizon),
       "What happens to a row later than this after its creation is not counted any more."},
  };
}

bool begins_with(const std::vector<std::string>& key, const std::vector<std::string>& path) {
  return key.size() >= path.size() && std::equal(path.begin(), path.end(), key.begin(),
                                                 [](const auto& a, const auto& b) { return a == b || b == "*"; });
}

}  // namespace

const std::vector<Option>& options() {
  static const std::vector<Option> table = make_options();
  return table;
}

std::vector<const Option*> options_below(const std::vector<std::string>& path) {
  std::vector<const Option*> below;
  for (const Option& option : options()) {
    if (begins_with(split_key(option.key), path)) below.push_back(&option);
  }
  return below;
}

const Option* find_option(const std::vector<std::string>& path) {
  for (const Option* option : options_below(path)) {
    if (split_key(option->key).size() == path.size()) return option;
  }
  return nullptr;
}

}  // namespace crm::config
