#pragma once
// Statements of the owner's: migrations, triggers, indexes. Their transactions are in their text.

#include <stdexcept>
#include <string>
#include <vector>

#include <pqxx/nontransaction>
#include <pqxx/result>

#include "source/connection.h"

namespace crm::rollup {

// The server's refusal of one text, in one line.
class Refused final : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class AdminSession {
 public:
  explicit AdminSession(source::Connection& connection);

  // Any number of statements; the result of the last. After an error, what the text began is rolled back. Throws
  // Refused, or SourceUnavailable when the server has gone.
  pqxx::result run(const std::string& sql);

 private:
  source::Connection& connection_;
  pqxx::nontransaction session_;
};

}  // namespace crm::rollup
