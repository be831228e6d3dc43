#include "source/sql_text.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "source/contract.h"

namespace crm::source {
namespace {

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
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

// The length of the string or quoted name that begins at `at`, or 0. A doubled quote ends one string and begins
// another, which copies the same text. E'' strings may escape a quote with a backslash.
std::size_t quoted_length(std::string_view sql, std::size_t at) {
  const char quote = sql[at];
  if (quote != '\'' && quote != '"') return 0;
  const bool escapes =
      quote == '\'' && at > 0 && (sql[at - 1] == 'E' || sql[at - 1] == 'e') && (at < 2 || !is_name(sql[at - 2]));
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (escapes && sql[i] == '\\') {
      ++i;
    } else if (sql[i] == quote) {
      return i + 1 - at;
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

void append(std::vector<Piece>& pieces, std::string_view text) {
  if (pieces.empty() || pieces.back().parameter) pieces.push_back({});
  pieces.back().text += text;
}

// Lower-case names and punctuation of a statement, without strings and comments.
std::vector<std::string> words_of(std::string_view sql) {
  std::vector<std::string> words;
  for (const Piece& piece : split_parameters(sql)) {
    if (piece.parameter) continue;
    const std::string_view text = piece.text;
    for (std::size_t i = 0; i < text.size();) {
      std::size_t length = std::max(quoted_length(text, i), dollar_quoted_length(text, i));
      if (length == 0) {
        length = name_length(text, i);
        if (length > 0) {
          std::string word(text.substr(i, length));
          std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
          words.push_back(std::move(word));
        } else if (std::isspace(static_cast<unsigned char>(text[i])) == 0) {
          words.emplace_back(1, text[i]);
        }
      }
      i += std::max<std::size_t>(length, 1);
    }
  }
  return words;
}

bool is_keyword(const std::string& word) {
  static const std::set<std::string> keywords{"where",  "on",    "join",   "left",    "right",  "inner",
                                              "full",   "cross", "using",  "group",   "order",  "limit",
                                              "having", "union", "window", "natural", "except", "intersect",
                                              "offset", "fetch", "for",    "lateral", "set",    "returning"};
  return keywords.contains(word);
}

}  // namespace

std::vector<Piece> split_parameters(std::string_view sql) {
  std::vector<Piece> pieces;
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
    } else if (const std::size_t name = sql[i] == ':' ? name_length(sql, i + 1) : 0) {
      pieces.push_back({std::string(sql.substr(i + 1, name)), true});
      i += 1 + name;
    } else {
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

Reads reads_of(std::string_view sql) {
  const std::vector<std::string> words = words_of(sql);
  Reads reads;
  std::map<std::string, std::string> views_by_alias;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i - 1] != "from" && words[i - 1] != "join" && words[i - 1] != ",") continue;
    if (contract_view(words[i]) == nullptr || (i + 1 < words.size() && words[i + 1] == "(")) continue;
    if (words[i - 1] == "," && (i + 1 >= words.size() || is_keyword(words[i + 1]) || !is_name_start(words[i + 1][0])))
      continue;
    reads[words[i]];
    std::size_t alias = i + 1;
    if (alias < words.size() && words[alias] == "as") ++alias;
    const bool aliased = alias < words.size() && is_name_start(words[alias][0]) && !is_keyword(words[alias]);
    views_by_alias[aliased ? words[alias] : words[i]] = words[i];
  }
  for (std::size_t i = 2; i < words.size(); ++i) {
    const auto view = words[i - 1] == "." ? views_by_alias.find(words[i - 2]) : views_by_alias.end();
    if (view == views_by_alias.end()) continue;
    const View& columns = *contract_view(view->second);
    const bool known = std::any_of(columns.columns.begin(), columns.columns.end(),
                                   [&](const Column& column) { return column.name == words[i]; });
    if (known) reads[view->second].insert(words[i]);
  }
  return reads;
}

}  // namespace crm::source
