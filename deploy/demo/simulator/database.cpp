#include "database.h"

#include <fmt/format.h>

namespace crm::simulator {
namespace {

// libpq ends its messages with a line break.
std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
  return text;
}

}  // namespace

Database::Database(const std::string& url) : connection_(PQconnectdb(url.c_str())) {
  if (!connection_ || PQstatus(connection_.get()) != CONNECTION_OK) {
    const char* reason = connection_ ? PQerrorMessage(connection_.get()) : "out of memory";
    throw DatabaseError(fmt::format("cannot connect to the database: {}", trimmed(reason)));
  }
  PQsetNoticeProcessor(
      connection_.get(), [](void*, const char*) {}, nullptr);
}

void Database::expect(const Result& result, ExecStatusType status, std::string_view what) const {
  if (result && PQresultStatus(result.get()) == status) return;
  throw DatabaseError(fmt::format("{}: {}", what, trimmed(PQerrorMessage(connection_.get()))));
}

Rows Database::run(const std::string& sql, const std::vector<Value>& values) {
  std::vector<const char*> pointers;
  for (const Value& value : values) pointers.push_back(value ? value->c_str() : nullptr);
  const Result result{PQexecParams(connection_.get(), sql.c_str(), static_cast<int>(values.size()), nullptr,
                                   pointers.data(), nullptr, nullptr, 0)};
  if (result && PQresultStatus(result.get()) == PGRES_COMMAND_OK) return {};
  expect(result, PGRES_TUPLES_OK, sql);
  Rows rows(static_cast<std::size_t>(PQntuples(result.get())));
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      const int row = static_cast<int>(r);
      const bool null = PQgetisnull(result.get(), row, column) != 0;
      rows[r].push_back(null ? Value{} : Value{PQgetvalue(result.get(), row, column)});
    }
  }
  return rows;
}

void Database::copy(std::string_view target, std::string_view rows) {
  const std::string sql = fmt::format("COPY {} FROM STDIN", target);
  expect(Result{PQexec(connection_.get(), sql.c_str())}, PGRES_COPY_IN, sql);
  if (PQputCopyData(connection_.get(), rows.data(), static_cast<int>(rows.size())) != 1 ||
      PQputCopyEnd(connection_.get(), nullptr) != 1) {
    throw DatabaseError(fmt::format("{}: {}", sql, trimmed(PQerrorMessage(connection_.get()))));
  }
  expect(Result{PQgetResult(connection_.get())}, PGRES_COMMAND_OK, sql);
  const Result end{PQgetResult(connection_.get())};  // nothing: the command is over
}

}  // namespace crm::simulator
