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

std::filesystem::path PluginOptions::path(std::string_view key, const std::filesystem::path& otherwise) const {
  const Node* node = scalar(key, "one path");
  if (node == nullptr) return otherwise;
  if (node->text.empty()) throw ConfigError(std::string(key), "must be a path; it is empty");
  return std::filesystem::path(node->place.file).parent_path() / node->text;
}

std::string PluginOptions::place(std::string_view key) const {
  const Problem here = problem(ConfigError(std::string(key), ""));
  return here.line == 0 ? here.file : fmt::format("{}:{}", here.file, here.line);
}

std::vector<Problem> PluginOptions::unknown() const {
  std::vector<Problem> problems;
  collect_unknown(options_, "", problems);
  return problems;
}

std::vector<std::string> PluginOptions::known_in(const std::string& path) const {
  const std::string prefix = path.empty() ? "" : path + ".";
  std::vector<std::string> steps;
  for (auto key = asked_.lower_bound(prefix); key != asked_.end() && key->starts_with(prefix); ++key) {
    std::string step = key->substr(prefix.size(), key->find('.', prefix.size()) - prefix.size());
    if (steps.empty() || steps.back() != step) steps.push_back(std::move(step));
  }
  return steps;
}

bool PluginOptions::asked_below(const std::string& key) const {
  const auto below = asked_.lower_bound(key + ".");
  return below != asked_.end() && below->starts_with(key + ".");
}

bool PluginOptions::asked(const std::string& key) const {
  return asked_.contains(key) || asked_below(key);
}

void PluginOptions::collect_unknown(const Node& map, const std::string& path, std::vector<Problem>& problems) const {
  for (const Node& child : map.children) {
    const std::string key = join_key(path, child.key);
    const bool dotted = child.key.find('.') != std::string::npos;  // no path leads to such a key
    const bool known = !dotted && asked(key);
    if (!known) {
      problems.push_back({child.place.file, child.place.line, join_key(path_, printable(key)),
                          "unknown option of this plugin" + advice(child.key, known_in(path))});
    } else if (child.kind == Node::Kind::map) {
      collect_unknown(child, key, problems);
    } else if (child.kind == Node::Kind::list && asked_below(key)) {
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

// The factory ends at its first complaint, before unknown keys are told: a misspelt one must not look like a missing
// one.
std::string PluginOptions::meant_for(const Node& map, std::string_view path, const std::string& missing) const {
  std::vector<std::string> strangers;
  for (const Node& child : map.children) {
    if (map.kind == Node::Kind::map && !asked(join_key(path, child.key))) strangers.push_back(child.key);
  }
  const std::string meant = nearest(missing, strangers);
  return meant.empty() ? "" : fmt::format("; is '{}' meant, in line {}?", meant, map.find(meant)->place.line);
}

Problem PluginOptions::problem(const ConfigError& error) const {
  Place place = options_.place;
  std::string message = error.what();
  std::string path;
  const Node* node = &options_;
  for (const std::string& step : split_key(error.key())) {
    const Node* below = node->find(step);
    if (below == nullptr) {
      message += meant_for(*node, path, step);
      break;
    }
    node = below;
    place = node->place;
    path = join_key(path, step);
  }
  return {place.file, place.line, join_key(path_, printable(error.key())), std::move(message)};
}

}  // namespace crm::config
