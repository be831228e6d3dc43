#include "config/read_value.h"

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <stdexcept>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "config/endpoint.h"
#include "config/scalars.h"
#include "config/text.h"

namespace crm::config {
namespace {

using Is = Kind::Is;
using std::chrono::milliseconds;

constexpr std::size_t longest_text = 1'000;

[[noreturn]] void refuse(const std::string& message) {
  throw std::invalid_argument(message);
}

std::string_view noun(Is is) {
  switch (is) {
    case Is::boolean:
      return "true or false";
    case Is::integer:
      return "a whole number";
    case Is::real:
      return "a number";
    case Is::duration:
      return "a duration such as 15s";
    case Is::endpoint:
      return "an address such as 127.0.0.1:9464";
    case Is::names:
      return "a list of names such as [kpi]";
    case Is::hours:
      return "auto or a list such as [9-12, 14]";
    case Is::texts:
      return "a list of texts such as [one, two]";
    case Is::path:
      return "a path";
    case Is::text:
    case Is::word:
      return "one text";
    case Is::anything:
      break;
  }
  return "a map";
}

// How the value appears in a message; where it came from the environment, from where.
std::string said(const Node& node, bool secret) {
  if (secret) return "the value";
  return shown(node.text) + (node.written.empty() ? "" : fmt::format(" (from {})", printable(node.written)));
}

void check_shape(const Kind& kind, const Node& node) {
  const bool list_only = kind.is == Is::names || kind.is == Is::texts;
  const bool list_fits = list_only || kind.is == Is::hours;
  switch (node.kind) {
    case Node::Kind::null:
      refuse(fmt::format("has no value; give {}, or remove the key", noun(kind.is)));
    case Node::Kind::map:
      refuse(fmt::format("must be {}, not a map", noun(kind.is)));
    case Node::Kind::list:
      if (!list_fits) refuse(fmt::format("must be {}, not a list", noun(kind.is)));
      return;
    case Node::Kind::scalar:
      if (list_only) refuse(fmt::format("must be {}, not {}", noun(kind.is), said(node, false)));
  }
}

template <class Number>
Number checked_range(Number value, const Kind& kind, const std::string& said) {
  const auto number = static_cast<double>(value);
  if (number < kind.low || number > kind.high) {
    refuse(fmt::format("must be {} to {}, not {}", kind.low, kind.high, said));
  }
  return value;
}

milliseconds checked_duration(milliseconds value, const Kind& kind, const std::string& said) {
  if (value < kind.shortest || value > kind.longest) {
    refuse(fmt::format("must be {} to {}, not {}", duration_text(kind.shortest), duration_text(kind.longest), said));
  }
  if (kind.whole_seconds && value % std::chrono::seconds(1) != milliseconds(0)) {
    refuse(fmt::format("must be whole seconds, not {}", said));
  }
  return value;
}

std::string checked_text(const Node& node, const Kind& kind, const std::string& said) {
  const std::string& text = node.text;
  if (text.size() > longest_text) refuse(fmt::format("is longer than {} characters", longest_text));
  const bool may_be_empty = !kind.pattern.empty();
  if (text.empty() && !may_be_empty) refuse("must not be empty");
  if (text.find_first_of("\r\n") != std::string::npos) refuse("must be one line");
  if (!kind.pattern.empty() && !std::regex_search(text, std::regex(std::string(kind.pattern)))) {
    refuse(fmt::format("must be {}, not {}", kind.pattern_said, said));
  }
  return text;
}

std::string absolute_path(const Node& node) {
  const auto folder = std::filesystem::absolute(node.place.file).parent_path();
  return (folder / node.text).lexically_normal().string();
}

std::string checked_word(const Node& node, const Kind& kind, const std::string& said) {
  if (std::find(kind.words.begin(), kind.words.end(), node.text) != kind.words.end()) return node.text;
  if (kind.words.size() == 1) refuse(fmt::format("must be {}, not {}", kind.words[0], said));
  refuse(fmt::format("must be one of {}, not {}", fmt::join(kind.words, ", "), said));
}

std::vector<std::string> scalars(const Node& list, const Kind& kind) {
  std::vector<std::string> texts;
  for (const Node& item : list.children) {
    if (item.kind != Node::Kind::scalar) refuse(fmt::format("must be {}, each one a single text", noun(kind.is)));
    texts.push_back(item.text);
  }
  return texts;
}

std::vector<std::string> checked_names(const Node& node, const Kind& kind) {
  auto names = scalars(node, kind);
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!is_name(name)) refuse(fmt::format("{} is not a name; use letters, digits, - and _", shown(name)));
    if (!seen.insert(name).second) refuse(fmt::format("names {} twice", shown(name)));
  }
  return names;
}

std::vector<std::string> checked_texts(const Node& node, const Kind& kind) {
  std::vector<std::string> texts;
  std::set<std::string> seen;
  for (const Node& item : node.children) {
    if (item.kind != Node::Kind::scalar) refuse(fmt::format("must be {}, each one a single text", noun(kind.is)));
    texts.push_back(checked_text(item, kind, said(item, false)));
    if (!seen.insert(item.text).second) refuse(fmt::format("names {} twice", shown(item.text)));
  }
  return texts;
}

Value checked_hours(const Node& node, const Kind& kind) {
  if (node.kind == Node::Kind::scalar) {
    if (node.text == "auto") return node.text;
    refuse(fmt::format("must be {}, not {}", noun(kind.is), said(node, false)));
  }
  auto ranges = scalars(node, kind);
  if (ranges.empty()) refuse("must name at least one hour, or be auto");
  parse_hours(ranges);
  return ranges;
}

Value read_scalar(const Kind& kind, const Node& node, const std::string& said) {
  switch (kind.is) {
    case Is::boolean:
      return parse_boolean(node.text);
    case Is::integer:
      return checked_range(parse_integer(node.text), kind, said);
    case Is::real:
      return checked_range(parse_real(node.text), kind, said);
    case Is::duration:
      return checked_duration(parse_duration(node.text), kind, said);
    default:
      return parse_endpoint(node.text).text();
  }
}

}  // namespace

Value read_value(const Kind& kind, const Node& node, bool secret) {
  check_shape(kind, node);
  const std::string subject = said(node, secret);
  switch (kind.is) {
    case Is::names:
      return checked_names(node, kind);
    case Is::texts:
      return checked_texts(node, kind);
    case Is::hours:
      return checked_hours(node, kind);
    case Is::word:
      return checked_word(node, kind, subject);
    case Is::text:
      return checked_text(node, kind, subject);
    case Is::path:
      checked_text(node, kind, subject);
      return absolute_path(node);
    default:
      break;
  }
  try {
    return read_scalar(kind, node, subject);
  } catch (const std::invalid_argument& error) {
    const std::string message = error.what();
    // Range checks say the whole; the parsers of single values leave their subject to be put in front.
    if (message.starts_with("must ")) throw;
    refuse(kind.is == Is::endpoint ? fmt::format("{} is no address: {}", subject, message) : subject + " " + message);
  }
}

}  // namespace crm::config
