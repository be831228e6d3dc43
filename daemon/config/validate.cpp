#include "config/validate.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/format.h>

#include "config/options.h"
#include "config/read_value.h"
#include "config/suggest.h"
#include "config/text.h"
#include "config/yaml.h"

namespace crm::config {
namespace {

using Path = std::vector<std::string>;

std::string joined(const Path& path) {
  std::string key;
  for (const std::string& step : path) key = join_key(key, printable(step));
  return key;
}

// The name that stands for the option's `*`, or empty.
std::string name_in(const Path& path, const Option& option) {
  const Path steps = split_key(option.key);
  const auto star = std::find(steps.begin(), steps.end(), "*");
  return star == steps.end() ? "" : path[static_cast<std::size_t>(star - steps.begin())];
}

// The keys that may stand in the section, each once, without `*`.
std::vector<std::string> keys_in(const Path& section) {
  std::vector<std::string> keys;
  for (const Option* option : options_below(section)) {
    const std::string step = split_key(option->key)[section.size()];
    if (step != "*" && std::find(keys.begin(), keys.end(), step) == keys.end()) keys.push_back(step);
  }
  return keys;
}

std::string advice_on(const Path& parent, const std::string& key) {
  const auto keys = keys_in(parent);
  if (!nearest(key, keys).empty()) return advice(key, keys);
  for (const Option& option : options()) {
    const std::size_t dot = option.key.rfind('.');
    if (dot == std::string_view::npos) continue;
    if (option.key.substr(dot + 1) == key || option.key == key) {
      std::string section(option.key.substr(0, dot));
      if (const std::size_t star = section.find('*'); star != std::string::npos) section.replace(star, 1, "<name>");
      return fmt::format("; did you mean '{}' under '{}'?", option.key.substr(dot + 1), section);
    }
  }
  return advice(key, keys);
}

class Resolver {
 public:
  Resolver(std::string file, std::vector<Problem>& problems) : file_(std::move(file)), problems_(problems) {
    set_defaults({});
  }

  void section(const Node& map, const Path& path) {
    for (const Node& child : map.children) {
      Path below = path;
      below.push_back(child.key);
      visit(child, below);
    }
  }

  Resolution take() { return std::move(result_); }

 private:
  void complain(const Node& node, const Path& path, std::string message) {
    problems_.push_back({node.place.file, node.place.line, joined(path), std::move(message)});
  }

  void visit(const Node& node, const Path& path) {
    const auto below = options_below(path);
    if (below.empty()) {
      const Path parent(path.begin(), path.end() - 1);
      complain(node, path, "unknown key" + advice_on(parent, node.key));
      return;
    }
    const Path steps = split_key(below.front()->key);
    const bool named = steps[path.size() - 1] == "*";
    const bool fits = steps.front() == "collectors" ? is_collector(node.key) : is_name(node.key);
    if (named && !fits) {
      complain(node, path, fmt::format("{} is not a name; use letters, digits, - and _", shown(node.key)));
      return;
    }
    if (const Option* option = find_option(path)) {
      leaf(*option, node, path);
      return;
    }
    if (node.kind != Node::Kind::map && node.kind != Node::Kind::null) {
      const std::string_view what = node.kind == Node::Kind::list ? "a list" : "one value";
      complain(node, path, fmt::format("must be a map of options, not {}", what));
      return;
    }
    if (named) set_defaults(path);
    section(node, path);
  }

  void leaf(const Option& option, const Node& node, const Path& path) {
    try {
      if (option.kind.is == Kind::Is::anything) {
        if (node.kind != Node::Kind::map && node.kind != Node::Kind::null)
          complain(node, path, "must be a map of options");
        return;
      }
      set(option, path, read_value(option.kind, node, option.secret));
    } catch (const std::invalid_argument& error) {
      complain(node, path, error.what());
    }
  }

  void set(const Option& option, const Path& path, const Value& value) {
    option.set(result_.config, name_in(path, option), value);
    result_.values.insert_or_assign(joined(path), value);
  }

  // Of all options without `*`, or of those of the named section.
  void set_defaults(const Path& named) {
    for (const Option* option : options_below(named)) {
      Path path = split_key(option->key);
      std::copy(named.begin(), named.end(), path.begin());
      if (option->otherwise.empty() || std::find(path.begin(), path.end(), "*") != path.end()) continue;
      Node node = parse_yaml(option->otherwise, file_, problems_);
      set(*option, path, read_value(option->kind, node, option->secret));
    }
  }

  std::string file_;
  std::vector<Problem>& problems_;
  Resolution result_;
};

}  // namespace

Resolution resolve(const Node& tree, const std::string& file, std::vector<Problem>& problems) {
  Resolver resolver(file, problems);
  resolver.section(tree, {});
  return resolver.take();
}

}  // namespace crm::config
