#pragma once
// What PostgreSQL's errors say: their kind by SQLSTATE (the manual's appendix "PostgreSQL Error Codes") and their
// words.

#include <string>
#include <string_view>

#include <pqxx/except>

namespace crm::source {

// The first line of a message, without the severity.
std::string first_line(std::string_view message);

// libpqxx 6 tells some states by the exception's type only.
std::string state_of(const pqxx::sql_error& error);

// The views are not what the source contract says, or may not be read.
bool is_contract_fault(std::string_view sqlstate);

// A statement prepared before is not what it was: a table or a type of it was changed, or it was forgotten.
bool is_stale_preparation(std::string_view sqlstate);

// Cancelled, or a lock was not to be had in time.
bool is_timeout(std::string_view sqlstate);

// The server ends, or has no more room for us.
bool is_shutdown(std::string_view sqlstate);

}  // namespace crm::source
