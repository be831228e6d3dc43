#pragma once
// One plugin's shared library: found, checked, loaded, and kept as long as anything of it lives.

#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include <crm/sdk/plugin.h>

namespace crm::plugin {

// A library that will not do. One line: which file, what is wrong, what to do.
class LoadError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Unloaded with its last owner. A file that is replaced while it is loaded is read again only after that.
class Library {
 public:
  // <directory>/crm-<name>.so. LoadError for: a directory or file (links followed) that others may write, a library
  // that cannot be loaded or is no plugin, another ABI or toolchain, another name.
  static std::shared_ptr<const Library> load(const std::filesystem::path& directory, const std::string& name);

  ~Library();
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;

  const PluginDescriptor& descriptor() const { return *descriptor_; }

 private:
  Library(void* handle, const PluginDescriptor* descriptor) : handle_(handle), descriptor_(descriptor) {}

  void* handle_;
  const PluginDescriptor* descriptor_;
};

// What differs between two CRM_TOOLCHAIN lines: "cxx11_abi 0 (daemon: 1)"; empty if nothing does.
std::string toolchain_difference(const std::string& plugin, const std::string& daemon);

}  // namespace crm::plugin
