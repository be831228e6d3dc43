#pragma once
// A connection to PostgreSQL, as little of it as the simulator needs. One thread at a time.

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <libpq-fe.h>

namespace crm::simulator {

class DatabaseError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

using Value = std::optional<std::string>;  // nothing: NULL
using Rows = std::vector<std::vector<Value>>;

class Database {
 public:
  explicit Database(const std::string& url);

  // One statement; $1, $2 … are the values.
  Rows run(const std::string& sql, const std::vector<Value>& values = {});

  // COPY target FROM STDIN with the rows in text format.
  void copy(std::string_view target, std::string_view rows);

 private:
  struct Close {
    void operator()(PGconn* connection) const { PQfinish(connection); }
  };
  struct Clear {
    void operator()(PGresult* result) const { PQclear(result); }
  };
  using Result = std::unique_ptr<PGresult, Clear>;

  void expect(const Result& result, ExecStatusType status, std::string_view what) const;

  std::unique_ptr<PGconn, Close> connection_;
};

}  // namespace crm::simulator
