#include "app/check/server_findings.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace crm::app {
namespace {

constexpr std::int64_t oldest_maintained = 140'000;  // 14; what is older gets no fixes
constexpr Duration clocks_may_differ = std::chrono::seconds(2);

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

}  // namespace

void say_server(Findings& findings, const source::Server& server, const std::string& place) {
  const std::string version = "PostgreSQL " + server.version;
  if (server.version_number < oldest_maintained) {
    findings.warning("server", version,
                     {say("This version gets no fixes any more, and is not tested. Use 14 or newer.")});
  } else {
    findings.ok("server", version);
  }
  findings.ok("address", fmt::format("{}, answers in {:.1f} ms{}", place,
                                     std::chrono::duration<double, std::milli>(server.round_trip).count(),
                                     server.standby ? "; a standby: numbers are as old as its replay" : ""));
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

void say_role(Findings& findings, const source::Server& server) {
  const std::string excess = too_much(server);
  if (excess.empty()) {
    return findings.ok("role", fmt::format("{}: reads{}, and can do nothing else", server.role,
                                           server.writes_own ? ", writes the daemon's own schema" : ""));
  }
  findings.warning(
      "role", server.role + excess,
      {say("The daemon reads views, and writes its own schema. Give it a role that can do nothing else, and "
           "log in with that:"),
       type("psql \"$ADMIN_URL\" -v ON_ERROR_STOP=1 -f deploy/roles.sql")});
}

void say_clock(Findings& findings, const source::Server& server) {
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
}

void say_encoding(Findings& findings, const source::Server& server) {
  if (server.encoding == "SQL_ASCII") {
    findings.warning("encoding",
                     "SQL_ASCII: the server does not know what its text is, and rows that are not UTF-8 fail",
                     {say("Names and messages must be UTF-8 there; a database of encoding UTF8 makes sure of it.")});
  } else {
    findings.ok("encoding",
                server.encoding == "UTF8" ? server.encoding : server.encoding + ", converted to UTF-8 by the server");
  }
}

}  // namespace crm::app
