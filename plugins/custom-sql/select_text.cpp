#include "select_text.h"

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace custom_sql {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name(char c) {
  return is_letter(c) || (c >= '0' && c <= '9');
}

// What PostgreSQL takes for a part of a name: any letter beyond ASCII, and a $ that is not the first.
bool is_word(char c) {
  return is_name(c) || c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

// Steps over what is no code of the statement: comments, strings, quoted names.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  // Checks the whole; afterwards end() is where the statement ends.
  void check() {
    while (at_ < text_.size()) {
      if (skip_comment()) continue;
      if (std::isspace(static_cast<unsigned char>(text_[at_])) != 0) {
        ++at_;
      } else {
        step();
      }
    }
    if (first_word_.empty()) throw std::invalid_argument("holds no statement");
    if (depth_ > 0) throw std::invalid_argument("opens a parenthesis that it does not close");
  }
  std::size_t end() const { return std::min(end_, text_.size()); }

 private:
  bool skip_comment() {
    if (text_.substr(at_, 2) == "--") {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return true;
    }
    if (text_.substr(at_, 2) != "/*") return false;
    int depth = 0;  // they nest
    do {
      const auto two = text_.substr(at_, 2);
      const int change = two == "/*" ? 1 : two == "*/" ? -1 : 0;
      depth += change;
      at_ += change == 0 ? 1 : 2;
    } while (depth > 0 && at_ < text_.size());
    if (depth > 0) throw std::invalid_argument("ends within a comment");
    return true;
  }

  // Something of the statement stands at at_.
  void step() {
    if (end_ != std::string_view::npos) {
      throw std::invalid_argument("holds more than one statement; a collector has one SELECT");
    }
    const char c = text_[at_];
    if (first_word_.empty() && c != '(') take_first_word();
    if (c == '\'' || c == '"') return skip_quoted();
    if (c == '$' && skip_dollar_quoted()) return;
    if (is_word(c)) return skip_name();
    depth_ += c == '(' ? 1 : c == ')' ? -1 : 0;
    if (depth_ < 0) throw std::invalid_argument("closes a parenthesis that it does not open");
    if (c == '\0') throw std::invalid_argument("holds a byte 0");
    if (c == ';') end_ = at_;
    ++at_;
  }

  void take_first_word() {
    std::size_t end = at_;
    while (end < text_.size() && is_name(text_[end])) ++end;
    first_word_ = text_.substr(at_, std::max<std::size_t>(end - at_, 1));
    std::string lower(first_word_);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (lower != "select" && lower != "with") {
      throw std::invalid_argument("must begin with SELECT or WITH, not '" + std::string(first_word_) + "'");
    }
  }

  // A whole name at once, so that the $ of a$b$ begins no string.
  void skip_name() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    const auto name = text_.substr(begin, at_ - begin);
    escapes_ = name == "E" || name == "e";
    if (at_ == text_.size() || text_[at_] != '\'') escapes_ = false;
  }

  // A quote in it is doubled; E'' strings may escape it with a backslash too.
  void skip_quoted() {
    const char quote = text_[at_];
    const bool escapes = quote == '\'' && escapes_;
    escapes_ = false;
    for (++at_; at_ < text_.size(); ++at_) {
      if (escapes && text_[at_] == '\\') {
        ++at_;
      } else if (text_[at_] == quote) {
        if (text_.substr(at_ + 1, 1) != text_.substr(at_, 1)) {
          ++at_;
          return;
        }
        ++at_;
      }
    }
    throw std::invalid_argument(quote == '"' ? "ends within a quoted name" : "ends within a string");
  }

  bool skip_dollar_quoted() {
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_name(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '$') return false;
    const auto tag = text_.substr(at_, end + 1 - at_);
    const std::size_t close = text_.find(tag, end + 1);
    if (close == std::string_view::npos) throw std::invalid_argument("ends within a string");
    at_ = close + tag.size();
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t end_ = std::string_view::npos;  // where the semicolon stands
  int depth_ = 0;
  std::string_view first_word_;
  bool escapes_ = false;  // an E stands directly before
};

}  // namespace

std::string one_select(std::string_view text) {
  if (text.size() > longest_select) {
    throw std::invalid_argument("is longer than " + std::to_string(longest_select) + " bytes");
  }
  Scanner scanner(text);
  scanner.check();
  const std::string_view select = text.substr(0, scanner.end());
  return std::string(select.substr(0, select.find_last_not_of(" \t\r\n") + 1));
}

std::string limited(const std::string& select, const std::string& agent_column, std::int64_t max_rows) {
  // The line break ends a comment at the statement's end. The alias is nobody's, so that its columns are no view's.
  std::string text = "SELECT * FROM (\n" + select + "\n) AS crm_custom_rows";
  if (!agent_column.empty()) {
    text += "\nWHERE (:agents IS NULL OR crm_custom_rows.\"" + agent_column + "\" = ANY (:agents))";
  }
  return text + "\nLIMIT " + std::to_string(max_rows + 1);
}

bool is_identifier(std::string_view name) {
  return !name.empty() && name.size() <= 63 && is_letter(name.front()) &&
         std::all_of(name.begin(), name.end(), is_name);
}

}  // namespace custom_sql
