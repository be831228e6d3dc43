#include "config/kind.h"

#include <regex>

#include <fmt/format.h>

#include <crm/sdk/description.h>

#include "config/scalars.h"

namespace crm::config {
namespace {

using Is = Kind::Is;
using std::chrono::milliseconds;

Kind of(Is is) {
  Kind kind;
  kind.is = is;
  return kind;
}

}  // namespace

Kind boolean() {
  return of(Is::boolean);
}
Kind text() {
  return of(Is::text);
}
Kind path() {
  return of(Is::path);
}
Kind endpoint() {
  return of(Is::endpoint);
}
Kind names() {
  return of(Is::names);
}
Kind hours() {
  return of(Is::hours);
}
Kind anything() {
  return of(Is::anything);
}

Kind integer(int low, int high) {
  Kind kind = of(Is::integer);
  kind.low = low;
  kind.high = high;
  return kind;
}

Kind real(double low, double high) {
  Kind kind = of(Is::real);
  kind.low = low;
  kind.high = high;
  return kind;
}

Kind duration(milliseconds shortest, milliseconds longest) {
  Kind kind = of(Is::duration);
  kind.shortest = shortest;
  kind.longest = longest;
  return kind;
}

Kind seconds(std::chrono::seconds shortest, std::chrono::seconds longest) {
  Kind kind = duration(shortest, longest);
  kind.whole_seconds = true;
  return kind;
}

Kind text(std::string_view pattern, std::string_view pattern_said) {
  Kind kind = of(Is::text);
  kind.pattern = pattern;
  kind.pattern_said = pattern_said;
  return kind;
}

Kind texts(std::string_view pattern, std::string_view pattern_said) {
  Kind kind = text(pattern, pattern_said);
  kind.is = Is::texts;
  return kind;
}

bool is_name(std::string_view text) {
  static const std::regex pattern{std::string(name_pattern)};
  return text.size() <= 100 && std::regex_match(text.begin(), text.end(), pattern);
}

bool is_collector(std::string_view text) {
  return is_name(text.starts_with(custom_prefix) ? text.substr(custom_prefix.size()) : text);
}

Node written(const Value& value) {
  Node node;
  node.kind = Node::Kind::scalar;
  if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    node.kind = Node::Kind::list;
    for (const std::string& item : *list) node.children.push_back(written(item));
  } else if (const auto* flag = std::get_if<bool>(&value)) {
    node.text = *flag ? "true" : "false";
  } else if (const auto* whole = std::get_if<std::int64_t>(&value)) {
    node.text = fmt::format("{}", *whole);
  } else if (const auto* number = std::get_if<double>(&value)) {
    node.text = fmt::format("{}", *number);
  } else if (const auto* length = std::get_if<milliseconds>(&value)) {
    node.text = duration_text(*length);
  } else {
    node.text = std::get<std::string>(value);
  }
  return node;
}

}  // namespace crm::config
