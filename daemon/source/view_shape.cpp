#include "source/view_shape.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "source/plan.h"
#include "sql.h"

namespace crm::source {
namespace {

const std::map<std::string, std::string, std::less<>>& barriers() {
  static const std::map<std::string, std::string, std::less<>> all{
      {"Aggregate", "DISTINCT or GROUP BY"},
      {"Unique", "DISTINCT"},
      {"Group", "GROUP BY"},
      {"WindowAgg", "a window function"},
      {"Limit", "LIMIT"},
      {"SetOp", "INTERSECT or EXCEPT"},
      {"Sort", "ORDER BY"},
      {"Incremental Sort", "ORDER BY"},
      {"ProjectSet", "a function that returns several rows"},
      {"Recursive Union", "WITH RECURSIVE"},
      {"CTE Scan", "WITH … AS MATERIALIZED"},
      {"Function Scan", "a function that returns rows"},
      {"LockRows", "FOR UPDATE"},
      {"Subquery Scan", "security_barrier, or a function that PostgreSQL does not trust"},
  };
  return all;
}

std::string type_of(const Json& node) {
  return node.at("Node Type").get<std::string>();
}

const Json* children_of(const Json& node) {
  const auto children = node.find("Plans");
  return children == node.end() || children->empty() ? nullptr : &*children;
}

// Walks down from the top as long as there is one way: whatever of these stands there is the view's, for the question
// has none. Below a join or an append it may be the planner's own.
std::string barrier_of(const Json& top) {
  std::string subquery;
  for (const Json* node = &top;;) {
    const std::string type = type_of(*node);
    const auto found = barriers().find(type);
    if (found != barriers().end() && type != "Subquery Scan") return found->second;
    if (found != barriers().end()) subquery = found->second;
    const Json* children = children_of(*node);
    if (children == nullptr || children->size() != 1) return subquery;
    node = &children->front();
  }
}

// What the columns are made of: the output of the topmost node that tells it. An append has one for each branch.
void find_outputs(const Json& node, std::size_t columns, std::vector<const Json*>& outputs) {
  const auto output = node.find("Output");
  if (output != node.end() && output->size() == columns) {
    outputs.push_back(&*output);
  } else if (const Json* children = children_of(node)) {
    for (const Json& child : *children) find_outputs(child, columns, outputs);
  }
}

void find_relations(const Json& node, std::map<std::string, std::pair<std::string, std::string>>& relations) {
  if (node.contains("Relation Name") && node.contains("Schema") && node.contains("Alias")) {
    relations[node["Alias"].get<std::string>()] = {node["Schema"].get<std::string>(),
                                                   node["Relation Name"].get<std::string>()};
  }
  if (const Json* children = children_of(node)) {
    for (const Json& child : *children) find_relations(child, relations);
  }
}

std::string column_type(Snapshot& snapshot, const std::pair<std::string, std::string>& relation,
                        const std::string& column) {
  const Rows rows = snapshot.inspect(sql::column_type.name, compile(sql::column_type.name, sql::column_type.text,
                                                                    {{"schema", {relation.first, "text"}},
                                                                     {"relation", {relation.second, "text"}},
                                                                     {"column", {column, "text"}}}));
  return rows.empty() ? "" : std::string(rows[0].text("type"));
}

// A cast between the kinds of text changes nothing that an index sees.
bool is_free_cast(Snapshot& snapshot, const Json& plan, const std::string& expression, const NamedColumn& column) {
  if (expression.substr(column.end) != ")::text" || column.begin != 1) return false;
  std::map<std::string, std::pair<std::string, std::string>> relations;
  find_relations(plan, relations);
  const auto relation = relations.find(column.alias);
  return relation != relations.end() &&
         serves(ColumnKind::text, column_type(snapshot, relation->second, column.column));
}

bool passes_through(Snapshot& snapshot, const Json& plan, const std::string& expression) {
  if (expression.rfind("NULL::", 0) == 0) return true;
  if (is_column(expression)) return true;
  const auto columns = columns_in(expression);
  return columns.size() == 1 && is_free_cast(snapshot, plan, expression, columns.front());
}

}  // namespace

ViewShape shape_of(Snapshot& snapshot, const View& view) {
  const std::string name = "check/" + std::string(view.name);
  std::vector<const Column*> columns;
  std::vector<std::string> list;
  for (const Column& column : view.columns) {
    if (snapshot.catalog().type_of(view.name, column.name) == nullptr) continue;
    columns.push_back(&column);
    list.push_back(fmt::format("v.{}", column.name));
  }
  if (columns.empty()) return {};
  const std::string question = fmt::format("SELECT {} FROM {} v", fmt::join(list, ", "), view.name);
  // An index in the view's order would hide that it sorts.
  snapshot.inspect(name, {"SET LOCAL enable_indexscan = off", {}});
  const Json plan = explain(snapshot, name, {question, {}});
  ViewShape shape{{}, barrier_of(plan)};
  const auto instant =
      std::find_if(columns.begin(), columns.end(), [](const Column* c) { return c->kind == ColumnKind::instant; });
  if (shape.not_inlined.empty() && instant != columns.end()) {
    const std::string windowed = fmt::format("{} WHERE v.{} >= now()", question, (*instant)->name);
    shape.not_inlined = barrier_of(explain(snapshot, name, {windowed, {}}));
  }
  std::vector<const Json*> outputs;
  find_outputs(plan, columns.size(), outputs);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const bool filtered_by = columns[i]->kind == ColumnKind::instant || columns[i]->kind == ColumnKind::id;
    const std::string& type = *snapshot.catalog().type_of(view.name, columns[i]->name);
    if (!filtered_by || !serves(columns[i]->kind, type)) continue;
    for (const Json* output : outputs) {
      const std::string expression = output->at(i).get<std::string>();
      if (passes_through(snapshot, plan, expression)) continue;
      shape.wrapped.push_back({std::string(columns[i]->name), expression});
      break;
    }
  }
  return shape;
}

}  // namespace crm::source
