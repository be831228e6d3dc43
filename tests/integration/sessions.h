#pragma once

#include <memory>
#include <stdexcept>
#include <string>

#include <libpq-fe.h>

namespace crm::testing {

// A session that stays open, for what a transaction of several calls does.
class DatabaseSession {
 public:
  explicit DatabaseSession(std::string url, const std::string& role = "postgres")
      : connection_(PQconnectdb(url.replace(url.find("postgres@"), 8, role).c_str()), &PQfinish) {
    if (PQstatus(connection_.get()) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_.get()));
  }

  void execute(const std::string& sql) {
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_.get(), sql.c_str()), &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
      throw std::runtime_error(PQerrorMessage(connection_.get()));
    }
  }

 private:
  std::unique_ptr<PGconn, decltype(&PQfinish)> connection_;
};

}  // namespace crm::testing
