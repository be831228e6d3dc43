#include "source/row_security.h"

#include <fmt/format.h>
#include <pqxx/pqxx>

#include "source/compiled.h"
#include "source/contract.h"
#include "sql.h"

namespace crm::source {
namespace {

ReadRelation::Shown shown(const pqxx::row& row) {
  if (!row["secured"].as<bool>() || row["show_all"].as<bool>()) return ReadRelation::Shown::all;
  return row["show_any"].as<bool>() ? ReadRelation::Shown::by_policy : ReadRelation::Shown::none;
}

}  // namespace

std::vector<ReadRelation> read_relations(pqxx::transaction_base& transaction, const std::string& schema) {
  const Compiled statement = compile(sql::relations.name, sql::relations.text, {{"schema", {schema, "text"}}});
  std::vector<ReadRelation> relations;
  for (const auto& row : transaction.exec_params(statement.sql, schema)) {
    if (contract_view(row["view"].c_str()) == nullptr) continue;
    relations.push_back({.view = row["view"].as<std::string>(),
                         .relation = row["relation"].as<std::string>(),
                         .kind = row["kind"].c_str()[0],
                         .through = row["through"].as<std::string>(),
                         .invoker = row["invoker"].as<bool>(),
                         .role = row["role"].as<std::string>(),
                         .owner = row["owner"].as<std::string>(),
                         .may_select = row["may_select"].as<bool>(),
                         .populated = row["populated"].as<bool>(),
                         .forced = row["forced"].as<bool>(),
                         .shown = shown(row),
                         .policies = row["policies"].as<std::string>()});
  }
  return relations;
}

std::string hidden(const ReadRelation& relation) {
  return fmt::format("row-level security on {} hides every row from role {}", relation.relation, relation.role);
}

}  // namespace crm::source
