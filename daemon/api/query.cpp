#include "api/query.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

#include "api/cursor.h"

namespace crm::api {
namespace {

constexpr const char* window_parameters[] = {"dateRange", "startDate", "endDate"};
constexpr const char* limit_parameter = "limit";
constexpr const char* cursor_parameter = "cursor";

std::string shown(const std::string& text) {
  constexpr std::size_t most = 60;
  return text.size() <= most ? text : text.substr(0, most) + "…";
}

bool same_letters(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

[[noreturn]] void unknown(const std::string& name, const Description& description) {
  std::vector<std::string> names(std::begin(window_parameters), std::end(window_parameters));
  if (description.paging) names.insert(names.end(), {limit_parameter, cursor_parameter});
  for (const Param& param : description.params) names.push_back(param.name);
  const auto meant =
      std::find_if(names.begin(), names.end(), [&](const auto& known) { return same_letters(known, name); });
  if (meant != names.end()) {
    throw BadParameter(name, fmt::format("unknown parameter '{}'; did you mean '{}'?", shown(name), *meant));
  }
  throw BadParameter(
      name, fmt::format("unknown parameter '{}'; {} takes {}", shown(name), description.name, fmt::join(names, ", ")));
}

std::int64_t whole_number(const std::string& name, const std::string& value, std::int64_t min, std::int64_t max) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool good = error == std::errc{} && end == value.data() + value.size() && number >= min && number <= max;
  if (good) return number;
  throw BadParameter(name, fmt::format("{} is '{}': use a whole number from {} to {}", name, shown(value), min, max));
}

using Given = std::map<std::string, std::string, std::less<>>;

std::optional<std::string> take(Given& given, const char* name) {
  auto node = given.extract(name);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

void take_page(Given& given, const Paging& paging, Query& parsed) {
  parsed.page.limit = paging.limit;
  if (const auto limit = take(given, limit_parameter)) {
    parsed.page.limit = whole_number(limit_parameter, *limit, 1, paging.most);
  }
  parsed.params_key += fmt::format("limit={};", parsed.page.limit);
  if (const auto word = take(given, cursor_parameter)) {
    auto cursor = decode_cursor(*word);
    if (!cursor) {
      throw BadParameter(cursor_parameter,
                         "cursor is none that a page gave: take it from the header Link, unchanged, or "
                         "leave it out for the first page");
    }
    parsed.page.after = std::move(cursor->after);
    parsed.window_end = cursor->window_end;
    parsed.params_key += fmt::format("cursor={};", *word);
  }
}

}  // namespace

Query parse_query(const std::vector<std::pair<std::string, std::string>>& query, const Description& description) {
  Given given;
  for (const auto& [name, value] : query) {
    if (!given.emplace(name, value).second) throw BadParameter(name, fmt::format("'{}' is given twice", shown(name)));
  }
  Query parsed;
  parsed.window.date_range = take(given, window_parameters[0]);
  parsed.window.start_date = take(given, window_parameters[1]);
  parsed.window.end_date = take(given, window_parameters[2]);
  if (description.paging) take_page(given, *description.paging, parsed);
  Given values;
  for (const Param& param : description.params) {
    const std::string value = take(given, param.name.c_str()).value_or(param.otherwise);
    if (param.type == Param::Type::integer) whole_number(param.name, value, param.min, param.max);
    parsed.params_key += fmt::format("{}={}:{};", param.name, value.size(), value);
    values.emplace(param.name, value);
  }
  if (!given.empty()) unknown(given.begin()->first, description);
  parsed.params = Params(std::move(values));
  return parsed;
}

}  // namespace crm::api
