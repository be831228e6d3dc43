#include "api/query.h"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

namespace crm::api {
namespace {

constexpr const char* window_parameters[] = {"dateRange", "startDate", "endDate"};

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
  for (const Param& param : description.params) names.push_back(param.name);
  const auto meant =
      std::find_if(names.begin(), names.end(), [&](const auto& known) { return same_letters(known, name); });
  if (meant != names.end()) {
    throw BadParameter(name, fmt::format("unknown parameter '{}'; did you mean '{}'?", shown(name), *meant));
  }
  throw BadParameter(
      name, fmt::format("unknown parameter '{}'; {} takes {}", shown(name), description.name, fmt::join(names, ", ")));
}

void check(const Param& param, const std::string& value) {
  if (param.type != Param::Type::integer) return;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool good =
      error == std::errc{} && end == value.data() + value.size() && number >= param.min && number <= param.max;
  if (good) return;
  throw BadParameter(param.name, fmt::format("{} is '{}': use a whole number from {} to {}", param.name, shown(value),
                                             param.min, param.max));
}

std::optional<std::string> take(std::map<std::string, std::string, std::less<>>& given, const char* name) {
  auto node = given.extract(name);
  if (node.empty()) return std::nullopt;
  return std::move(node.mapped());
}

}  // namespace

Query parse_query(const std::vector<std::pair<std::string, std::string>>& query, const Description& description) {
  std::map<std::string, std::string, std::less<>> given;
  for (const auto& [name, value] : query) {
    if (!given.emplace(name, value).second) throw BadParameter(name, fmt::format("'{}' is given twice", shown(name)));
  }
  Query parsed;
  parsed.window.date_range = take(given, window_parameters[0]);
  parsed.window.start_date = take(given, window_parameters[1]);
  parsed.window.end_date = take(given, window_parameters[2]);
  std::map<std::string, std::string, std::less<>> values;
  for (const Param& param : description.params) {
    const std::string value = take(given, param.name.c_str()).value_or(param.otherwise);
    check(param, value);
    parsed.params_key += fmt::format("{}={}:{};", param.name, value.size(), value);
    values.emplace(param.name, value);
  }
  if (!given.empty()) unknown(given.begin()->first, description);
  parsed.params = Params(std::move(values));
  return parsed;
}

}  // namespace crm::api
