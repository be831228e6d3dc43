#include "rollup/fact_file.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

#include "source/sql_text.h"

namespace crm::rollup {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Splits at a separator outside parentheses.
std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '(') ++depth;
    if (i < text.size() && text[i] == ')') --depth;
    if (i == text.size() || (text[i] == separator && depth == 0)) {
      if (const auto part = trimmed(text.substr(begin, i - begin)); !part.empty()) parts.push_back(part);
      begin = i + 1;
    }
  }
  return parts;
}

// Lines are lines whatever the parentheses in them.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    if (const auto line = trimmed(text.substr(0, end)); !line.empty()) lines.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

bool is_name(std::string_view text) {
  return !text.empty() && text.front() >= 'a' && text.front() <= 'z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

class Header {
 public:
  Header(std::string_view file, std::string_view text) : file_(file) {
    for (std::string_view line : lines_of(text)) {
      if (line.substr(0, 2) != "--") break;
      line = trimmed(line.substr(2));
      const auto colon = line.find(": ");
      const std::string key(line.substr(0, colon));
      if (colon != std::string_view::npos && is_key(key)) {
        if (!values_.emplace(key, trimmed(line.substr(colon + 2))).second) fail(key, "is declared twice");
      } else if (values_.empty() && !line.empty()) {
        about_ += (about_.empty() ? "" : " ") + std::string(line);
      }
    }
  }

  const std::string& about() const { return about_; }

  std::string required(const std::string& key) const {
    const auto found = values_.find(key);
    if (found == values_.end() || found->second.empty()) fail(key, "is missing from its header");
    return found->second;
  }

  std::string optional(const std::string& key) const {
    const auto found = values_.find(key);
    return found == values_.end() || found->second == "none" ? std::string() : found->second;
  }

  [[noreturn]] void fail(std::string_view key, std::string_view what) const {
    throw std::invalid_argument(fmt::format("fact file {}: '{}' {}", file_, key, what));
  }

 private:
  static bool is_key(std::string_view key) {
    for (const char* own : {"fact", "clock", "state", "touched_by", "shares", "columns", "settings", "next_due"}) {
      if (key == own) return true;
    }
    return false;
  }

  std::string file_;
  std::string about_;
  std::map<std::string, std::string> values_;
};

std::vector<std::int64_t> parse_bounds(const Header& header, std::string_view text) {
  std::vector<std::int64_t> bounds;
  for (const auto part : split(text, ' ')) {
    std::int64_t bound = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), bound);
    const bool ascends = bounds.empty() || bound > bounds.back();
    if (error != std::errc{} || end != part.data() + part.size() || !ascends) {
      header.fail("columns", fmt::format("has the histogram bound '{}': bounds are ascending integers", part));
    }
    bounds.push_back(bound);
  }
  if (bounds.empty()) header.fail("columns", "has a histogram without bounds");
  return bounds;
}

// "response histogram(response_ms: 15000 60000)"
FactHistogram parse_histogram(const Header& header, std::string_view name, std::string_view kind) {
  const auto open = kind.find('(');
  const auto colon = kind.find(':', open);
  const auto column =
      colon == std::string_view::npos ? std::string_view() : trimmed(kind.substr(open + 1, colon - open - 1));
  if (kind.back() != ')' || !is_name(column)) {
    header.fail("columns", fmt::format("declares '{} {}': write histogram(<column>: <bound> …)", name, kind));
  }
  return {std::string(name), std::string(column),
          parse_bounds(header, kind.substr(colon + 1, kind.size() - colon - 2))};
}

// Column names stand beside those of the axes in one SELECT.
void check_column_name(const Header& header, std::string_view name, const FactDefinition& fact) {
  if (!is_name(name)) header.fail("columns", fmt::format("has '{}', which is no column name", name));
  for (const std::string_view taken : {"at", "agent", "key", "bucket", "part"}) {
    if (name == taken) header.fail("columns", fmt::format("has '{}', which every fact has: choose another name", name));
  }
  const auto same = [&](const auto& other) { return other.name == name; };
  if (std::any_of(fact.columns.begin(), fact.columns.end(), same) ||
      std::any_of(fact.histograms.begin(), fact.histograms.end(), same)) {
    header.fail("columns", fmt::format("has '{}' twice", name));
  }
}

void parse_column(const Header& header, std::string_view declared, FactDefinition& fact) {
  const auto space = declared.find(' ');
  const auto name = declared.substr(0, space);
  const auto kind = space == std::string_view::npos ? std::string_view() : trimmed(declared.substr(space));
  check_column_name(header, name, fact);
  if (kind == "count") {
    fact.columns.push_back({std::string(name), FactColumn::Kind::count});
  } else if (kind == "sum") {
    fact.columns.push_back({std::string(name), FactColumn::Kind::sum});
  } else if (kind.substr(0, 10) == "histogram(") {
    fact.histograms.push_back(parse_histogram(header, name, kind));
  } else {
    header.fail("columns", fmt::format("declares '{}': a column is count, sum or histogram(…)", declared));
  }
}

// The SELECT alone, to be read inside another one.
std::string select_of(std::string_view text) {
  std::string sql;
  for (const auto& piece : source::split_parameters(text)) sql += piece.parameter ? ":" + piece.text : piece.text;
  sql.erase(sql.find_last_not_of(" \t\r\n;") + 1);
  return sql;
}

Touch parse_touch(const Header& header, std::string_view name) {
  const auto found = std::find(touch_names.begin(), touch_names.end(), name);
  if (found == touch_names.end()) {
    header.fail("touched_by", fmt::format("has '{}': there are {}", name, fmt::join(touch_names, ", ")));
  }
  return static_cast<Touch>(found - touch_names.begin());
}

// "messages m": where the SELECT first reads it.
void parse_shares(const Header& header, FactDefinition& fact) {
  const std::string whose = header.optional("shares");
  if (whose.empty()) return;
  const auto at = fact.sql.find(" " + whose + "\n");
  const auto joined = fact.sql.find(" " + whose + " ON ");
  const auto first = std::min(at, joined);
  const auto space = whose.find(' ');
  fact.shares = whose.substr(0, space);
  if ((fact.shares != "messages" && fact.shares != "conversations") || space == std::string::npos)
    header.fail("shares", fmt::format("is '{}': messages or conversations, and what it calls them", whose));
  if (first == std::string::npos) header.fail("shares", fmt::format("says '{}', which it does not read", whose));
  if (fact.sql.find(" AS part") == std::string::npos)
    header.fail("shares", "is declared, but there is no column part: in whose share a row is");
  if (fact.lasts() || fact.of_now) header.fail("shares", "is declared: only what happens at an instant has any");
  fact.share_sql = fact.sql;
  fact.share_sql.replace(first + 1, space, "asked_rows");
}

}  // namespace

FactDefinition parse_fact_file(std::string_view file, std::string_view text) {
  const Header header(file, text);
  FactDefinition fact;
  fact.name = header.required("fact");
  fact.about = header.about();
  const std::string touched_by = header.required("touched_by");
  for (const auto touch : split(touched_by, ',')) fact.touched_by.push_back(parse_touch(header, touch));
  fact.next_due = header.optional("next_due");
  if (!is_name(fact.name)) header.fail("fact", fmt::format("is '{}': use lower case, digits and _", fact.name));
  const std::string clock = header.required("clock");
  if (clock != "created" && clock != "happened")
    header.fail("clock", fmt::format("is '{}': created or happened", clock));
  fact.clock = clock == "created" ? Clock::created : Clock::happened;
  const std::string state = header.optional("state");
  if (!state.empty() && state != "now") header.fail("state", fmt::format("is '{}': now, or leave it out", state));
  fact.of_now = state == "now";
  const std::string columns = header.required("columns");
  for (const auto declared : split(columns, ',')) parse_column(header, declared, fact);
  const std::string settings = header.optional("settings");
  for (const auto setting : split(settings, ',')) fact.settings.emplace_back(setting);
  fact.sql = select_of(text);
  fact.keyed = fact.sql.find("NULL::text AS key") == std::string::npos;
  parse_shares(header, fact);
  const auto parameters = source::parameters_of(text);
  for (const char* needed : {"from", "to", "agents"}) {
    if (!parameters.contains(needed)) header.fail(needed, "is not used: a fact is bound by :from, :to and :agents");
  }
  return fact;
}

}  // namespace crm::rollup
