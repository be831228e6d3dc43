#include "rollup/admin_session.h"

#include <string_view>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <crm/sdk/errors.h>

namespace crm::rollup {
namespace {

std::string first_line(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  for (const std::string_view prefix : {"ERROR:  ", "FATAL:  "}) {
    if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  }
  return std::string(message);
}

}  // namespace

// What another client of a pooler has SET is not ours.
AdminSession::AdminSession(source::Connection& connection) : connection_(connection), session_(connection) {
  run("RESET ALL; SET client_min_messages = error");
}

pqxx::result AdminSession::run(const std::string& sql) {
  try {
    return session_.exec(sql);
  } catch (const pqxx::sql_error& error) {
    if (!connection_.is_open()) {
      throw SourceUnavailable(fmt::format("PostgreSQL went away: {}", first_line(connection_.last_words())));
    }
    const Refused refused(first_line(error.what()));
    session_.exec("ROLLBACK");
    throw refused;
  } catch (const pqxx::failure& failure) {
    throw SourceUnavailable(fmt::format("PostgreSQL went away: {}", first_line(failure.what())));
  }
}

}  // namespace crm::rollup
