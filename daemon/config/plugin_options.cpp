#include "config/plugin_options.h"

#include <stdexcept>

#include <fmt/format.h>

#include "config/mask.h"
#include "config/scalars.h"
#include "config/suggest.h"
#include "config/text.h"

namespace crm::config {
namespace {

std::string_view shape(const Node& node) {
  switch (node.kind) {
    case Node::Kind::null:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::scalar:
      break;
  }
  return "one value";
}

// What may be a secret is not shown: what came from the environment, and what its key says to be one.
std::string said(const Node& node) {
  return node.written.empty() && !names_a_secret(node.key) ? shown(node.text) : "the value";
}

}  // namespace

PluginOptions::PluginOptions(Node options, std::string path, Settings settings)
    : options_(std::move(options)), path_(std::move(path)), settings_(std::move(settings)) {}

const Node* PluginOptions::ask(std::string_view key) const {
  asked_.emplace(key);
  return options_.find(split_key(key));
}

const Node* PluginOptions::scalar(std::string_view key, std::string_view noun) const {
  const Node* node = ask(key);
  if (node == nullptr || node->kind == Node::Kind::scalar) return node;
  throw ConfigError(std::string(key), fmt::format("must be {}, not {}", noun, shape(*node)));
}

template <class Parse>
auto PluginOptions::parsed(std::string_view key, std::string_view noun, Parse parse,
                           decltype(parse("")) otherwise) const {
  const Node* node = scalar(key, noun);
  if (node == nullptr) return otherwise;
  try {
    return parse(node->text);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(std::string(key), said(*node) + " " + error.what());
  }
}

bool PluginOptions::has(std::string_view key) const {
  return ask(key) != nullptr;
}

std::string PluginOptions::text(std::string_view key, std::string_view otherwise) const {
  const Node* node = scalar(key, "one text");
  return node == nullptr ? std::string(otherwise) : node->text;
}

std::int64_t PluginOptions::integer(std::string_view key, std::int64_t otherwise) const {
  return parsed(key, "a whole number", parse_integer, otherwise);
}

double PluginOptions::real(std::string_view key, double otherwise) const {
  return parsed(key, "a number", parse_real, otherwise);
}

bool PluginOptions::boolean(std::string_view key, bool otherwise) const {
  return parsed(key, "true or false", parse_boolean, otherwise);
}

std::chrono::milliseconds PluginOptions::duration(std::string_view key, std::chrono::milliseconds otherwise) const {
  return parsed(key, "a duration such as 15s", parse_duration, otherwise);
}

std::vector<std::string> PluginOptions::list(std::string_view key) const {
  const Node* node = ask(key);
  if (node == nullptr) return {};
  if (node->kind != Node::Kind::list) {
    throw ConfigError(std::string(key), fmt::format("must be a list, not {}", shape(*node)));
  }
  std::vector<std::string> texts;
  for (const Node& item : node->children) {
    if (item.kind != Node::Kind::scalar) {
      throw ConfigError(std::string(key), fmt::format("must be a list of single values; one is {}", shape(item)));
    }
    texts.push_back(item.text);
  }
  return texts;
}

std::vector<std::string> PluginOptions::keys(std::string_view key) const {
  const Node* node = key.empty() ? &options_ : ask(key);
  if (node == nullptr || node->kind == Node::Kind::null) return {};
  if (node->kind == Node::Kind::scalar) {
    throw ConfigError(std::string(key), "must be a map or a list, not one value");
  }
  std::vector<std::string> keys;
  for (const Node& child : node->children) {
    keys.push_back(node->kind == Node::Kind::map ? child.key : std::to_string(keys.size()));
  }
  return keys;
}

std::vector<Problem> PluginOptions::unknown() const {
  std::vector<Problem> problems;
  collect_unknown(options_, "", problems);
  return problems;
}

void PluginOptions::collect_unknown(const Node& map, const std::string& path, std::vector<Problem>& problems) const {
  for (const Node& child : map.children) {
    const std::string key = join_key(path, child.key);
    const auto below = asked_.lower_bound(key + ".");
    const bool asked_below = below != asked_.end() && below->starts_with(key + ".");
    const bool dotted = child.key.find('.') != std::string::npos;  // no path leads to such a key
    const bool known = !dotted && (asked_.contains(key) || asked_below);
    if (!known) {
      const std::vector<std::string> candidates(asked_.begin(), asked_.end());
      problems.push_back({child.place.file, child.place.line, join_key(path_, printable(key)),
                          "unknown option of this plugin" + advice(key, candidates)});
    } else if (child.kind == Node::Kind::map) {
      collect_unknown(child, key, problems);
    } else if (child.kind == Node::Kind::list && asked_below) {
      collect_unknown_of_list(child, key, problems);
    }
  }
}

void PluginOptions::collect_unknown_of_list(const Node& list, const std::string& path,
                                            std::vector<Problem>& problems) const {
  for (std::size_t i = 0; i < list.children.size(); ++i) {
    const Node& item = list.children[i];
    if (item.kind == Node::Kind::map) collect_unknown(item, join_key(path, std::to_string(i)), problems);
  }
}

Problem PluginOptions::problem(const ConfigError& error) const {
  Place place = options_.place;
  const Node* node = &options_;
  for (const std::string& step : split_key(error.key())) {
    node = node->find(step);
    if (node == nullptr) break;
    place = node->place;
  }
  return {place.file, place.line, join_key(path_, printable(error.key())), error.what()};
}

}  // namespace crm::config
