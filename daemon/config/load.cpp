#include "config/load.h"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include "config/rules.h"
#include "config/substitute.h"
#include "config/yaml.h"

namespace crm::config {
namespace {

namespace fs = std::filesystem;
using Problems = std::vector<Problem>;

// Regular and other entries of conf.d, sorted by name. Hidden files are left out (editors, mounted config maps).
std::vector<std::string> drop_ins(const fs::path& main, Problems& problems) {
  const fs::path folder = main.parent_path() / "conf.d";
  std::vector<std::string> files;
  std::error_code error;
  if (!fs::exists(folder, error)) return files;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const fs::path name = entry->path().filename();
    if (name.string().starts_with('.')) continue;
    if (name.extension() == ".yaml") files.push_back(entry->path().string());
    if (name.extension() == ".yml") {
      problems.push_back({entry->path().string(), 0, "", "is not read, because drop-ins end in .yaml; rename it"});
    }
  }
  if (error) problems.push_back({folder.string(), 0, "", "cannot be read: " + error.message()});
  std::sort(files.begin(), files.end());
  return files;
}

Node read_tree(const std::string& file, const Environment& environment, Problems& problems) {
  try {
    if (const auto content = environment.read(file)) return parse_yaml(content->text, file, problems);
    problems.push_back({file, 0, "", "does not exist"});
  } catch (const std::runtime_error& error) {
    problems.push_back({file, 0, "", error.what()});
  }
  return {};
}

void check_is_map(const Node& tree, Problems& problems) {
  if (tree.kind == Node::Kind::map || tree.kind == Node::Kind::null) return;
  problems.push_back({tree.place.file, tree.place.line, "", "must be a map of options, such as `timezone: UTC`"});
}

void throw_if_any(Problems problems) {
  if (!problems.empty()) throw Invalid(std::move(problems));
}

Loaded finish(Node tree, std::vector<std::string> files, const Environment& environment, Problems problems) {
  throw_if_any(problems);
  substitute(tree, environment, problems);
  Resolution resolution = resolve(tree, files.front(), problems);
  Loaded loaded(std::move(tree), std::move(resolution), std::move(files));
  const Problems broken = broken_rules(loaded);
  problems.insert(problems.end(), broken.begin(), broken.end());
  throw_if_any(std::move(problems));
  return loaded;
}

}  // namespace

Loaded load(const fs::path& file, const Environment& environment) {
  Problems problems;
  std::vector<std::string> files{file.string()};
  const auto more = drop_ins(file, problems);
  files.insert(files.end(), more.begin(), more.end());

  Node tree;
  for (const std::string& name : files) {
    const Node later = read_tree(name, environment, problems);
    check_is_map(later, problems);
    merge(tree, later);
  }
  return finish(std::move(tree), std::move(files), environment, std::move(problems));
}

Loaded load_text(std::string_view yaml, const std::string& file, const Environment& environment) {
  Problems problems;
  Node tree = parse_yaml(yaml, file, problems);
  check_is_map(tree, problems);
  return finish(std::move(tree), {file}, environment, std::move(problems));
}

}  // namespace crm::config
