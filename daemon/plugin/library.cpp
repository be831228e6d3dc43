#include "plugin/library.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>

#include <dlfcn.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cut_short.h"

namespace crm::plugin {
namespace {

using Entry = const PluginDescriptor* (*)();

struct stat status_of(const std::filesystem::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status;
  const int error = errno;
  throw LoadError(fmt::format("{}: {}{}", path.string(), std::strerror(error),
                              error == ENOENT ? "; install it, or correct plugins.directory or plugins.load" : ""));
}

// Who can write a plugin, or the folder it lies in, runs code as the daemon.
void check_permissions(const std::filesystem::path& path) {
  const struct stat status = status_of(path);
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0) {
    throw LoadError(fmt::format("{} is writable by its group or by others (mode {:o}): chmod go-w it", path.string(),
                                status.st_mode & 07777));
  }
  if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
    throw LoadError(fmt::format("{} belongs to user {}, neither to root nor to the daemon's user: chown it",
                                path.string(), status.st_uid));
  }
}

// The file behind <directory>/crm-<name>.so, which may be a link to a folder elsewhere.
std::filesystem::path checked_file(const std::filesystem::path& directory, const std::string& name) {
  check_permissions(directory);
  const std::filesystem::path given = directory / ("crm-" + name + ".so");
  // To open a pipe or a device could take for ever.
  if (!S_ISREG(status_of(given).st_mode)) throw LoadError(fmt::format("{} is no regular file", given.string()));
  std::filesystem::path file = std::filesystem::canonical(given);
  check_permissions(file.parent_path());
  check_permissions(file);
  if (is_cut_short(file)) throw LoadError(fmt::format("{} is not whole: copy it again", file.string()));
  return file;
}

// Begins with the file.
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
  const char* toolchain = descriptor->toolchain == nullptr ? "" : descriptor->toolchain;
  const std::string difference = toolchain_difference(toolchain, CRM_TOOLCHAIN);
  if (!difference.empty()) {
    throw LoadError(fmt::format("{} was built with another toolchain: {}; build it as the daemon was built",
                                file.string(), difference));
  }
  if (descriptor->name == nullptr || descriptor->factory == nullptr || descriptor->destroy == nullptr) {
    throw LoadError(fmt::format("{}: its descriptor is not complete: use CRM_COLLECTOR_PLUGIN", file.string()));
  }
  if (descriptor->name != name) {
    throw LoadError(
        fmt::format("{} calls itself '{}': a plugin's file is crm-<its name>.so", file.string(), descriptor->name));
  }
}

// What it throws is code of the library, and so must not leave here: the caller unloads it.
const PluginDescriptor* descriptor_of(const std::filesystem::path& file, Entry entry) {
  try {
    return entry();
  } catch (...) {
    throw LoadError(fmt::format("{}: its descriptor throws", file.string()));
  }
}

}  // namespace

std::shared_ptr<const Library> Library::load(const std::filesystem::path& directory, const std::string& name) {
  const std::filesystem::path file = checked_file(directory, name);
  void* handle = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) throw LoadError("cannot load " + last_error());
  std::unique_ptr<void, int (*)(void*)> guard(handle, &::dlclose);
  void* symbol = ::dlsym(handle, "crm_plugin_descriptor");
  if (symbol == nullptr) {
    throw LoadError(fmt::format("{} is no crm-metricsd plugin: it lacks CRM_COLLECTOR_PLUGIN", file.string()));
  }
  Entry entry = nullptr;
  std::memcpy(&entry, &symbol, sizeof entry);
  const PluginDescriptor* descriptor = descriptor_of(file, entry);
  check_descriptor(file, name, descriptor);
  std::shared_ptr<const Library> library(new Library(handle, descriptor));
  static_cast<void>(guard.release());
  return library;
}

Library::~Library() {
  ::dlclose(handle_);
}

std::string toolchain_difference(const std::string& plugin, const std::string& daemon) {
  auto theirs = parts_of(plugin);
  const auto ours = parts_of(daemon);
  for (const auto& part : ours) theirs.try_emplace(part.first, "unknown");
  std::string difference;
  for (const auto& [name, their] : theirs) {
    const auto found = ours.find(name);
    const std::string our = found == ours.end() ? "unknown" : found->second;
    if (their != our)
      difference += fmt::format("{}{} {} (daemon: {})", difference.empty() ? "" : ", ", name, their, our);
  }
  return difference;
}

}  // namespace crm::plugin
