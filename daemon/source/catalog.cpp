#include "source/catalog.h"

#include <algorithm>

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "source/contract.h"

namespace crm::source {
namespace {

constexpr const char* catalog_sql = R"sql(
SELECT c.relname, a.attname, format_type(coalesce(nullif(t.typbasetype, 0), t.oid), NULL)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
WHERE n.nspname = $1::text AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
)sql";

// Is there a history that this daemon can read? Where migrations are pending, there is none yet: the last one that
// answers need is the one of contact_visits.
constexpr const char* history_sql = R"sql(
SELECT coalesce(
  bool_or(c.relname = 'contact_visits')
    AND bool_or(c.relname = 'written_messages')
    AND bool_and(pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')),
  false
)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = $1::text
  AND c.relkind IN ('r', 'v')
  AND (c.relname IN ('rollup_state', 'changes', 'rescans', 'counters', 'contact_visits', 'written_messages') OR c.relname ~ '^fact_')
)sql";

std::string normal_id_type(const std::string* type) {
  if (type == nullptr) return "text";
  for (const char* own : {"uuid", "bigint", "integer", "smallint"}) {
    if (*type == own) return own;
  }
  return "text";
}

}  // namespace

const std::string* Catalog::type_of(std::string_view view, std::string_view column) const {
  const auto columns = views_.find(view);
  if (columns == views_.end()) return nullptr;
  const auto type = columns->second.find(column);
  return type == columns->second.end() ? nullptr : &type->second;
}

std::string Catalog::id_type(std::string_view view, std::string_view column) const {
  return normal_id_type(type_of(view, column));
}

std::string Catalog::agent_id_type() const {
  const std::string* type = type_of("agents", "agent_id");
  return normal_id_type(type != nullptr ? type : type_of("conversations", "agent_id"));
}

std::optional<std::string> Catalog::absent_view(const Reads& reads) const {
  for (const auto& [view, columns] : reads) {
    if (!has_view(view)) return view;
    for (const Column& column : contract_view(view)->columns) {
      if (column.optional && columns.contains(std::string(column.name)) && type_of(view, column.name) == nullptr) {
        return fmt::format("{}.{}", view, column.name);
      }
    }
  }
  return std::nullopt;
}

std::vector<std::string> Catalog::faults(const Reads& reads) const {
  std::vector<std::string> faults;
  for (const auto& [view, columns] : reads) {
    if (!has_view(view)) continue;
    for (const Column& column : contract_view(view)->columns) {
      if (!columns.contains(std::string(column.name))) continue;
      const std::string* type = type_of(view, column.name);
      if (type == nullptr && column.optional) continue;
      if (type == nullptr) {
        faults.push_back(fmt::format("view {}.{} has no column {} ({}): add it to the view", schema_, view, column.name,
                                     to_string(column.kind)));
      } else if (!serves(column.kind, *type)) {
        faults.push_back(fmt::format("column {} of view {}.{} is {}, expected {}{}", column.name, schema_, view, *type,
                                     to_string(column.kind),
                                     column.kind == ColumnKind::text ? ": cast it to text" : ""));
      }
    }
  }
  return faults;
}

std::vector<std::string> Catalog::hidden(const Reads& reads) const {
  std::vector<std::string> lines;
  for (const ReadRelation& relation : relations_) {
    if (relation.shown == ReadRelation::Shown::none && reads.contains(relation.view)) {
      lines.push_back(fmt::format("view {}.{}: {}", schema_, relation.view, source::hidden(relation)));
    }
  }
  return lines;
}

Catalog read_catalog(pqxx::transaction_base& transaction, const std::string& schema, const std::string& own_schema) {
  std::map<std::string, Catalog::Columns, std::less<>> views;
  for (const auto& row : transaction.exec_params(catalog_sql, schema)) {
    const std::string view = row[0].as<std::string>();
    if (contract_view(view) != nullptr) views[view][row[1].as<std::string>()] = row[2].as<std::string>();
  }
  Catalog catalog(schema, std::move(views), read_relations(transaction, schema));
  catalog.set_history_readable(transaction.exec_params1(history_sql, own_schema)[0].as<bool>());
  return catalog;
}

}  // namespace crm::source
