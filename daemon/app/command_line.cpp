#include "app/command_line.h"

#include <charconv>
#include <regex>
#include <stdexcept>

#include <fmt/format.h>

#include "calendar/quoted.h"
#include "config/scalars.h"
#include "config/suggest.h"

namespace crm::app {
namespace {

const std::vector<std::pair<std::string, Command>>& commands() {
  static const std::vector<std::pair<std::string, Command>> all{{"serve", Command::serve},
                                                                {"check", Command::check},
                                                                {"migrate", Command::migrate},
                                                                {"rollup", Command::rollup},
                                                                {"rollup status", Command::rollup_status},
                                                                {"rollup verify", Command::rollup_verify},
                                                                {"rollup export", Command::rollup_export},
                                                                {"config print", Command::config_print},
                                                                {"version", Command::version},
                                                                {"help", Command::help}};
  return all;
}

}  // namespace

Command parse_command(const std::vector<std::string>& words) {
  const std::string given = fmt::format("{}", fmt::join(words, " "));
  std::vector<std::string> names;
  for (const auto& [name, command] : commands()) {
    if (given == name) return command;
    names.push_back(name);
  }
  if (given.empty())
    throw std::invalid_argument("no command given: say serve, check, migrate, rollup, config print or version");
  if (const std::string meant = config::nearest(given, names); !meant.empty()) {
    throw std::invalid_argument(fmt::format("unknown command '{}'; did you mean '{}'?", given, meant));
  }
  throw std::invalid_argument(
      fmt::format("unknown command '{}': there are serve, check, migrate, rollup, config print and version", given));
}

calendar::Edge parse_day(const std::string& option, const std::string& text) {
  try {
    return calendar::parse_edge(option, text);
  } catch (const calendar::BadWindow&) {
    throw std::invalid_argument(
        fmt::format("--{} is {}: give a day such as 2026-03-01, or an instant within it such as 2026-03-01T08:00:00Z",
                    option, calendar::quoted(text)));
  }
}

std::uint64_t parse_number(const std::string& option, const std::string& text, std::uint64_t least,
                           std::uint64_t most) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size() && number >= least && number <= most) return number;
  throw std::invalid_argument(
      fmt::format("--{} is {}: give a whole number from {} to {}", option, calendar::quoted(text), least, most));
}

std::chrono::milliseconds parse_step(const std::string& text) {
  using namespace std::chrono_literals;
  try {
    const auto step = config::parse_duration(text);
    if (step >= 1min && step <= 24h && 24h % step == 0ms) return step;
  } catch (const std::invalid_argument&) {  // said below
  }
  throw std::invalid_argument(fmt::format(
      "--step is {}: give a length such as 5m or 1h, at least 1m, that divides a day evenly", calendar::quoted(text)));
}

std::pair<std::string, std::string> parse_label(const std::string& text) {
  static const std::regex label("([A-Za-z_][A-Za-z0-9_]*)=([^\\x00-\\x1F]*)");
  std::smatch parts;
  if (std::regex_match(text, parts, label)) return {parts[1], parts[2]};
  throw std::invalid_argument(
      fmt::format("--label is {}: give a label and its value, such as job=crm-metricsd", calendar::quoted(text)));
}

std::string help_text() {
  return R"(crm-metricsd: is our WhatsApp customer support working, right now and over time?

Reads a CRM's PostgreSQL through views, turns rows into well-defined numbers, and shows them as Prometheus
metrics and as a JSON API.

Usage: crm-metricsd <command> [options]

Commands:
  serve          Run in the foreground until SIGTERM or SIGINT; SIGHUP reloads the configuration.
  check          Try everything that serve would need: the configuration, the plugins, the database and its
                 views. Prints what is well and what is not, with what to do. Exit 1 on an error.
  migrate        Make or renew the daemon's own schema, where it keeps history; with --source, add to the CRM's
                 tables what history needs of them.
  rollup         Count the past into that history: all days there are, or those from --from to --to, the newest
                 first, beside a daemon or without one. What is stored already is left; broken off, it goes on
                 where it stopped.
  rollup status  What is stored of each fact, whether it holds, and what waits to be counted.
  rollup verify  Hold stored numbers against the CRM's rows: windows at random, for everyone, teams and agents.
                 Exit 1 where one differs.
  rollup export  What Prometheus would have scraped in the past, as OpenMetrics text, from what the CRM's rows say
                 of each instant now; for `promtool tsdb create-blocks-from openmetrics`. Queues and sessions have
                 no past.
  config print   The configuration in effect: file, conf.d and defaults together, secrets masked.
  version        Version and revision.

Options:
  --config=FILE       Configuration; drop-ins are read from conf.d/ beside it.
                      Default: /etc/crm-metricsd/crm-metricsd.yaml
  --log-level=LEVEL   trace, debug, info, warn or error; overrides log.level.
  --log-format=FORMAT auto, text or json; overrides log.format. auto: text on a terminal, JSON otherwise.
  --help              This text.

Options of migrate:
  --admin-url=URL     The owner of the CRM's tables; a secret. Default: ADMIN_URL.
  --status            What is applied and what is pending. Exit 1 where something is.
  --print             All of it as one script for an SQL editor, such as Supabase's.
  --source=FOLDER     A CRM's folder, config/source/<crm>: its columns.sql, changes.sql (the change feed) and
                      indexes.sql. Each is printed, and applied once you say y.
  --yes               Applies them without asking.

Options of rollup:
  --from=DAY          2026-03-01, a day of the configured time zone, or an instant within it.
                      Default: the day of the oldest message or conversation.
  --to=DAY            The last day, itself included. Default: today.

Options of rollup export:
  --from=DAY --to=DAY The first and the last day. Default: the last 7 days, until now.
  --openmetrics       The format; there is no other.
  --step=LENGTH       5m, 1h: from one sample to the next. Default: 5m, as far as a graph looks back.
  --label=NAME=VALUE  Of every sample, such as the job and instance that a scrape adds; may be given again.

Options of rollup verify:
  --windows=N         How many. Default: 100.
  --seed=S            Those of an earlier run, which printed it.

Secrets: write ${NAME} in the configuration; the value, as that of ADMIN_URL, comes from the environment
variable NAME, from the file that NAME_FILE names, or from systemd's credential NAME.

First steps:
  DATABASE_URL=postgresql://crm_metrics_read@localhost/crm crm-metricsd check --config=crm-metricsd.yaml
  DATABASE_URL=postgresql://crm_metrics_read@localhost/crm crm-metricsd serve --config=crm-metricsd.yaml
  curl http://127.0.0.1:8080/api/dashboard/kpi
  curl http://127.0.0.1:9464/metrics
)";
}

}  // namespace crm::app
