#include "source/plan.h"

#include <cctype>
#include <optional>

#include <nlohmann/json.hpp>

namespace crm::source {
namespace {

std::string text_of(const Json& node, const char* key) {
  const auto found = node.find(key);
  return found == node.end() || !found->is_string() ? std::string() : found->get<std::string>();
}

bool names(std::string_view sql, const std::string& alias) {
  for (const NamedColumn& column : columns_in(sql)) {
    if (column.alias == alias) return true;
  }
  return false;
}

// The index scans below a bitmap heap scan: each is an access of its own.
void find_bitmaps(const Json& node, const Access& of_table, std::vector<Access>& all) {
  const auto children = node.find("Plans");
  if (children == node.end()) return;
  for (const Json& child : *children) {
    if (text_of(child, "Node Type") == "Bitmap Index Scan") {
      Access access = of_table;
      access.index = text_of(child, "Index Name");
      access.condition = text_of(child, "Index Cond");
      all.push_back(std::move(access));
    } else {
      find_bitmaps(child, of_table, all);
    }
  }
}

Access access_of(const Json& node, const std::vector<std::string>& joins) {
  Access access{.schema = text_of(node, "Schema"),
                .relation = text_of(node, "Relation Name"),
                .alias = text_of(node, "Alias"),
                .index = text_of(node, "Index Name"),
                .condition = text_of(node, "Index Cond"),
                .filter = text_of(node, "Filter"),
                .joined_by = {}};
  for (auto join = joins.rbegin(); join != joins.rend() && access.joined_by.empty(); ++join) {
    if (names(*join, access.alias)) access.joined_by = *join;
  }
  return access;
}

// `joins`: the conditions of the nodes above, the nearest last.
void find_accesses(const Json& node, std::vector<std::string>& joins, std::vector<Access>& all) {
  const std::string type = text_of(node, "Node Type");
  if (type == "Bitmap Heap Scan") {
    find_bitmaps(node, access_of(node, joins), all);
  } else if (type == "Seq Scan" || type == "Index Scan" || type == "Index Only Scan") {
    all.push_back(access_of(node, joins));
  }
  const auto children = node.find("Plans");
  if (children == node.end()) return;
  const std::size_t above = joins.size();
  for (const char* key : {"Join Filter", "Merge Cond", "Hash Cond"}) {
    if (std::string condition = text_of(node, key); !condition.empty()) joins.push_back(std::move(condition));
  }
  for (const Json& child : *children) find_accesses(child, joins, all);
  joins.resize(above);
}

struct Name {
  std::string plain;
  std::size_t end = 0;
};

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_name_part(char c) {
  return is_name_start(c) || c == '$' || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::optional<Name> name_at(std::string_view sql, std::size_t at) {
  Name name;
  if (at >= sql.size()) return std::nullopt;
  if (sql[at] != '"') {
    if (!is_name_start(sql[at])) return std::nullopt;
    for (name.end = at; name.end < sql.size() && is_name_part(sql[name.end]); ++name.end) name.plain += sql[name.end];
    return name;
  }
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (sql[i] == '"' && sql.substr(i + 1, 1) != "\"") return Name{name.plain, i + 1};
    if (sql[i] == '"') ++i;
    name.plain += sql[i];
  }
  return std::nullopt;
}

}  // namespace

std::size_t after_string(std::string_view sql, std::size_t at) {
  for (std::size_t i = at + 1; i < sql.size(); ++i) {
    if (sql[i] == '\'' && sql.substr(i + 1, 1) != "'") return i + 1;
    if (sql[i] == '\'') ++i;
  }
  return sql.size();
}

Json explain(Snapshot& snapshot, const std::string& name, const Compiled& statement, Allow allow) {
  if (allow == Allow::no_sequential_scan) snapshot.inspect(name, {"SET LOCAL enable_seqscan = off", {}});
  const Rows rows = snapshot.inspect(name, {"EXPLAIN (VERBOSE, FORMAT JSON) " + statement.sql, statement.values});
  if (allow == Allow::no_sequential_scan) snapshot.inspect(name, {"SET LOCAL enable_seqscan = on", {}});
  return Json::parse(rows[0].text("QUERY PLAN")).at(0).at("Plan");
}

std::vector<Access> accesses(const Json& plan) {
  std::vector<Access> all;
  std::vector<std::string> joins;
  find_accesses(plan, joins, all);
  return all;
}

bool is_column(std::string_view sql) {
  const auto first = name_at(sql, 0);
  if (!first || first->end == sql.size()) return first.has_value();
  const auto second = sql[first->end] == '.' ? name_at(sql, first->end + 1) : std::nullopt;
  return second && second->end == sql.size();
}

std::vector<NamedColumn> columns_in(std::string_view sql) {
  std::vector<NamedColumn> columns;
  for (std::size_t i = 0; i < sql.size();) {
    if (sql[i] == '\'') {
      i = after_string(sql, i);
      continue;
    }
    const auto alias = name_at(sql, i);
    if (!alias) {
      ++i;
      continue;
    }
    const auto column = sql.substr(alias->end, 1) == "." ? name_at(sql, alias->end + 1) : std::nullopt;
    if (column) {
      const std::size_t begin = alias->end + 1;
      columns.push_back(
          {alias->plain, column->plain, std::string(sql.substr(begin, column->end - begin)), i, column->end});
    }
    i = column ? column->end : alias->end;
  }
  return columns;
}

}  // namespace crm::source
