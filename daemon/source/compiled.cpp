#include "source/compiled.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include <fmt/format.h>

#include <crm/sdk/errors.h>

namespace crm::source {
namespace {

// An element of an array literal, quoted whatever it holds.
void append_element(std::string& array, std::string_view element) {
  array += array.size() > 1 ? ",\"" : "\"";
  for (const char c : element) {
    if (c == '"' || c == '\\') array += '\\';
    array += c;
  }
  array += '"';
}

template <typename Range, typename Text>
std::string array_literal(const Range& range, Text text) {
  std::string array = "{";
  for (const auto& element : range) append_element(array, text(element));
  return array + "}";
}

std::string microseconds(Duration duration) {
  return fmt::format("{} microseconds", duration.count());
}

[[noreturn]] void refuse(const IdArg& id, const std::string& type) {
  const std::string what =
      fmt::format("what it holds is no {} of this CRM's {} (expected {})", id.column, id.view, type);
  if (id.parameter.empty()) throw UsageError(fmt::format("an id is bound as an argument: {}", what));
  throw BadParameter(id.parameter, fmt::format("{}: {}; give it as an answer gave it", id.parameter, what));
}

struct ToBound {
  const Catalog& catalog;

  Bound operator()(std::int64_t value) const { return {fmt::format("{}", value), "bigint"}; }
  Bound operator()(double value) const { return {fmt::format("{}", value), "double precision"}; }
  Bound operator()(bool value) const { return {value ? "true" : "false", "boolean"}; }
  Bound operator()(const std::string& value) const { return {value, "text"}; }
  Bound operator()(Instant value) const { return {to_iso(value), "timestamptz"}; }
  Bound operator()(Duration value) const { return {microseconds(value), "interval"}; }
  Bound operator()(const IdArg& id) const {
    const std::string type = catalog.id_type(id.view, id.column);
    if (id.value && !is_id(*id.value, type)) refuse(id, type);
    return {id.value, type};
  }
};

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : std::isxdigit(static_cast<unsigned char>(text[i])) == 0) return false;
  }
  return true;
}

// PostgreSQL refuses other bytes, and a hostile subject must be a 403 rather than an error of the database.
bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80   ? 1
                               : lead < 0xC2 ? 0
                               : lead < 0xE0 ? 2
                               : lead < 0xF0 ? 3
                               : lead < 0xF5 ? 4
                                             : 0;
    if (length == 0 || length > text.size() - i) return false;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t j = 1; j < length; ++j) {
      const auto next = static_cast<unsigned char>(text[i + j]);
      if ((next & 0xC0U) != 0x80U) return false;
      point = (point << 6U) | (next & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) return false;
    i += length;
  }
  return true;
}

template <typename Integer>
bool is_integer(std::string_view text) {
  Integer value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Compiled compile(std::string_view name, std::string_view sql, const Binding& binding) {
  return compile(name, split_parameters(sql), binding);
}

Compiled compile(std::string_view name, const std::vector<Piece>& pieces, const Binding& binding) {
  Compiled compiled;
  std::map<std::string, std::size_t, std::less<>> positions;
  for (const Piece& piece : pieces) {
    if (!piece.parameter) {
      compiled.sql += piece.text;
      continue;
    }
    const auto bound = binding.find(piece.text);
    if (bound == binding.end()) {
      throw UsageError(fmt::format("statement {}: nothing is bound to its parameter :{}", name, piece.text));
    }
    const auto [position, added] = positions.try_emplace(piece.text, positions.size() + 1);
    if (added) compiled.values.push_back(bound->second.text);
    compiled.sql += fmt::format("${}::{}", position->second, bound->second.type);
  }
  return compiled;
}

Bound bind(const std::variant<std::int64_t, double, bool, std::string, Instant, Duration, IdArg>& value,
           const Catalog& catalog) {
  return std::visit(ToBound{catalog}, value);
}

Bound bind_instants(const std::vector<Instant>& instants) {
  return {array_literal(instants, [](Instant instant) { return to_iso(instant); }), "timestamptz[]"};
}

Bound bind_agents(const std::optional<std::vector<std::string>>& agents, const Catalog& catalog) {
  Bound bound{std::nullopt, catalog.agent_id_type() + "[]"};
  if (agents) bound.text = array_literal(*agents, [](const std::string& agent) { return std::string_view(agent); });
  return bound;
}

Binding bind_settings(const Settings& settings) {
  const auto interval = [](std::chrono::seconds seconds) { return Bound{microseconds(seconds), "interval"}; };
  return {
      {"sla_first_response_seconds", {fmt::format("{}", settings.sla.first_response_seconds), "bigint"}},
      {"sla_count_bot_replies", {settings.sla.count_bot_replies ? "true" : "false", "boolean"}},
      {"agents_max_span", interval(settings.agents.max_span)},
      {"automation_drop_off_after", interval(settings.automation.drop_off_after)},
      {"campaign_response_window", interval(settings.campaign.response_window)},
      {"campaign_conversion_window", interval(settings.campaign.conversion_window)},
      {"rollup_horizon", interval(settings.rollup.horizon)},
  };
}

bool is_id(std::string_view text, std::string_view type) {
  if (text.empty() || text.find('\0') != std::string_view::npos) return false;
  if (type == "uuid") return is_uuid(text);
  if (type == "bigint") return is_integer<std::int64_t>(text);
  if (type == "integer") return is_integer<std::int32_t>(text);
  if (type == "smallint") return is_integer<std::int16_t>(text);
  return text.size() <= 200 && is_utf8(text) && text != "*";  // which stands for everyone in stored facts
}

}  // namespace crm::source
