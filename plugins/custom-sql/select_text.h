#pragma once
// The SQL of a definition as text: one SELECT, and what is put around it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace custom_sql {

inline constexpr std::size_t longest_select = 65'536;

// The statement, without the semicolon at its end and what stands behind that. std::invalid_argument, "holds more than
// one statement; …", for what is not one whole SELECT. A typing error must not become a statement of another meaning
// when it is put into parentheses.
std::string one_select(std::string_view text);

// Around a statement: the rows of the agents that may be seen, if there is a column that names them, and one row more
// than are wanted, which tells that there are more.
std::string limited(const std::string& select, const std::string& agent_column, std::int64_t max_rows);

// Can it be the name of a column without quotes, but for words that SQL reserves?
bool is_identifier(std::string_view name);
inline constexpr const char* identifier_said = "use up to 63 letters, digits and _, not beginning with a digit";

}  // namespace custom_sql
