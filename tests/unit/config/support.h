#pragma once
// What the tests of this room share: an environment of their own, a temporary folder, and the texts of problems.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "config/config.h"

namespace crm::config::testing {

// Only these variables are set; files are real.
inline Environment environment(std::map<std::string, std::string> variables = {}) {
  Environment result;
  result.variable = [variables = std::move(variables)](const std::string& name) {
    const auto at = variables.find(name);
    return at == variables.end() ? std::nullopt : std::optional(at->second);
  };
  return result;
}

inline Loaded read(const std::string& yaml, const Environment& env = environment()) {
  return load_text(yaml, "/etc/x.yaml", env);
}

// The problems' lines, or the one line "(valid)".
template <class Load>
std::vector<std::string> problems_of(Load load) {
  try {
    load();
  } catch (const Invalid& invalid) {
    std::vector<std::string> lines;
    for (const Problem& problem : invalid.problems) lines.push_back(problem.text());
    return lines;
  }
  return {"(valid)"};
}

inline std::vector<std::string> problems(const std::string& yaml, const Environment& env = environment()) {
  return problems_of([&] { read(yaml, env); });
}

using Lines = std::vector<std::string>;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "crm-config-test.XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder");
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // Writes a file that only its owner can read, with its folders.
  std::string write(const std::string& name, const std::string& text) const {
    const auto file = path_ / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << text;
    std::filesystem::permissions(file, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    return file.string();
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace crm::config::testing
