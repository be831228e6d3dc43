#include "source/sql_text.h"

#include <algorithm>
#include <cctype>

namespace crm::source {
namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
char lower(char c) {
  return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}
bool is_name(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// The length of the comment that begins at `at`, or 0. Block comments nest, as in PostgreSQL.
std::size_t comment_length(std::string_view sql, std::size_t at) {
  if (sql.substr(at, 2) == "--") return std::min(sql.find('\n', at), sql.size()) - at;
  if (sql.substr(at, 2) != "/*") return 0;
  int depth = 0;
  std::size_t i = at;
  do {
    const auto two = sql.substr(i, 2);
    const int step = two == "/*" ? 1 : two == "*/" ? -1 : 0;
    depth += step;
    i += step == 0 ? 1 : 2;
  } while (depth > 0 && i < sql.size());
  return std::min(i, sql.size()) - at;
}

// The length of the string or quoted name that begins at `at`, or 0. A quote in it is doubled; E'' strings may escape
// it with a backslash too.
std::size_t quoted_length(std::string_view sql, std::size_t at) {
  const char quote = sql[at];
  if (quote != '\'' && quote != '"') return 0;
  const bool escapes =
      quote == '\'' && at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e') && (at < 2 || !is_name(sql[at - 2]));
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (escapes && sql[i] == '\\') {
      ++i;
    } else if (sql[i] == quote) {
      if (sql.substr(i + 1, 1) != sql.substr(i, 1)) return i + 1 - at;
      ++i;
    }
  }
  return sql.size() - at;
}

// The length of the dollar-quoted string that begins at `at`, or 0.
std::size_t dollar_quoted_length(std::string_view sql, std::size_t at) {
  if (sql[at] != '$' || (at > 0 && is_name(sql[at - 1]))) return 0;
  std::size_t end = at + 1;
  while (end < sql.size() && is_name(sql[end])) ++end;
  if (end >= sql.size() || sql[end] != '$') return 0;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const std::size_t close = sql.find(tag, end + 1);
  return (close == std::string_view::npos ? sql.size() : close + tag.size()) - at;
}

std::size_t name_length(std::string_view sql, std::size_t at) {
  if (at >= sql.size() || !is_name_start(sql[at])) return 0;
  std::size_t end = at;
  while (end < sql.size() && is_name(sql[end])) ++end;
  return end - at;
}

// Does an operand end directly before `at`? Then a colon there is a slice's: a[1:n].
bool ends_operand(std::string_view sql, std::size_t at) {
  return at > 0 && (is_name(sql[at - 1]) || sql[at - 1] == ')' || sql[at - 1] == ']' || sql[at - 1] == '"');
}

void append(std::vector<Piece>& pieces, std::string_view text) {
  if (pieces.empty() || pieces.back().parameter) pieces.push_back({});
  pieces.back().text += text;
}

// What a quoted name says, where it could have been written without quotes; else '"'.
std::string unquoted(std::string_view quoted) {
  const std::string_view name = quoted.substr(1, quoted.size() - 2);
  const bool plain = !name.empty() && name_length(name, 0) == name.size() && name != "from" && name != "join";
  return std::string(plain ? name : "\"");
}

}  // namespace

std::vector<Piece> split_parameters(std::string_view sql) {
  std::vector<Piece> pieces;
  int brackets = 0;
  for (std::size_t i = 0; i < sql.size();) {
    if (const std::size_t comment = comment_length(sql, i)) {
      append(pieces, " ");
      i += comment;
    } else if (const std::size_t quoted = std::max(quoted_length(sql, i), dollar_quoted_length(sql, i))) {
      append(pieces, sql.substr(i, quoted));
      i += quoted;
    } else if (sql.substr(i, 2) == "::") {
      append(pieces, "::");
      i += 2;
    } else if (const std::size_t name =
                   sql[i] == ':' && !(brackets > 0 && ends_operand(sql, i)) ? name_length(sql, i + 1) : 0) {
      pieces.push_back({std::string(sql.substr(i + 1, name)), true});
      i += 1 + name;
    } else {
      brackets += sql[i] == '[' ? 1 : sql[i] == ']' ? -1 : 0;
      append(pieces, sql.substr(i, 1));
      ++i;
    }
  }
  return pieces;
}

std::set<std::string> parameters_of(std::string_view sql) {
  std::set<std::string> names;
  for (const Piece& piece : split_parameters(sql)) {
    if (piece.parameter) names.insert(piece.text);
  }
  return names;
}

std::vector<std::string> words_of(std::string_view sql) {
  std::vector<std::string> words;
  for (const Piece& piece : split_parameters(sql)) {
    const std::string_view text = piece.parameter ? std::string_view(":") : std::string_view(piece.text);
    for (std::size_t i = 0; i < text.size();) {
      std::size_t length = std::max(quoted_length(text, i), dollar_quoted_length(text, i));
      if (length > 0) {
        words.push_back(text[i] == '"' && length > 1 ? unquoted(text.substr(i, length)) : "'");
      } else if (length = name_length(text, i); length > 0) {
        std::string& word = words.emplace_back(text.substr(i, length));
        std::transform(word.begin(), word.end(), word.begin(), lower);
      } else if (std::isspace(static_cast<unsigned char>(text[i])) == 0) {
        words.emplace_back(1, text[i]);
      }
      i += std::max<std::size_t>(length, 1);
    }
  }
  return words;
}

std::vector<std::string> statements_of(std::string_view script) {
  constexpr std::string_view blanks = " \t\r\n";
  std::vector<std::string> statements;
  std::string statement;
  const auto finish = [&] {
    const std::size_t begin = statement.find_first_not_of(blanks);
    if (begin != std::string::npos)
      statements.push_back(statement.substr(begin, statement.find_last_not_of(blanks) + 1 - begin));
    statement.clear();
  };
  for (std::size_t i = 0; i < script.size();) {
    if (const std::size_t comment = comment_length(script, i)) {
      statement += ' ';
      i += comment;
    } else if (const std::size_t quoted = std::max(quoted_length(script, i), dollar_quoted_length(script, i))) {
      statement += script.substr(i, quoted);
      i += quoted;
    } else {
      if (script[i] == ';')
        finish();
      else
        statement += script[i];
      ++i;
    }
  }
  finish();
  return statements;
}

}  // namespace crm::source
