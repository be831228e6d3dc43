// The way to the database, and who the daemon is there.

#include <fmt/format.h>

#include <crm/sdk/errors.h>

#include "app/check/subjects.h"
#include "source/pooling.h"
#include "source/server.h"

namespace crm::app {
namespace {

using std::chrono::milliseconds;

constexpr std::int64_t oldest_maintained = 140'000;  // what 13 and older lack, nobody tests here any more
constexpr Duration clocks_may_differ = std::chrono::seconds(2);

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What to do about the words of libpq and the server.
Advice when_it_does_not_connect(std::string_view why) {
  if (has(why, "authentication failed") || has(why, "no password supplied")) {
    return {say("The role or its password is wrong. Both stand in database.url; the password of a role is set by"),
            type("psql \"$ADMIN_URL\" -c '\\password crm_metrics_read'")};
  }
  if (has(why, "is not permitted to log in")) {
    return {say("deploy/roles.sql makes the role without login, until you say"),
            type("psql \"$ADMIN_URL\" -c 'ALTER ROLE crm_metrics_read LOGIN' -c '\\password crm_metrics_read'")};
  }
  if (has(why, "role \"") && has(why, "does not exist")) {
    return {say("Create the role that the daemon reads with:"),
            type("psql \"$ADMIN_URL\" -v ON_ERROR_STOP=1 -f deploy/roles.sql")};
  }
  if (has(why, "database \"") && has(why, "does not exist")) {
    return {say("The last part of database.url names the database: postgresql://user@host:5432/DATABASE.")};
  }
  if (has(why, "pg_hba.conf")) {
    return {
        say("The server does not let this role in from this address. Add a line to its pg_hba.conf, or ask for "
            "TLS with ?sslmode=require in database.url.")};
  }
  if (has(why, "SSL")) {
    return {say("The server and sslmode in database.url do not agree about TLS.")};
  }
  if (has(why, "too many") || has(why, "remaining connection slots") || has(why, "no more connections")) {
    return {say("The server has no connection left: lower database.pool here, or use a pooler.")};
  }
  return {say("Does host and port in database.url name a running PostgreSQL, and does a firewall let this machine in?"),
          type("pg_isready -d \"$DATABASE_URL\"")};
}

void say_server(const Checkup& checkup, const source::Server& server) {
  const std::string line =
      fmt::format("PostgreSQL {} at {}, answers in {:.1f} ms{}", server.version, checkup.house.postgres->place(),
                  std::chrono::duration<double, std::milli>(server.round_trip).count(),
                  server.standby ? ", a standby: numbers are as old as its replay" : "");
  if (server.version_number < oldest_maintained) {
    checkup.findings.warning("server", line,
                             {say("This version gets no fixes any more, and is not tested. Use 14 or newer.")});
  } else {
    checkup.findings.ok("server", line);
  }
}

void say_transport(Findings& findings, const source::Transport& transport) {
  if (transport.socket) {
    findings.ok("encryption", "none needed: a Unix socket");
  } else if (!transport.tls.empty()) {
    findings.ok("encryption", transport.tls);
  } else if (transport.loopback) {
    findings.ok("encryption", "none, and the connection stays on this machine");
  } else {
    findings.warning("encryption", "none: customers' messages and the password's exchange cross the network in clear",
                     {say("Append to database.url ?sslmode=verify-full&sslrootcert=/path/to/ca.crt, or at least "
                          "?sslmode=require.")});
  }
}

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

// What the role is beyond a reader, to be said after its name; or nothing.
std::string too_much(const source::Server& server) {
  if (server.superuser) return " is a superuser: whoever finds the daemon's password owns the server";
  std::vector<std::string> powers;
  if (server.writable > 0) {
    const std::string more = server.writable > 3 ? ", …" : "";
    powers.push_back(fmt::format("may write to {} {} ({}{})", server.writable,
                                 server.writable == 1 ? "relation" : "relations", server.first_writable, more));
  }
  if (server.bypasses_rls) powers.emplace_back("has BYPASSRLS");
  if (server.creates_roles) powers.emplace_back("has CREATEROLE");
  if (server.creates_schemas) powers.emplace_back("may create schemas");
  return powers.empty() ? "" : fmt::format(" {}", fmt::join(powers, ", "));
}

void say_role(const Checkup& checkup, const source::Server& server) {
  const std::string excess = too_much(server);
  if (excess.empty())
    return checkup.findings.ok("role", fmt::format("{}: reads, and can do nothing else", server.role));
  checkup.findings.warning(
      "role", server.role + excess,
      {say("The daemon only reads views. Give it a role that can do nothing else, and log in with that:"),
       type("psql \"$ADMIN_URL\" -v ON_ERROR_STOP=1 -f deploy/roles.sql")});
}

void say_clock_and_encoding(Findings& findings, const source::Server& server) {
  const double ahead = std::chrono::duration<double>(server.clock_ahead).count();
  const std::string line =
      fmt::format("the server's is {:.1f} s {} this machine's", std::abs(ahead), ahead < 0 ? "behind" : "ahead of");
  if (std::chrono::abs(server.clock_ahead) > clocks_may_differ + server.round_trip) {
    findings.warning("clock", line,
                     {say("Numbers are counted at the server's clock, Prometheus stores them at its own: keep both by "
                          "NTP (chronyc tracking, timedatectl).")});
  } else {
    findings.ok("clock",
                fmt::format("the server's and this machine's agree within {:.1f} s", std::max(0.1, std::abs(ahead))));
  }
  if (server.encoding == "SQL_ASCII") {
    findings.warning("encoding",
                     "SQL_ASCII: the server does not know what its text is, and rows that are not UTF-8 fail",
                     {say("Names and messages must be UTF-8 there; a database of encoding UTF8 makes sure of it.")});
  } else {
    findings.ok("encoding",
                server.encoding == "UTF8" ? server.encoding : server.encoding + ", converted to UTF-8 by the server");
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
    const source::Server server = source::ask_server(*snapshot, checkup.house.values().database.schema);
    const source::Transport transport = snapshot->transport();
    const auto catalog = snapshot->shared_catalog();
    snapshot.reset();  // a pooler may have one connection only
    say_server(checkup, server);
    say_transport(findings, transport);
    say_pooling(checkup);
    say_role(checkup, server);
    say_clock_and_encoding(findings, server);
    return schema_can_be_read(checkup, server, *catalog);
  } catch (const SourceUnavailable& error) {
    findings.error("server", fmt::format("{}: {}", checkup.house.postgres->place(), error.what()),
                   when_it_does_not_connect(error.what()));
  } catch (const std::exception& error) {
    findings.error("server", fmt::format("{}: {}", checkup.house.postgres->place(), error.what()));
  }
  return false;
}

}  // namespace crm::app
