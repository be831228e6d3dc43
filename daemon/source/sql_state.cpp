#include "source/sql_state.h"

namespace crm::source {

std::string first_line(std::string_view message) {
  message = message.substr(0, message.find('\n'));
  for (const std::string_view prefix : {"ERROR:  ", "FATAL:  "}) {
    if (message.substr(0, prefix.size()) == prefix) message.remove_prefix(prefix.size());
  }
  return std::string(message);
}

std::string state_of(const pqxx::sql_error& error) {
  if (dynamic_cast<const pqxx::insufficient_privilege*>(&error) != nullptr) return "42501";
  if (dynamic_cast<const pqxx::insufficient_resources*>(&error) != nullptr) return "53000";
  return error.sqlstate();
}

bool is_contract_fault(std::string_view sqlstate) {
  // undefined table, column, function; type mismatch; no privilege; no such schema
  for (const char* state : {"42P01", "42703", "42883", "42804", "42501", "3F000"}) {
    if (sqlstate == state) return true;
  }
  return false;
}

bool is_stale_preparation(std::string_view sqlstate) {
  return sqlstate == "0A000" || sqlstate == "26000";  // "cached plan must not change result type"; no such statement
}

bool is_timeout(std::string_view sqlstate) {
  return sqlstate == "57014" || sqlstate == "55P03";  // cancelled; or a lock was not to be had in time
}

bool is_shutdown(std::string_view sqlstate) {
  return sqlstate.substr(0, 3) == "57P" || sqlstate.substr(0, 2) == "53";
}

}  // namespace crm::source
