#include "source/index_idea.h"

#include <algorithm>

#include <fmt/format.h>

namespace crm::source {
namespace {

// Columns of a table, by how a condition bounds them.
struct Conditions {
  std::vector<NamedColumn> from;    // >= or >
  std::vector<NamedColumn> until;   // <= or <
  std::vector<NamedColumn> open;    // IS NULL, but of ids: nobody's is no state
  std::vector<NamedColumn> equals;  // = ANY, or = another column or an id
};

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

// Words compared with a word are no index's: nearly every row has the one or the other.
bool is_word(std::string_view compared) {
  return begins_with(compared, "'") && begins_with(compared.substr(after_string(compared, 0)), "::text");
}

bool is_enclosed(std::string_view sql) {
  if (sql.size() < 2 || sql.front() != '(') return false;
  int depth = 0;
  for (std::size_t i = 0; i < sql.size(); i = sql[i] == '\'' ? after_string(sql, i) : i + 1) {
    depth += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
    if (depth == 0) return i + 1 == sql.size();
  }
  return false;
}

// The parts that a word holds together, outside of parentheses and strings.
std::vector<std::string_view> split(std::string_view sql, std::string_view word) {
  std::vector<std::string_view> parts;
  int depth = 0;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < sql.size(); i = sql[i] == '\'' ? after_string(sql, i) : i + 1) {
    depth += sql[i] == '(' ? 1 : sql[i] == ')' ? -1 : 0;
    if (depth != 0 || !begins_with(sql.substr(i), word)) continue;
    parts.push_back(sql.substr(begin, i - begin));
    begin = i + word.size();
  }
  parts.push_back(sql.substr(begin));
  return parts;
}

// Conditions that every row must meet; what stands beside an OR is none.
void find_conjuncts(std::string_view sql, std::vector<std::string_view>& all) {
  while (is_enclosed(sql)) sql = sql.substr(1, sql.size() - 2);
  const auto parts = split(sql, " AND ");
  if (parts.size() > 1) {
    for (const std::string_view part : parts) find_conjuncts(part, all);
  } else if (split(sql, " OR ").size() == 1) {
    all.push_back(sql);
  }
}

void add_condition(Conditions& conditions, std::string_view conjunct, const std::string& alias) {
  for (NamedColumn& column : columns_in(conjunct)) {
    if (column.alias != alias) continue;
    const std::string_view after = conjunct.substr(column.end);
    if (begins_with(after, " >")) {
      conditions.from.push_back(std::move(column));
    } else if (begins_with(after, " <") && !begins_with(after, " <>")) {
      conditions.until.push_back(std::move(column));
    } else if (begins_with(after, " IS NULL") && !ends_with(column.column, "_id")) {
      conditions.open.push_back(std::move(column));
    } else if (begins_with(after, " = ") && !is_word(after.substr(3))) {
      conditions.equals.push_back(std::move(column));
    }
  }
}

Conditions conditions_of(std::string_view filter, const std::string& alias) {
  std::vector<std::string_view> conjuncts;
  find_conjuncts(filter, conjuncts);
  Conditions conditions;
  for (const std::string_view conjunct : conjuncts) add_condition(conditions, conjunct, alias);
  return conditions;
}

bool has(const std::vector<NamedColumn>& columns, const std::string& name) {
  return std::any_of(columns.begin(), columns.end(), [&](const NamedColumn& column) { return column.column == name; });
}

// In `a.x = b.y`, the column of the alias, whichever side it stands on.
std::optional<NamedColumn> joined_column(std::string_view condition, const std::string& alias) {
  for (const NamedColumn& column : columns_in(condition)) {
    const bool left = begins_with(condition.substr(column.end), " = ");
    const bool right = column.begin >= 3 && condition.substr(column.begin - 3, 3) == " = ";
    if (column.alias == alias && (left || right)) return column;
  }
  return std::nullopt;
}

IndexIdea idea(const NamedColumn& leading, const std::vector<NamedColumn>& second = {}, std::string where = {}) {
  IndexIdea idea{{leading.written}, leading.column, std::move(where)};
  if (!second.empty() && second.front().column != leading.column) idea.columns.push_back(second.front().written);
  return idea;
}

Conditions conditions_of(const Access& access) {
  const bool both = !access.condition.empty() && !access.filter.empty();
  return conditions_of(access.condition + (both ? " AND " : "") + access.filter, access.alias);
}

}  // namespace

std::optional<IndexIdea> index_for(const Access& access) {
  const Conditions is = conditions_of(access);
  if (!is.from.empty()) return idea(is.from.front());
  if (!is.open.empty()) {
    const NamedColumn& open = is.open.front();
    return idea(is.until.empty() ? open : is.until.front(), {}, open.written + " IS NULL");
  }
  if (!is.equals.empty()) return idea(is.equals.front(), is.until);
  if (const auto joined = joined_column(access.joined_by, access.alias)) return idea(*joined, is.until);
  return std::nullopt;
}

bool enters_by(const Access& access, const std::string& leading) {
  const Conditions entered = conditions_of(access.condition, access.alias);
  return has(entered.from, leading) || has(entered.equals, leading) || has(entered.open, leading);
}

bool hides_its_range(const Access& access) {
  return conditions_of(access).from.empty() && access.filter.find(") >") != std::string::npos;
}

std::string create_sql(const std::string& table, const IndexIdea& idea, bool partitioned) {
  return fmt::format("CREATE INDEX {}ON {} ({}){};", partitioned ? "" : "CONCURRENTLY ", table,
                     fmt::join(idea.columns, ", "), idea.where.empty() ? "" : " WHERE " + idea.where);
}

}  // namespace crm::source
