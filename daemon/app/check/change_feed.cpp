// The daemon's own schema, who may write it, and the triggers that say what the CRM has written: what is missing, what
// that costs, and the command that makes it.

#include "rollup/change_feed.h"

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/connect_advice.h"
#include "app/check/server_findings.h"
#include "app/check/subjects.h"
#include "app/schemas.h"
#include "rollup/own_schema.h"
#include "source/server.h"
#include "sql.h"

namespace crm::app {
namespace {

constexpr std::string_view migrate = "crm-metricsd migrate --admin-url=\"$ADMIN_URL\"";
constexpr std::string_view install_feed =
    "crm-metricsd migrate --admin-url=\"$ADMIN_URL\" --source=config/source/<crm>";
constexpr std::string_view make_roles = "psql \"$ADMIN_URL\" -v ON_ERROR_STOP=1 -f deploy/roles.sql";
constexpr std::string_view without_history =
    "everything is counted from the CRM's rows: a month of ten million messages takes tens of seconds, and "
    "Prometheus's "
    "counters begin with the daemon";
constexpr std::chrono::minutes unremarkable_wait{1};
constexpr std::int64_t most_waiting = 100'000;  // that are counted

class History {
 public:
  explicit History(Checkup& checkup)
      : checkup_(checkup), findings_(checkup.findings), schemas_(schemas_of(checkup.house.values())) {}

  void check() {
    if (!checkup_.house.values().rollup.store) {
      return findings_.ok("history", fmt::format("switched off (rollup.store): {}", without_history));
    }
    const auto own = rollup::look_at_own_schema(*open_snapshot(checkup_.house), schemas_.own);
    if (!own.there) return say_missing();
    if (!own.readable) return say_closed();
    check_migrations();
    check_writer();
    check_feed();
    check_queue();
  }

 private:
  // Without USAGE on it, what is in a schema cannot be seen.
  void say_missing() {
    findings_.warning("own schema",
                      fmt::format("{} is not there, or closed to the daemon's role: {}", schemas_.own, without_history),
                      {say("As the owner of the CRM's tables, make the schema, give the roles their rights, and let "
                           "triggers note what "
                           "the CRM writes:"),
                       type(std::string(migrate)), type(std::string(make_roles)), type(std::string(install_feed))});
  }

  void say_closed() {
    findings_.warning("own schema",
                      fmt::format("the daemon's role may not read all of {}: {}", schemas_.own, without_history),
                      {say("deploy/roles.sql does this for crm_metrics_read; for another role:"),
                       type(fmt::format("GRANT USAGE ON SCHEMA {} TO <role>;", schemas_.own)),
                       type(fmt::format("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO <role>;", schemas_.own))});
  }

  void check_migrations() {
    try {
      const auto applied = rollup::applied_migrations(*open_snapshot(checkup_.house), schemas_);
      const auto left = rollup::pending(applied);
      if (left.empty()) {
        return findings_.ok("own schema",
                            fmt::format("{}, {} {}", schemas_.own, applied.size(),
                                        applied.size() == 1 ? "migration, up to date" : "migrations, up to date"));
      }
      std::vector<std::string> names;
      for (const rollup::Migration& migration : left) names.push_back(migration.name);
      findings_.error("own schema", fmt::format("{} lacks {}", schemas_.own, fmt::join(names, ", ")),
                      {say("As its owner:"), type(std::string(migrate))});
    } catch (const std::exception& error) {
      findings_.error("own schema", error.what());
    }
  }

  // Through database.write_url, where there is one.
  void check_writer() {
    const bool apart = !checkup_.house.values().database.write_url.empty();
    try {
      const Deadline deadline = std::chrono::steady_clock::now() + checkup_.house.values().database.statement_timeout;
      const auto snapshot = checkup_.house.writer->open({.scope = Scope::everyone(), .deadline = deadline});
      const auto own = rollup::look_at_own_schema(*snapshot, schemas_.own);
      const auto server = source::ask_server(*snapshot, schemas_.views, schemas_.own);
      if (!own.writable) return say_read_only(server.role);
      if (apart) {
        say_role(findings_, server);
      } else {
        findings_.ok("writer", fmt::format("{} keeps the history", server.role));
      }
    } catch (const SourceUnavailable& error) {
      findings_.error("writer", fmt::format("{}: {}", apart ? "database.write_url" : "database.url", error.what()),
                      connect_advice(error.what()));
    }
  }

  void say_read_only(const std::string& role) {
    findings_.warning(
        "writer",
        fmt::format("role {} may not write {}: this daemon reads the history and does not keep it; where no "
                    "other does, it grows old, and all that is newer is counted from the CRM's rows",
                    role, schemas_.own),
        {say("Let the daemon log in as crm_metrics_write (deploy/roles.sql) in database.write_url, or"),
         type(fmt::format("GRANT crm_metrics_write TO {};", role))});
  }

  void check_feed() {
    const auto feed = rollup::feed_state(*open_snapshot(checkup_.house), schemas_.own);
    if (feed.complete) return findings_.ok("change feed", "the CRM's triggers note every write");
    findings_.warning(
        "change feed",
        fmt::format(
            "no trigger notes: {}. The last two hours are counted from the CRM's rows, older ones again after "
            "1 h, 6 h, 1 d, 7 d and 35 d: what changes late is right only then, and answers say \"exact\": false",
            fmt::join(feed.missing, ", ")),
        {say("As the owner of the CRM's tables; it prints what it is about to do, and asks:"),
         type(std::string(install_feed))});
  }

  void check_queue() {
    const auto snapshot = open_snapshot(checkup_.house);
    const source::Binding binding{{"as_of", {to_iso(snapshot->as_of()), "timestamptz"}},
                                  {"most", {std::to_string(most_waiting), "bigint"}}};
    const Rows rows = snapshot->inspect(sql::waiting_changes.name,
                                        source::compile(sql::waiting_changes.name, sql::waiting_changes.text, binding));
    const Row row = rows[0];
    say_waiting(row, snapshot->as_of());
    if (const auto rescans = row.integer("rescans"); rescans > 0) {
      findings_.warning(
          "rescans",
          fmt::format("{} {}: everything within the horizon is to be counted again, the last one because of: {}",
                      rescans, rescans == 1 ? "waits" : "wait", row.text("reason")),
          {say("A running daemon that may write does it by itself. If the reason is a trigger that fails, mend "
               "that first.")});
    }
  }

  void say_waiting(const Row& row, Instant as_of) {
    const auto waiting = row.integer("waiting");
    if (waiting == 0) return findings_.ok("changes", "nothing waits to be counted");
    const auto wait = std::chrono::duration_cast<std::chrono::seconds>(as_of - row.instant("since"));
    const std::string what =
        fmt::format("{}{} {} to be counted, the oldest for {} s", waiting, waiting >= most_waiting ? " or more" : "",
                    waiting == 1 ? "waits" : "wait", wait.count());
    if (wait <= unremarkable_wait) return findings_.ok("changes", what);
    findings_.warning(
        "changes", what,
        {say("They wait for a daemon that runs and may write; until then the table grows. Where no daemon "
             "is to run any more, drop the triggers crm_metrics_… of the CRM's tables.")});
  }

  Checkup& checkup_;
  Findings& findings_;
  const rollup::Schemas schemas_;
};

}  // namespace

void check_change_feed(Checkup& checkup) {
  checkup.findings.heading("Change feed and history");
  History(checkup).check();
}

}  // namespace crm::app
