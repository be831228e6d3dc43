#include "app/check/connect_advice.h"

namespace crm::app {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

Advice connect_advice(std::string_view why) {
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

}  // namespace crm::app
