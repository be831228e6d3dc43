#include "rollup/only_one.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include <crm/sdk/errors.h>

namespace crm::rollup {

OnlyOne::OnlyOne(const source::Postgres& postgres, std::string own_schema)
    : own_schema_(std::move(own_schema)), connection_(postgres.connect_apart()), session_(*connection_) {}

OnlyOne::~OnlyOne() {
  try {
    session_.exec("ROLLBACK");
  } catch (const std::exception&) {
    // The server has let go of it by itself.
  }
}

bool OnlyOne::try_to_be() {
  constexpr int most_interruptions = 10;  // by a statement_timeout that another client of a pooler left behind
  for (int interruptions = 0;; ++interruptions) {
    try {
      const auto result = session_.exec(
          fmt::format("BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = 10000; "
                      "SET LOCAL idle_in_transaction_session_timeout = 0; "
                      "SELECT pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('crm-metricsd rollup'), "
                      "pg_catalog.hashtext({}))",
                      session_.quote(own_schema_)));
      if (result[0][0].as<bool>()) return true;
      session_.exec("ROLLBACK");
      return false;
    } catch (const pqxx::sql_error& error) {
      if (!connection_->is_open() || interruptions >= most_interruptions) throw SourceUnavailable(error.what());
      session_.exec("ROLLBACK");
    } catch (const pqxx::failure& failure) {
      throw SourceUnavailable(failure.what());
    }
  }
}

}  // namespace crm::rollup
