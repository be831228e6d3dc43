#include "config/schema.h"

#include <nlohmann/json.hpp>

#include "config/options.h"
#include "config/scalars.h"
#include "config/yaml.h"

namespace crm::config {
namespace {

using Json = nlohmann::ordered_json;
using Is = Kind::Is;

constexpr const char* variable = "#/definitions/variable";

// Any value may be ${NAME} instead.
Json or_variable(Json schema) {
  return {{"anyOf", Json::array({std::move(schema), {{"$ref", variable}}})}};
}

Json reference(const char* definition) {
  return {{"$ref", std::string("#/definitions/") + definition}};
}

Json number(const char* type, const Kind& kind) {
  Json schema{{"type", type}, {"minimum", kind.low}, {"maximum", kind.high}};
  if (kind.is == Is::integer) {
    schema["minimum"] = static_cast<std::int64_t>(kind.low);
    schema["maximum"] = static_cast<std::int64_t>(kind.high);
  }
  return or_variable(std::move(schema));
}

Json text_schema(const Kind& kind) {
  if (kind.pattern.empty()) return {{"type", "string"}, {"minLength", 1}};
  return or_variable({{"type", "string"}, {"pattern", kind.pattern}});
}

Json words_schema(const Kind& kind) {
  Json words = Json::array();
  for (const std::string_view word : kind.words) words.push_back(word);
  return or_variable({{"enum", std::move(words)}});
}

Json hours_schema() {
  return {{"anyOf", Json::array({{{"const", "auto"}},
                                 {{"type", "array"}, {"minItems", 1}, {"items", reference("hours")}},
                                 reference("variable")})}};
}

Json value_schema(const Kind& kind) {
  switch (kind.is) {
    case Is::boolean:
      return or_variable({{"type", "boolean"}});
    case Is::integer:
      return number("integer", kind);
    case Is::real:
      return number("number", kind);
    case Is::duration:
      return reference("duration");
    case Is::endpoint:
      return reference("address");
    case Is::word:
      return words_schema(kind);
    case Is::names:
      return {{"type", "array"}, {"uniqueItems", true}, {"items", reference("name")}};
    case Is::texts:
      return {{"type", "array"}, {"uniqueItems", true}, {"items", text_schema(kind)}};
    case Is::hours:
      return hours_schema();
    case Is::path:
    case Is::text:
      return text_schema(kind);
    case Is::anything:
      break;
  }
  return {{"type", Json::array({"object", "null"})}};
}

Json default_value(const Option& option) {
  std::vector<Problem> none;
  const Node node = parse_yaml(option.otherwise, "", none);
  if (node.kind == Node::Kind::list) {
    Json list = Json::array();
    for (const Node& item : node.children) list.push_back(item.text);
    return list;
  }
  switch (option.kind.is) {
    case Is::boolean:
      return parse_boolean(node.text);
    case Is::integer:
      return parse_integer(node.text);
    case Is::real:
      return parse_real(node.text);
    default:
      return node.text;
  }
}

// The schema of the option, with what an editor shows: draft 07 ignores what stands beside a $ref, hence allOf.
Json option_schema(const Option& option) {
  Json schema = value_schema(option.kind);
  if (schema.contains("$ref")) schema = {{"allOf", Json::array({schema})}};
  schema["description"] = option.help;
  if (!option.otherwise.empty()) schema["default"] = default_value(option);
  return schema;
}

// The schema of the section at this path of the table's keys, `*` included.
Json section_schema(const std::vector<std::string>& path) {
  Json schema{{"type", Json::array({"object", "null"})}, {"additionalProperties", false}};
  for (const Option& option : options()) {
    const auto steps = split_key(option.key);
    if (steps.size() <= path.size() || !std::equal(path.begin(), path.end(), steps.begin())) continue;
    const std::string& step = steps[path.size()];
    Json& child = step == "*" ? schema["additionalProperties"] : schema["properties"][step];
    if (!child.is_null() && child.is_object()) continue;
    std::vector<std::string> below = path;
    below.push_back(step);
    child = steps.size() == below.size() ? option_schema(option) : section_schema(below);
    if (step == "*") {
      schema["propertyNames"] = {{"pattern", path.front() == "collectors" ? collector_pattern : name_pattern}};
    }
  }
  return schema;
}

}  // namespace

std::string json_schema() {
  Json schema{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "Configuration of crm-metricsd"}};
  schema.update(section_schema({}));
  schema["definitions"] = {
      {"variable", {{"type", "string"}, {"pattern", R"(\$\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\})"}}},
      {"duration", or_variable({{"type", "string"}, {"pattern", "^([0-9]+(ms|s|m|h|d))+$"}})},
      {"address",
       or_variable({{"type", "string"}, {"pattern", R"(^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):[0-9]{1,5}$)"}})},
      {"name", or_variable({{"type", "string"}, {"pattern", name_pattern}})},
      {"hours",
       {{"anyOf", Json::array({{{"type", "integer"}, {"minimum", 0}, {"maximum", 23}},
                               {{"type", "string"}, {"pattern", "^[0-9]{1,2}(-[0-9]{1,2})?$"}},
                               reference("variable")})}}}};
  return schema.dump(2) + "\n";
}

}  // namespace crm::config
