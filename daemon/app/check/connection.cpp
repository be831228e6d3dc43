// The way to the database, and who the daemon is there.

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/connect_advice.h"
#include "app/check/server_findings.h"
#include "app/check/subjects.h"
#include "source/pooling.h"
#include "source/server.h"

namespace crm::app {
namespace {

void say_pooling(const Checkup& checkup) {
  const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds(3);
  switch (source::find_pooling(*checkup.house.postgres, deadline)) {
    case source::Pooling::direct:
      return checkup.findings.ok("pooler", "none: a direct connection");
    case source::Pooling::by_transaction:
      return checkup.findings.ok("pooler", "in transaction mode, which the daemon is made for");
    case source::Pooling::by_session:
      return checkup.findings.ok(
          "pooler", fmt::format("in session mode as far as could be seen: the daemon keeps up to {} of its connections",
                                checkup.house.values().database.pool));
    case source::Pooling::unknown:
      return checkup.findings.warning(
          "pooler", "one that had no connection free for a second client within 3 s",
          {say(fmt::format("Is it in session mode, or out of connections? Set pool_mode = transaction, or leave the "
                           "daemon more than database.pool ({}) of them.",
                           checkup.house.values().database.pool))});
  }
}

// False, with one error, where the schema cannot be read at all.
bool schema_can_be_read(const Checkup& checkup, const source::Server& server, const source::Catalog& catalog) {
  const std::string& schema = checkup.house.values().database.schema;
  if (!server.has_schema) {
    checkup.findings.error("schema", fmt::format("{} does not exist", schema),
                           {say("Set database.schema to where the views are, or create them; the model for yours is"),
                            type("psql \"$ADMIN_URL\" -v ON_ERROR_STOP=1 -f config/source/reference/views.sql")});
  } else if (!server.may_use_schema) {
    checkup.findings.error("schema", fmt::format("{} is closed to role {}", schema, server.role),
                           {say("As the owner of the schema (deploy/roles.sql does it for crm_metrics_read):"),
                            type(fmt::format("GRANT USAGE ON SCHEMA {} TO {};", schema, server.role)),
                            type(fmt::format("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {};", schema, server.role))});
  } else if (catalog.empty()) {
    checkup.findings.error("schema", fmt::format("{} has no view of the source contract", schema),
                           {say("Set database.schema to where the views are, or create them; the model for yours is"),
                            type("psql \"$ADMIN_URL\" -v ON_ERROR_STOP=1 -f config/source/reference/views.sql")});
  } else {
    return true;
  }
  return false;
}

}  // namespace

bool check_connection(Checkup& checkup) {
  Findings& findings = checkup.findings;
  findings.heading("Connection");
  if (!checkup.house.postgres) {
    findings.error("database", "none is configured",
                   {say("Set database.url, best as DATABASE_URL in the environment:"),
                    type("DATABASE_URL=postgresql://crm_metrics_read:…@host:5432/crm crm-metricsd check --config=…")});
    return false;
  }
  try {
    auto snapshot = open_snapshot(checkup.house);
    const source::Server server =
        source::ask_server(*snapshot, checkup.house.values().database.schema, checkup.house.values().rollup.schema);
    const source::Transport transport = snapshot->transport();
    const auto catalog = snapshot->shared_catalog();
    snapshot.reset();  // a pooler may have one connection only
    say_server(findings, server, checkup.house.postgres->place());
    say_transport(findings, transport);
    say_pooling(checkup);
    say_role(findings, server);
    say_clock(findings, server);
    say_encoding(findings, server);
    return schema_can_be_read(checkup, server, *catalog);
  } catch (const SourceUnavailable& error) {
    findings.error("server", fmt::format("{}: {}", checkup.house.postgres->place(), error.what()),
                   connect_advice(error.what()));
  } catch (const std::exception& error) {
    findings.error("server", fmt::format("{}: {}", checkup.house.postgres->place(), error.what()));
  }
  return false;
}

}  // namespace crm::app
