#include "plugin/library.h"

#include <cerrno>
#include <cstring>
#include <map>

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace crm::plugin {
namespace {

using Entry = const PluginDescriptor* (*)();

// Who can write a plugin, or the folder it lies in, runs code as the daemon.
void check_permissions(const std::filesystem::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) {
    throw LoadError(fmt::format("{}: {}", path.string(), std::strerror(errno)));
  }
  if ((info.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw LoadError(fmt::format("{} is writable by its group or by others (mode {:o}): chmod go-w it", path.string(),
                                info.st_mode & 07777));
  }
  if (info.st_uid != 0 && info.st_uid != ::geteuid()) {
    throw LoadError(fmt::format("{} belongs to user {}, neither to root nor to the daemon's user: chown it",
                                path.string(), info.st_uid));
  }
}

std::string last_error() {
  const char* error = ::dlerror();
  return error == nullptr ? "unknown error" : error;
}

// "name value; name value" → name → value; a value may hold spaces.
std::map<std::string, std::string> parts_of(const std::string& toolchain) {
  std::map<std::string, std::string> parts;
  for (std::size_t begin = 0; begin < toolchain.size();) {
    const std::size_t end = std::min(toolchain.find("; ", begin), toolchain.size());
    const std::string part = toolchain.substr(begin, end - begin);
    const std::size_t space = part.find(' ');
    parts[part.substr(0, space)] = space == std::string::npos ? "" : part.substr(space + 1);
    begin = end + 2;
  }
  return parts;
}

void check_descriptor(const std::filesystem::path& file, const std::string& name, const PluginDescriptor* descriptor) {
  if (descriptor == nullptr || descriptor->magic != plugin_magic) {
    throw LoadError(fmt::format("{}: its descriptor is not one of a crm-metricsd plugin", file.string()));
  }
  if (descriptor->abi != plugin_abi) {
    throw LoadError(fmt::format("{} was built for plugin ABI {}, this daemon has ABI {}: build it again with this SDK",
                                file.string(), descriptor->abi, plugin_abi));
  }
  const std::string difference = toolchain_difference(descriptor->toolchain, CRM_TOOLCHAIN);
  if (!difference.empty()) {
    throw LoadError(fmt::format("{} was built with another toolchain: {}; build it as the daemon was built",
                                file.string(), difference));
  }
  if (descriptor->name != name) {
    throw LoadError(
        fmt::format("{} calls itself '{}': a plugin's file is crm-<its name>.so", file.string(), descriptor->name));
  }
}

}  // namespace

std::shared_ptr<const Library> Library::load(const std::filesystem::path& directory, const std::string& name) {
  const std::filesystem::path file = directory / ("crm-" + name + ".so");
  check_permissions(directory);
  check_permissions(file);
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw LoadError(fmt::format("cannot load {}: {}", file.string(), last_error()));
  std::unique_ptr<void, int (*)(void*)> guard(handle, &::dlclose);
  void* symbol = ::dlsym(handle, "crm_plugin_descriptor");
  if (symbol == nullptr) {
    throw LoadError(fmt::format("{} is no crm-metricsd plugin: it lacks CRM_COLLECTOR_PLUGIN", file.string()));
  }
  Entry entry = nullptr;
  std::memcpy(&entry, &symbol, sizeof entry);
  const PluginDescriptor* descriptor = entry();
  check_descriptor(file, name, descriptor);
  std::shared_ptr<const Library> library(new Library(handle, descriptor));
  static_cast<void>(guard.release());
  return library;
}

Library::~Library() {
  ::dlclose(handle_);
}

std::string toolchain_difference(const std::string& plugin, const std::string& daemon) {
  const auto theirs = parts_of(plugin);
  std::string difference;
  for (const auto& [name, ours] : parts_of(daemon)) {
    const auto found = theirs.find(name);
    const std::string their = found == theirs.end() ? "unknown" : found->second;
    if (their != ours)
      difference += fmt::format("{}{} {} (daemon: {})", difference.empty() ? "" : ", ", name, their, ours);
  }
  return difference;
}

}  // namespace crm::plugin
