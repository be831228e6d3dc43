#include "document.h"

#include <nlohmann/json.hpp>

#include <crm/sdk/phone.h>

namespace custom_sql {
namespace {

using crm::Json;

struct ToJson {
  const crm::Request& request;
  bool masked;

  Json operator()(std::monostate) const { return nullptr; }
  Json operator()(const std::string& value) const { return masked ? crm::mask_phone_numbers(value) : value; }
  Json operator()(std::int64_t value) const { return value; }
  Json operator()(double value) const { return value; }
  Json operator()(bool value) const { return value; }
  Json operator()(crm::Instant value) const { return request.calendar.iso(value); }
};

Json schema_of(Type type) {
  switch (type) {
    case Type::integer:
      return {{"type", {"integer", "null"}}};
    case Type::real:
      return {{"type", {"number", "null"}}};
    case Type::boolean:
      return {{"type", {"boolean", "null"}}};
    case Type::instant:
      return {{"type", {"string", "null"}}, {"format", "date-time"}};
    case Type::text:
    case Type::phone:
      break;
  }
  return {{"type", {"string", "null"}}};
}

}  // namespace

Json to_json(const Definition& definition, const Table& table, const crm::Request& request) {
  Json rows = Json::array();
  for (const std::vector<Cell>& cells : table.rows) {
    Json row = Json::object();
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Column& column = definition.columns[i];
      const bool masked = column.type == Type::phone && request.scope.masks_phone_numbers();
      row[column.name] = std::visit(ToJson{request, masked}, cells[i]);
    }
    rows.push_back(std::move(row));
  }
  return {{"rows", std::move(rows)}, {"truncated", table.truncated}};
}

std::string json_schema(const Definition& definition) {
  Json columns = Json::object();
  Json names = Json::array();
  for (const Column& column : definition.columns) {
    columns[column.name] = schema_of(column.type);
    names.push_back(column.name);
  }
  Json row{{"type", "object"}, {"required", std::move(names)}, {"properties", std::move(columns)}};
  Json rows{{"type", "array"}, {"items", std::move(row)}};
  const Json schema{{"type", "object"},
                    {"required", {"rows", "truncated"}},
                    {"properties", {{"rows", std::move(rows)}, {"truncated", {{"type", "boolean"}}}}}};
  return schema.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace custom_sql
