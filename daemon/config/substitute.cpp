#include "config/substitute.h"

#include <optional>
#include <stdexcept>

#include <fmt/format.h>

#include "config/text.h"

namespace crm::config {
namespace {

std::string without_last_newline(std::string text) {
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  return text;
}

// A secret that everybody on the machine can read is none.
std::string secret_text(const FileText& file, const std::string& path) {
  if (file.world_readable) {
    throw std::runtime_error(fmt::format("{} is world-readable; run chmod o-r {}", path, path));
  }
  return without_last_newline(file.text);
}

std::optional<FileText> read(const Environment& environment, const std::string& path) {
  try {
    return environment.read(path);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(path + " " + error.what());
  }
}

std::optional<std::string> look_up(const std::string& name, const Environment& environment) {
  auto value = environment.variable(name);
  const auto file = environment.variable(name + "_FILE");
  if (file && !file->empty()) {
    if (value) throw std::runtime_error(fmt::format("both {0} and {0}_FILE are set; unset one of them", name));
    const auto content = read(environment, *file);
    if (!content) throw std::runtime_error(fmt::format("{}, which {}_FILE names, does not exist", *file, name));
    return secret_text(*content, *file);
  }
  if (value) return value;
  const auto credentials = environment.variable("CREDENTIALS_DIRECTORY");
  if (!credentials || credentials->empty()) return std::nullopt;
  const std::string path = *credentials + "/" + name;
  const auto content = read(environment, path);
  return content ? std::optional(secret_text(*content, path)) : std::nullopt;
}

bool is_name(std::string_view name) {
  static constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
  return !name.empty() && letters.find(name[0]) != std::string_view::npos &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789") ==
             std::string_view::npos;
}

// `inner` stands between ${ and }.
std::string value_of(std::string_view inner, const Environment& environment) {
  const std::size_t mark = inner.find(":-");
  const std::string name(inner.substr(0, mark));
  if (!is_name(name)) {
    throw std::runtime_error(
        fmt::format("${{{}}} names no environment variable; a literal ${{ is written $${{", printable(inner)));
  }
  const auto value = look_up(name, environment);
  if (mark == std::string_view::npos) {
    if (!value) {
      throw std::runtime_error(fmt::format(
          "{0} is not set: set the variable, or {0}_FILE, or a credential {0}, or write ${{{0}:-default}}", name));
    }
  } else if (!value || value->empty()) {
    const std::string_view otherwise = inner.substr(mark + 2);
    if (otherwise.find("${") != std::string_view::npos) {
      throw std::runtime_error(fmt::format("the default of ${{{}}} cannot itself contain ${{", name));
    }
    return std::string(otherwise);
  }
  if (first_byte_that_is_no_text(*value))
    throw std::runtime_error(fmt::format("the value of {} is no UTF-8 text", name));
  return *value;
}

// False when a value could not be had.
bool substitute_scalar(Node& node, const std::string& path, const Environment& environment,
                       std::vector<Problem>& problems) {
  if (node.text.find("${") == std::string::npos) return true;
  try {
    std::string text = substitute(node.text, environment);
    node.written = std::move(node.text);
    node.text = std::move(text);
    return true;
  } catch (const std::runtime_error& error) {
    problems.push_back({node.place.file, node.place.line, path, error.what()});
    return false;
  }
}

void substitute_below(Node& node, const std::string& path, const Environment& environment,
                      std::vector<Problem>& problems) {
  std::erase_if(node.children, [&](Node& child) {
    const std::string below = child.key.empty() ? path : join_key(path, printable(child.key));
    substitute_below(child, below, environment, problems);
    return child.kind == Node::Kind::scalar && !substitute_scalar(child, below, environment, problems);
  });
}

}  // namespace

std::string substitute(std::string_view text, const Environment& environment) {
  std::string result;
  while (!text.empty()) {
    if (text.starts_with("$${")) {
      result += "${";
      text.remove_prefix(3);
    } else if (text.starts_with("${")) {
      const std::size_t end = text.find('}');
      if (end == std::string_view::npos)
        throw std::runtime_error("${ without a closing }; a literal ${ is written $${");
      result += value_of(text.substr(2, end - 2), environment);
      text.remove_prefix(end + 1);
    } else {
      result += text[0];
      text.remove_prefix(1);
    }
  }
  return result;
}

std::string unsubstituted(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("${")) result += '$';
    result += text[i];
  }
  return result;
}

void substitute(Node& tree, const Environment& environment, std::vector<Problem>& problems) {
  substitute_below(tree, "", environment, problems);
}

}  // namespace crm::config
